// A run goes into a file and comes back as it was.
import { describe, expect, it } from 'vitest'
import { trainPresets } from '../../core/grpo/config.ts'
import type { StepMetrics } from '../../core/grpo/metrics.ts'
import { oldStep } from '../../core/grpo/old-step.fixture.ts'
import type { RunRecord } from '../../core/runs.ts'
import { miraTask, trajectoryOf } from '../../core/episode/fixture.ts'
import { metricsCsv } from './csv.ts'
import { evaluationFixture, stepFixture } from './fixture.ts'
import { packRun, unpackRun } from './run-files.ts'
import { zipWriter } from './zip.ts'

const run: RunRecord = { key: 'r', name: 'quick 1', created: 1, model: 'nano', model_url: null, config: trainPresets.quick, steps: 3, status: 'paused', note: null }
const at = (batch: number, rollout: number) => ({ ...trajectoryOf({ task: miraTask(), steps: [{ stage: 3, says: 'Where?', answer: 'Oslem' }] }), id: { run: 'r', batch, task: 't', rollout } })

async function unpacked(file: Blob) {
  const told: string[] = []
  await unpackRun(file, {
    begin: async (record, steps) => { told.push(`${record.name}, ${steps} steps`); return Promise.resolve() },
    evaluation: async ({ step }) => { told.push(`evaluation ${step}`); return Promise.resolve() },
    step: async ({ step, reward }, lines) => { told.push(`step ${step} ${reward} ${lines.length}`); return Promise.resolve() },
  })
  return told
}

describe('a run as a file', () => {
  it('comes back step by step; steps whose rollouts were not kept too', async () => {
    const kept = new Map([[1, [at(1, 0), at(1, 1)]], [3, [at(3, 0)]]])
    const file = await packRun({ run, steps: [1, 2, 3].map((step) => stepFixture(step, { reward: step / 10 })), evaluations: [evaluationFixture(0, 0.5)], rollouts: async (step) => Promise.resolve(kept.get(step) ?? []) })
    expect(await unpacked(file)).toEqual(['quick 1, 3 steps', 'evaluation 0', 'step 1 0.1 2', 'step 2 0.2 0', 'step 3 0.3 1'])
  })
  it('comes back from a file of an earlier release, under today’s names', async () => {
    const zip = zipWriter()
    zip.file('run.json')
    zip.write(JSON.stringify({ kind: 'agemem-run', schema_version: 1, run }))
    zip.file('steps.jsonl')
    zip.write(JSON.stringify(oldStep))
    const steps: StepMetrics[] = []
    await unpackRun(zip.end(), { begin: () => Promise.resolve(), evaluation: () => Promise.resolve(), step: async (metrics) => { steps.push(metrics); return Promise.resolve() } })
    expect(steps.map(({ group_reward_std, reward_std }) => [group_reward_std, reward_std])).toEqual([[0.2567911677172318, expect.closeTo(0.2365900875, 9)]])
    // The table that goes out has today's names alone.
    const [head = ''] = metricsCsv(steps).split('\n')
    expect(head.split(',')).toEqual(expect.arrayContaining(['reward_std', 'group_reward_std', 'surrogate_loss', 'clip_ratio']))
    expect(head).not.toContain('policy_loss')
  })
  it('is refused with file, line and field when something does not fit', async () => {
    const zip = zipWriter()
    zip.file('run.json')
    zip.write(JSON.stringify({ kind: 'agemem-run', schema_version: 1, run: { ...run, steps: -1 } }))
    await expect(unpacked(zip.end())).rejects.toThrow(/^run.json, line 1 does not fit: run.steps/)
  })
  it('is refused when it is another zip file', async () => {
    const zip = zipWriter()
    zip.file('letter.txt')
    zip.write('Dear all')
    await expect(unpacked(zip.end())).rejects.toThrow('The zip file has no run.json')
  })
})
