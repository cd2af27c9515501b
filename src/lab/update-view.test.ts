// What an update did to tokens, on a small real policy: from kept checkpoints and from updates that are made again.
import { InMemoryExperiments } from '../core/experiments/results.ts'
import { describe, expect, it } from 'vitest'
import { trainConfigSchema, trainPresets, type TrainConfig } from '../core/training/config.ts'
import { noDataSets } from '../core/environments/family.ts'
import { InMemoryRuns } from '../core/training/in-memory-runs.ts'
import type { UpdateView } from '../rpc/training.ts'
import { createModels } from './models.ts'
import { tableEncodingOf, tableModelApi } from './table-model.fixture.ts'
import { createTraining } from './training.ts'
import { quickTasks } from '../core/training/tasks.fixture.ts'

const source = { kind: 'url', name: 'table', url: 'models/table' } as const
const config: TrainConfig = trainConfigSchema.parse({
  ...trainPresets.quick,
  steps: 4,
  b: 1,
  k: 4,
  learning_rate: 1,
  warm_up_steps: 0,
  epochs: 2,
  max_norm: null,
  batching: { tokens: 4096, lengths: [50_000] },
  episode: { ...trainPresets.quick.episode, n_max: { build: 1, resist: 1, answer: 2 }, exchanges: 2 },
  tasks: quickTasks({ facts: 1, small_talk: 1, distractors: 1, update_share: 0.35 }),
  evaluation: { every: 2, tasks: 2, seed: 9 },
  checkpoint_every: 1,
})

async function trained() {
  const store = new InMemoryRuns()
  let time = 0
  const model = tableModelApi()
  const { api } = createTraining({ experiments: () => Promise.resolve(new InMemoryExperiments()), runs: () => Promise.resolve(store), models: createModels({ model: () => Promise.resolve(model), encodingOf: tableEncodingOf }), webllm: () => Promise.reject(new Error('not in this test')), clock: { wall: () => ++time, monotonic: () => ++time }, data: noDataSets })
  await api.train({ run: 'r', name: 'Run', source, config, from: null }, 'end', () => undefined)
  const steps = await store.steps('r')
  return { store, api, steps, view: (step: number, rollout: number) => api.viewUpdate({ run: 'r', step, rollout, source }, () => undefined) }
}

/** The first step whose group taught something, from this one on, and its best rollout. */
function teaching(steps: Awaited<ReturnType<typeof trained>>['steps'], from: number): { step: number; best: number } {
  const found = steps.find(({ step, groups }) => step >= from && groups[0]?.zero_variance === false)
  const advantages = found?.groups[0]?.advantages ?? []
  return { step: found?.step ?? 0, best: advantages.indexOf(Math.max(...advantages)) }
}

describe('viewUpdate', () => {
  it('shows what was sampled with what became of it', async () => {
    const { store, view, steps } = await trained()
    const { step, best } = teaching(steps, 2)
    const { tokens, idle } = await view(step, best)
    const trajectory = (await store.rollouts('r', step))[best]
    expect(idle).toBe(false)
    const replies = trajectory?.steps.flatMap(({ reply }) => reply.logprobs ?? []) ?? []
    expect(tokens.filter(({ call }) => call === null).map(({ before }) => before).sort()).toEqual([...replies].sort())
    expect(tokens[0]?.text).toMatch(/^<think>|^Well/)
    const advantage = Math.max(...(steps.find((each) => each.step === step)?.groups[0]?.advantages ?? []))
    for (const each of tokens) {
      expect(each.advantage).toBe(advantage)
      expect(each.gradient.policy).toBeCloseTo(each.weight * advantage, 12)
    }
    // On the whole, what the best one said has become likelier.
    expect(tokens.reduce((sum, { before, after }) => sum + after - before, 0)).toBeGreaterThan(0)
  })

  it('makes an adapter again that is not kept, to the same numbers', async () => {
    const { store, view, steps } = await trained()
    const { step, best } = teaching(steps, 2)
    const kept = (await store.checkpoints('r')).map((each) => each.step)
    const all = await view(step, best)
    for (const { key } of await store.checkpoints('r')) await store.deleteCheckpoint(key)
    const again = await view(step, best)
    expect(kept.includes(step) ? all.madeAgain : 0).toBe(0)
    expect(again.madeAgain).toBe(step)
    expect(again.tokens).toEqual(all.tokens)
    const unmoved = (view: UpdateView) => view.tokens.every(({ before, after }) => Math.abs(before - after) < 1e-9)
    expect(unmoved(again)).toBe(false)
  })

  it('takes one after the other', async () => {
    const { view, steps } = await trained()
    const { step } = teaching(steps, 1)
    const views = await Promise.all([view(step, 0), view(step, 1)])
    expect(views.map(({ tokens }) => tokens.length > 0)).toEqual([true, true])
  })

  it('says what is missing', async () => {
    const { store, view, steps } = await trained()
    const { step, best } = teaching(steps, 2)
    for (const { key } of await store.checkpoints('r')) await store.deleteCheckpoint(key)
    const run = await store.getRun('r')
    const measured = steps[0]
    if (!run || !measured) throw new Error('There is no run.')
    await store.putStep(run, measured, [])
    await expect(view(step, best)).rejects.toThrow('neither are the rollouts of step 1')
    await store.putRun({ ...run, from: 'gone' })
    await expect(view(step, best)).rejects.toThrow('they were deleted')
    await store.deleteRun('r')
    await expect(view(step, best)).rejects.toThrow('not here any more')
  })
})
