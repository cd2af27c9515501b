// The import of a run is whole or not at all.
import { strToU8, zipSync } from 'fflate'
import { expect, it } from 'vitest'
import { InMemoryRuns } from '../core/training/in-memory-runs.ts'
import { evaluationMetrics, rolloutsOf, runRecord, stepMetrics } from '../core/training/runs.fixture.ts'
import { warmStart } from '../core/training/supervised/config.ts'
import { questionObservations } from '../core/environments/question/environment.ts'
import { miraTask } from '../core/episode/fixture.ts'
import { rewardPresets } from '../core/reward/presets.ts'
import { importRun } from './import-run.ts'

const lines = (records: readonly unknown[]) => strToU8(records.map((record) => `${JSON.stringify(record)}\n`).join(''))
const fileOf = (rollouts: readonly unknown[]) =>
  new Blob([
    zipSync({
      'run.json': lines([
        { kind: 'agemem-run', schema_version: 1, run: runRecord('old', { name: 'quick 1', steps: 2 }) },
      ]),
      'steps.jsonl': lines([stepMetrics(1), stepMetrics(2)]),
      'evaluations.jsonl': lines([evaluationMetrics(0)]),
      'trajectories.jsonl': lines(rollouts),
    }),
  ])

it('keeps the run under its new key, to be looked at', async () => {
  const runs = new InMemoryRuns()
  const heard: number[] = []
  const all = [...rolloutsOf('old', 1), ...rolloutsOf('old', 2)]
  expect(await importRun(runs, fileOf(all), 'new', ({ step }) => heard.push(step))).toEqual({
    name: 'quick 1',
    step: 2,
    steps: 2,
  })
  expect(await runs.getRun('new')).toMatchObject({ key: 'new', name: 'quick 1', steps: 2, status: 'imported' })
  expect(await runs.rollouts('new', 2)).toEqual(rolloutsOf('old', 2))
  expect((await runs.evaluations('new')).map(({ step }) => step)).toEqual([0])
  expect(heard).toEqual([1])
})

it('keeps nothing of it when a rollout does not fit', async () => {
  const runs = new InMemoryRuns()
  const [first, second] = rolloutsOf('old', 2)
  const spoilt = [...rolloutsOf('old', 1), first, { ...second, seed: 'seven' }]
  await expect(importRun(runs, fileOf(spoilt), 'new', () => undefined)).rejects.toThrow(
    'Line 2 is not a trajectory of schema version 1 or 2: seed: needs a number, not text. Nothing was imported.',
  )
  expect(await runs.listRuns()).toEqual([])
})

it('claims only what has come when it is cut off, and says so; nothing is said of it once it is whole', async () => {
  let reached: () => void = () => undefined
  const inStep2 = new Promise<void>((resolve) => (reached = resolve))
  class Closed extends InMemoryRuns {
    override putStep(...step: Parameters<InMemoryRuns['putStep']>): ReturnType<InMemoryRuns['putStep']> {
      if (step[1].step === 1) return super.putStep(...step)
      // The tab is closed here.
      reached()
      return new Promise(() => undefined)
    }
  }
  const runs = new Closed()
  const all = [...rolloutsOf('old', 1), ...rolloutsOf('old', 2)]
  void importRun(runs, fileOf(all), 'new', () => undefined)
  await inStep2
  expect(await runs.getRun('new')).toMatchObject({ steps: 1, status: 'imported', note: { kind: 'import-cut-off', steps: 2 } })
  const whole = new InMemoryRuns()
  await importRun(whole, fileOf(all), 'new', () => undefined)
  expect(await whole.getRun('new')).toMatchObject({ steps: 2, note: null })
})

it('a lesson comes back with all that its record has measured', async () => {
  const runs = new InMemoryRuns()
  const measured = { step: 1, loss: 1.5, grad_norm: 1, learning_rate: 1e-3, applied: true, tokens: { packed: 9, loss: 3, padded: 12 }, sequences: { packed: 1, too_long: 0 }, teacher_success: 1, seconds: { demonstrations: 1, update: 1, total: 2 } }
  const lesson = { config: warmStart, steps: [measured, { ...measured, step: 2, loss: 1.25 }], evaluations: [] }
  const file = new Blob([zipSync({ 'run.json': lines([{ kind: 'agemem-run', schema_version: 1, run: runRecord('old', { name: 'protocol 1', steps: 2, supervised: lesson }) }]) })])
  await importRun(runs, file, 'new', () => undefined)
  expect(await runs.getRun('new')).toMatchObject({ key: 'new', steps: 2, status: 'imported', note: null, supervised: { steps: [{ step: 1 }, { step: 2, loss: 1.25 }] } })
})

it('what an engine outside did behind the steps is played again, and follows them', async () => {
  const tasks = [miraTask()]
  const text = '<think>a</think><answer>Oslem</answer>'
  const { config } = runRecord('old')
  const said = Array.from({ length: questionObservations(miraTask(), config.episode).length }, () => ({ text, token_ids: [1], prompt_tokens: 20, finish: 'stop' }))
  const engine = { kind: 'step', engine: 'TRL 1.16.0', step: 2, temperature: 1, tasks, rollouts: [said, said], rewards: [0, 0], advantages: [0, 0], updates: [{ loss: 0, kl: null, entropy: null, clip_ratio: null, grad_norm: 0, learning_rate: 1 }], sampled: 4, sequences: { packed: 0, without_variance: 2, too_long: 0 }, tokens: { packed: 0, loss: 0, padded: 0 }, seconds: { rollout: 1, scoring: 0, update: 0, other: 0, total: 1 } }
  const fileWith = (line: object) =>
    new Blob([
      zipSync({
        'run.json': lines([{ kind: 'agemem-run', schema_version: 1, run: runRecord('old', { name: 'quick 1', steps: 1, config: { ...config, k: 2, reward: { preset: 'answer-only', weights: rewardPresets['answer-only'] } } }) }]),
        'steps.jsonl': lines([stepMetrics(1)]),
        'engine.jsonl': lines([line]),
      }),
    ])
  const runs = new InMemoryRuns()
  await expect(importRun(runs, fileWith(engine), 'new', () => undefined)).rejects.toThrow('got the reward 0 there and 1 here')
  const whole = { ...engine, rewards: [1, 1] }
  expect(await importRun(runs, fileWith(whole), 'new', () => undefined)).toMatchObject({ step: 2 })
  expect((await runs.steps('new')).map(({ step, reward }) => [step, reward])).toEqual([[1, expect.any(Number)], [2, 1]])
  expect(await runs.getRun('new')).toMatchObject({ steps: 2, status: 'imported', note: null })
  expect((await runs.rollouts('new', 2)).map(({ answer }) => answer)).toEqual(['Oslem', 'Oslem'])
  await expect(importRun(runs, fileWith({ ...whole, step: 5 }), 'gap', () => undefined)).rejects.toThrow('engine.jsonl, line 1: step 5 follows 1 steps. Nothing was imported.')
  expect(await runs.getRun('gap')).toBeNull()
})
