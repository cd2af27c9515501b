// A run and recorded episodes, packed as the page asks for them.
import { strFromU8, unzipSync } from 'fflate'
import { expect, it } from 'vitest'
import type { Trajectory } from '../core/record/trajectory.ts'
import { InMemoryRuns } from '../core/training/in-memory-runs.ts'
import { rolloutsOf, runRecord, stepMetrics } from '../core/training/runs.fixture.ts'
import { metricsNames } from '../exchange/metrics/metrics.ts'
import { viewerNames } from '../exchange/viewers/viewers.ts'
import { metricsTitles, viewerTitles } from '../rpc/exchange.ts'
import { exportShown } from './export-shown.ts'

const episodes = new Map<string, Trajectory>([['e1', { ...(rolloutsOf('x', 1)[0] ?? fail()), status: 'complete' }]])
const archive = { get: (key: string) => Promise.resolve(episodes.get(key) ?? null) }
function fail(): never { throw new Error('no rollout') }

async function kept() {
  const runs = new InMemoryRuns()
  for (const step of [1, 2]) await runs.putStep(runRecord('run', { steps: step, name: 'A run' }), stepMetrics(step), rolloutsOf('run', step))
  return { runs, archive }
}

const unpacked = async (blob: Blob) => unzipSync(new Uint8Array(await blob.arrayBuffer()))

it('packs the rollouts of a run step by step, and its metrics', async () => {
  const heard: number[] = []
  const files = await unpacked(await exportShown(await kept(), { form: 'verl-rollouts', of: { run: 'run' } }, (step) => heard.push(step)))
  expect(Object.keys(files).sort()).toEqual(['README.md', 'rollouts/1.jsonl', 'rollouts/2.jsonl'])
  expect(heard).toEqual([1, 2])
  expect(strFromU8(files['rollouts/2.jsonl'] ?? new Uint8Array()).trim().split('\n')).toHaveLength(rolloutsOf('run', 2).length)
  const metrics = await unpacked(await exportShown(await kept(), { form: 'trackio', of: { run: 'run' } }, () => undefined))
  expect(strFromU8(metrics['metrics.csv'] ?? new Uint8Array()).split('\n').map((line) => line.split(',')[0])).toEqual(['step', '1', '2', ''])
})

it('packs recorded episodes, and says when there are none', async () => {
  const files = await unpacked(await exportShown(await kept(), { form: 'openai', of: { episodes: ['e1', 'deleted'] } }, () => undefined))
  expect(strFromU8(files['episodes.jsonl'] ?? new Uint8Array()).trim().split('\n')).toHaveLength(1)
  await expect(exportShown(await kept(), { form: 'openai', of: { episodes: ['deleted'] } }, () => undefined)).rejects.toThrow('None of its rollouts is kept.')
  await expect(exportShown(await kept(), { form: 'tensorboard', of: { run: 'another' } }, () => undefined)).rejects.toThrow('deleted')
})

it('knows the forms that the page names', () => {
  expect([Object.keys(viewerTitles), Object.keys(metricsTitles)]).toEqual([viewerNames, metricsNames])
})
