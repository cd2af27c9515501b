// Where another program samples than the one that trains, log π_old is computed anew by the one that trains, before the first
// update: a ratio of 1 is then the same policy, whatever the two programs differ by. How far they were apart is measured as
// TRL does for vLLM, and can be corrected by truncated importance sampling (Yao et al. 2025; TRL 1.16, grpo_trainer.py).
import type { TrainSequence } from '../policy/sequence.ts'
import type { Trainable } from '../policy/trainable.ts'
import type { SamplingMetrics } from './metrics.ts'

export interface Recomputed {
  /** With log π_old of the trainer, and advantages as the correction leaves them. */
  sequences: TrainSequence[]
  sampling: SamplingMetrics
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/**
 * @param sequences with log π of each target as it was sampled
 * @param cap C of min(π_old / π_sampled, C), by which a token's surrogate is multiplied (its KL term is not); null: no correction
 */
export async function recompute(model: Pick<Trainable, 'score'>, sequences: readonly TrainSequence[], cap: number | null): Promise<Recomputed> {
  const logps = await model.score(sequences, 'policy')
  const differences: number[] = []
  const ratios: number[] = []
  const corrected = sequences.map(({ ids, targets }, i): TrainSequence => ({
    ids,
    targets: targets.map((target, k) => {
      const own = logps[i]?.[k] ?? NaN
      const apart = own - (target.oldLogp ?? NaN)
      const ratio = cap === null ? Math.exp(apart) : Math.min(Math.exp(apart), cap)
      differences.push(Math.abs(apart))
      ratios.push(ratio)
      // The surrogate is linear in A, and the ratio is positive.
      return { ...target, oldLogp: own, ...(cap === null ? {} : { advantage: ratio * (target.advantage ?? 0) }) }
    }),
  }))
  const extreme = (values: readonly number[], worst: (a: number, b: number) => number) => values.reduce((a, b) => worst(a, b), values[0] ?? NaN)
  return {
    sequences: corrected,
    sampling: {
      sampling_logp_difference: { mean: mean(differences), max: extreme(differences, Math.max) },
      importance_sampling_ratio: { min: extreme(ratios, Math.min), mean: mean(ratios), max: extreme(ratios, Math.max) },
    },
  }
}
