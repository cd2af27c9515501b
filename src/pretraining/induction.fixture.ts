// A task that only attention over the context can solve: repeat a random string. Shows that training from scratch works.
import type { Random } from '../core/random.ts'
import type { TrainSequence } from '../core/policy/sequence.ts'

export interface InductionTask {
  /** Symbols 1 … vocabulary−1 are drawn; 0 separates the two copies. */
  vocabulary: number
  /** Symbols of the string. */
  length: number
}

/** Sequences `x₁ … xₙ 0 x₁ … xₙ`; the second copy carries loss, evenly over the whole batch. */
export function inductionBatch(random: Random, { vocabulary, length }: InductionTask, batch: number): TrainSequence[] {
  return Array.from({ length: batch }, () => {
    const text = Array.from({ length }, () => 1 + random.int(vocabulary - 1))
    const ids = [...text, 0, ...text]
    return { ids, targets: text.map((_, i) => ({ index: length + 1 + i, weight: 1 / (batch * length) })) }
  })
}
