// A run goes into a file, a line for each record; lab/files/run-files.test.ts has how it comes back.
import { strFromU8, unzipSync } from 'fflate'
import { expect, it } from 'vitest'
import { miraTask, trajectoryOf } from '../../core/episode/fixture.ts'
import { trainPresets } from '../../core/training/config.ts'
import { runFileSchema, type RunRecord } from '../../core/training/runs.ts'
import { evaluationFixture, stepFixture } from '../state/run-fixture.ts'
import { packRun } from './run-files.ts'

const run: RunRecord = { key: 'r', name: 'quick 1', created: 1, model: 'nano', model_url: null, config: trainPresets.quick, steps: 3, status: 'paused', note: null }
const at = (batch: number, rollout: number) => ({ ...trajectoryOf({ task: miraTask(), steps: [{ phase: 'answer', says: 'Where?', answer: 'Oslem' }] }), id: { run: 'r', batch, task: 't', rollout } })

it('has the run, its steps and evaluations, and the rollouts that were kept, step after step', async () => {
  const kept = new Map([[1, [at(1, 0), at(1, 1)]], [3, [at(3, 0)]]])
  const steps = [1, 2, 3].map((step) => stepFixture(step, { reward: step / 10 }))
  const evaluations = [evaluationFixture(0, 0.5)]
  const file = await packRun({ run, steps, evaluations, rollouts: async (step) => Promise.resolve(kept.get(step) ?? []) })
  const files = unzipSync(new Uint8Array(await file.arrayBuffer()))
  const linesOf = (name: string) => strFromU8(files[name] ?? new Uint8Array()).trimEnd().split('\n').map((line): unknown => JSON.parse(line))
  expect(Object.keys(files)).toEqual(['run.json', 'steps.jsonl', 'evaluations.jsonl', 'trajectories.jsonl', 'metrics.csv', 'evaluations.csv'])
  expect(linesOf('run.json').map((head) => runFileSchema.parse(head).run)).toEqual([run])
  expect(linesOf('steps.jsonl')).toEqual(steps)
  expect(linesOf('evaluations.jsonl')).toEqual(evaluations)
  expect(linesOf('trajectories.jsonl')).toEqual([at(1, 0), at(1, 1), at(3, 0)])
})
