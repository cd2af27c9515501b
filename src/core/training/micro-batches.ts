// Packs sequences into micro-batches of few shapes: every shape is a program of its own, so lengths are rounded up.
import type { TrainSequence } from '../policy/sequence.ts'

export interface MicroBatch {
  batch: number
  length: number
  positions: number
  /** Places of the sequences in the caller's list; fewer than `batch` when the last rows are padding. */
  members: number[]
}

export interface BatchingOptions {
  /** Tokens of a micro-batch at most, padding included. */
  tokens: number
  /** Lengths are rounded up to one of these. */
  lengths: readonly number[]
}

/** Rounds up to 1, 1.5, 2, 3, 4, 6, 8 … times 32: few sizes, little padding. */
export function roundPositions(count: number): number {
  let size = 32
  while (size < count) size = size % 3 === 0 ? (size / 3) * 4 : (size / 2) * 3
  return size
}

/**
 * Groups sequences of like length. Rows that the long ones leave are filled with the next shorter ones, so that only
 * one micro-batch, of the shortest, may have rows without a sequence.
 * @throws RangeError when a sequence is longer than the largest length, or has a target that cannot be predicted
 */
export function packSequences(sequences: readonly TrainSequence[], { tokens, lengths }: BatchingOptions): MicroBatch[] {
  const ascending = [...lengths].sort((a, b) => a - b)
  const waiting: { member: number; length: number }[] = []
  for (const [i, { ids, targets }] of sequences.entries()) {
    const length = ascending.find((each) => each >= ids.length)
    if (length === undefined) throw new RangeError(`Sequence ${i} has ${ids.length} tokens; ${ascending.at(-1) ?? 0} are allowed.`)
    if (targets.some(({ index }) => index < 1 || index >= ids.length)) throw new RangeError(`Sequence ${i} has a target outside its tokens.`)
    if (targets.length > 0) waiting.push({ member: i, length })
  }
  const packed: MicroBatch[] = []
  waiting.sort((a, b) => b.length - a.length)
  for (let at = 0; at < waiting.length; ) {
    const { length } = waiting[at] ?? { length: 0 }
    const batch = Math.max(1, Math.floor(tokens / length))
    const members = waiting.slice(at, at + batch).map(({ member }) => member)
    const count = members.reduce((sum, i) => sum + (sequences[i]?.targets.length ?? 0), 0)
    packed.push({ batch, length, positions: roundPositions(count), members })
    at += batch
  }
  return packed.reverse()
}
