import { describe, expect, it } from 'vitest'
import type { TrainSequence } from '../policy/sequence.ts'
import { recompute } from './recompute.ts'

// Two replies; the trainer finds the second token twice as likely as the sampler said, and the third half as likely.
const sequences: TrainSequence[] = [
  { ids: [1, 2, 3], targets: [{ index: 1, weight: 0.25, oldLogp: -1, advantage: 2 }, { index: 2, weight: 0.25, oldLogp: Math.log(0.25), advantage: 2 }] },
  { ids: [4, 5], targets: [{ index: 1, weight: 0.5, oldLogp: Math.log(0.5), advantage: -1 }] },
]
const model = { score: () => Promise.resolve([Float64Array.of(-1, Math.log(0.5)), Float64Array.of(Math.log(0.25))].map((logps) => Float32Array.from(logps))) }

describe('recompute', () => {
  it('takes log π_old of the trainer, and says how far the sampler was from it', async () => {
    const { sequences: made, sampling } = await recompute(model, sequences, null)
    expect(made.flatMap(({ targets }) => targets.map(({ advantage }) => advantage))).toEqual([2, 2, -1])
    expect(made[0]?.targets[1]?.oldLogp).toBeCloseTo(Math.log(0.5), 6)
    expect(made[1]?.targets[0]).toMatchObject({ index: 1, weight: 0.5 })
    expect(sampling.sampling_logp_difference.mean).toBeCloseTo((2 * Math.LN2) / 3, 6)
    expect(sampling.sampling_logp_difference.max).toBeCloseTo(Math.LN2, 6)
    expect(sampling.importance_sampling_ratio.min).toBeCloseTo(0.5, 6)
    expect(sampling.importance_sampling_ratio.mean).toBeCloseTo(3.5 / 3, 6)
    expect(sampling.importance_sampling_ratio.max).toBeCloseTo(2, 6)
  })

  it('corrects by the ratio, cut off at the cap', async () => {
    const { sequences: made, sampling } = await recompute(model, sequences, 1.5)
    const advantages = made.flatMap(({ targets }) => targets.map(({ advantage }) => advantage ?? NaN))
    for (const [i, expected] of [2, 3, -0.5].entries()) expect(advantages[i]).toBeCloseTo(expected, 6)
    expect(sampling.importance_sampling_ratio.max).toBe(1.5)
  })
})
