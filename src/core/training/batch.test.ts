import { describe, expect, it } from 'vitest'
import { add, miraTask, trajectoryOf } from '../episode/fixture.ts'
import { settingsPresets } from '../episode/settings.ts'
import { batchOf, withReference, type RolloutWithAdvantage } from './batch.ts'
import type { Aggregation } from './config.ts'
import { credits, type CreditForm } from './credit/credit.ts'
import type { PackedSequence } from './packing.ts'
import { tokenWeights } from './weights.ts'

/** A sequence of one environment token, then replies: [step, tokens] each, with an environment token behind. */
function sequenceOf(...replies: [step: number, tokens: number, call?: number][]): PackedSequence {
  const packed: PackedSequence = { ids: [7], sampled: [] }
  for (const [step, tokens, call] of replies) {
    for (let token = 0; token < tokens; token++) {
      packed.sampled.push({ index: packed.ids.length, step, call: call ?? null, token, oldLogp: -0.5 })
      packed.ids.push(100 + token)
    }
    packed.ids.push(7)
  }
  return packed
}

/** Two steps in stage 1, one in stage 2, one in stage 3. */
const trajectory = trajectoryOf({
  task: miraTask(),
  steps: [
    { phase: 'build', says: 'Mira Voss lives in Tarn.', calls: [add('m1', 'Mira Voss lives in Tarn.')] },
    { phase: 'build', answer: 'ok' },
    { phase: 'resist', says: 'Jon Voss lives in Velmora.', answer: 'ok' },
    { phase: 'answer', says: 'Where does Mira Voss live?', answer: 'Tarn' },
  ],
})

const rollout = (advantage: number, sequences: PackedSequence[], more: Partial<RolloutWithAdvantage> = {}, credit: CreditForm = 'broadcast'): RolloutWithAdvantage => ({
  packed: { sequences, tooLong: 0 },
  advantages: credits[credit]([{ trajectory, advantage }])[0] ?? [],
  idle: false,
  ...more,
})
const config = (aggregation: Aggregation = 'token-mean') => ({ aggregation, episode: { ...settingsPresets.playground, response_limit: 20 } })

/** Ten tokens in three replies of 2, 3 and 5, and a group without variance. */
const rollouts = [
  rollout(1.5, [sequenceOf([0, 2], [1, 3])]),
  rollout(-0.5, [sequenceOf([0, 5])]),
  rollout(0, [sequenceOf([0, 40]), sequenceOf([2, 40])], { idle: true }),
]

describe('batchOf', () => {
  it.each<[Aggregation, number[]]>([
    // One of ten tokens.
    ['token-mean', [0.1, 0.1, 0.1]],
    // A third for each reply, shared by its 2, 3 or 5 tokens.
    ['sequence-mean', [1 / 6, 1 / 9, 1 / 15]],
    // 3 rollouts, the one without variance too, of 20 tokens at most.
    ['dr-grpo', [1 / 60, 1 / 60, 1 / 60]],
  ])('%s', (aggregation, [a, b, c]) => {
    const { sequences } = batchOf(rollouts, config(aggregation))
    expect(sequences.map(({ targets }) => targets.map(({ weight }) => weight))).toEqual([
      [a, a, b, b, b],
      [c, c, c, c, c],
    ])
  })

  it('gives weight to sampled tokens alone, and weights of 1 in all', () => {
    for (const aggregation of ['token-mean', 'sequence-mean'] as const) {
      const { sequences } = batchOf(rollouts, config(aggregation))
      for (const { ids, targets } of sequences) expect(targets.map(({ index }) => ids[index])).not.toContain(7)
      expect(sequences.flatMap(({ targets }) => targets).reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12)
    }
  })

  it('leaves groups without variance out, and counts them', () => {
    const { sequences, origin, withoutVariance } = batchOf(rollouts, config())
    expect(sequences).toEqual(batchOf(rollouts.slice(0, 2), config()).sequences)
    expect(origin).toEqual([{ rollout: 0, sequence: 0 }, { rollout: 1, sequence: 0 }])
    expect(withoutVariance).toBe(2)
  })

  it('is the same however the replies are spread over sequences', () => {
    const apart = batchOf([rollout(1.5, [sequenceOf([0, 2]), sequenceOf([1, 3])]), rollout(-0.5, [sequenceOf([0, 5])])], config('sequence-mean'))
    expect(apart.sequences.flatMap(({ targets }) => targets.map(({ weight }) => weight))).toEqual(
      batchOf(rollouts.slice(0, 2), config('sequence-mean')).sequences.flatMap(({ targets }) => targets.map(({ weight }) => weight)),
    )
  })

  it.each<[CreditForm, number[]]>([
    ['broadcast', [2, 2, 2, 2]],
    ['step-normalised', [0.5, 0.5, 0.5, 0.5]],
    ['last-stage', [0, 0, 0, 2]],
  ])('%s: the advantage of each step', (credit, expected) => {
    const { sequences } = batchOf([rollout(2, [sequenceOf([0, 1], [1, 1]), sequenceOf([2, 1], [3, 1])], {}, credit)], config())
    expect(sequences.flatMap(({ targets }) => targets.map(({ advantage }) => advantage))).toEqual(expected)
  })

  it('gives a summary the advantage of its step and the weight of a reply', () => {
    const { sequences } = batchOf([rollout(2, [sequenceOf([0, 4]), sequenceOf([0, 1, 0])])], config('sequence-mean'))
    expect(sequences[1]?.targets).toEqual([{ index: 1, weight: 0.5, oldLogp: -0.5, advantage: 2 }])
  })
})

it('withReference: one value a target, in order', () => {
  const { sequences } = batchOf(rollouts, config())
  const given = withReference(sequences, [Float32Array.of(-1, -2, -3, -4, -5), Float32Array.of(-6, -7, -8, -9, -10)])
  expect(given.map(({ targets }) => targets.map(({ refLogp }) => refLogp))).toEqual([[-1, -2, -3, -4, -5], [-6, -7, -8, -9, -10]])
  expect(given[0]?.targets[0]).toMatchObject({ oldLogp: -0.5, advantage: 1.5 })
})

it('tokenWeights of nothing', () => {
  for (const aggregation of ['token-mean', 'sequence-mean', 'dr-grpo'] as const) expect(tokenWeights(aggregation, [], { rollouts: 0, responseLimit: 20 })).toEqual([])
})
