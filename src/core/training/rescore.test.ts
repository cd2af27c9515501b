import { describe, expect, it } from 'vitest'
import { rewardPresets } from '../reward/presets.ts'
import type { RewardComponents, RewardWeights } from '../reward/reward.ts'
import { createRandom } from '../random.ts'
import { trainPresets, trainingSetup } from './config.ts'
import { TableModel } from './fixture.ts'
import { oneStep } from './loop.ts'
import { rescore, scoreGroup } from './rescore.ts'

const nothing: RewardComponents = {
  task: 0, compression: 0, preventive: 0, preservation: 0, storage: 0, maintenance: 0, maintenance_attempted: 0, relevance: 0, tool_use: 0,
  rounds_exceeded: false, context_exceeded: false,
}
/** Weights of 1 for the task and for the memory's storage alone. */
const weights = (task: number, storage: number): RewardWeights => ({
  ...rewardPresets.paper, task, context: 0, memory: storage, beta: { storage: 1, maintenance: 0, relevance: 0 },
})
const plain = { form: 'none', epsilon: 0 } as const

describe('rescore', () => {
  // It answers; it stores; it does both by half; it does neither.
  const group = [{ ...nothing, task: 1 }, { ...nothing, storage: 1 }, { ...nothing, task: 0.5, storage: 0.5 }, nothing]

  it('rewards, advantages and ranks follow the weights', () => {
    // 1, 0, ½, 0: μ = 3/8.
    expect(scoreGroup(group, weights(1, 0), plain)).toMatchObject({ advantages: [0.625, -0.375, 0.125, -0.375], ranks: [1, 3, 2, 3], mean: 0.375 })
  })

  it('says which rollouts changed sign', () => {
    const [now] = rescore([group], { then: weights(1, 0), now: weights(0, 1) }, plain)
    // 0, 1, ½, 0: the first two change places; the third stays above the mean, the last below.
    expect(now).toMatchObject({ advantages: [-0.375, 0.625, 0.125, -0.375], ranks: [3, 1, 2, 3], changed: [0, 1] })
    expect(now?.rewards.map(({ total }) => total)).toEqual([0, 1, 0.5, 0])
  })

  it('counts a rollout that has no advantage any more', () => {
    // 1, 1, 1, 0 under both: the first three the same. With neither, no rollout has an advantage.
    expect(rescore([group], { then: weights(1, 1), now: weights(0, 0) }, plain)[0]).toMatchObject({ zero_variance: true, changed: [0, 1, 2, 3], ranks: [1, 1, 1, 1] })
  })

  it('gives what the step itself gave, under its own weights', async () => {
    const config = { ...trainPresets.quick, b: 2, k: 4, batching: { tokens: 4096, lengths: [50_000] } }
    const model = new TableModel()
    await model.beginTraining(trainingSetup(config), null)
    const { metrics, rollouts } = await oneStep({ run: 'r', config, step: 0, before: [] }, model, { now: () => 0 })
    const groups = metrics.groups.map(({ rollouts: places }) => places.flatMap((place) => rollouts[place]?.scored.components ?? []))
    const again = rescore(groups, { then: config.reward.weights, now: config.reward.weights }, config.advantage)
    expect(again.map(({ advantages }) => advantages)).toEqual(metrics.groups.map(({ advantages }) => advantages))
    expect(again.flatMap(({ changed }) => changed)).toEqual([])
  })

  it('takes 32 rollouts in a fraction of a frame', () => {
    const random = createRandom(3)
    const groups = Array.from({ length: 4 }, () => Array.from({ length: 8 }, () => ({ ...nothing, task: random.next(), storage: random.next(), preventive: random.next() })))
    const times = Array.from({ length: 50 }, (_, i) => {
      const started = performance.now()
      rescore(groups, { then: rewardPresets.paper, now: weights(i / 50, 1) }, plain)
      return performance.now() - started
    })
    // A frame has 16 ms; the median is far below on any machine.
    expect(times.sort((a, b) => a - b)[25]).toBeLessThan(4)
  })
})
