// An exported run comes back line by line, and what does not fit, or is too large, is refused by file and line.
import { strToU8, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import type { StepMetrics } from '../../core/training/metrics.ts'
import { oldStep } from '../../core/training/old-step.fixture.ts'
import { evaluationMetrics, rolloutsOf, runRecord, stepMetrics } from '../../core/training/runs.fixture.ts'
import { longestLine } from '../read-trajectories.ts'
import { runLimits, unpackRun } from './run-files.ts'

const run = runRecord('r', { name: 'quick 1', steps: 3, status: 'paused' })
const lines = (records: readonly unknown[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('')
const parts = {
  'run.json': lines([{ kind: 'agemem-run', schema_version: 1, run }]),
  'steps.jsonl': lines([1, 2, 3].map((step) => stepMetrics(step, step / 10))),
  'evaluations.jsonl': lines([evaluationMetrics(0)]),
  'trajectories.jsonl': lines([...rolloutsOf('r', 1), ...rolloutsOf('r', 3).slice(0, 1)]),
  'metrics.csv': 'for people',
}
const fileOf = (texts: Record<string, string>) => new Blob([zipSync(Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, strToU8(text)])))])

async function unpacked(file: Blob, limits = runLimits) {
  const told: string[] = []
  await unpackRun(
    file,
    {
      begin: async (record, steps) => { told.push(`${record.name}, ${steps} steps`); return Promise.resolve() },
      evaluation: async ({ step }) => { told.push(`evaluation ${step}`); return Promise.resolve() },
      step: async ({ step, reward }, rollouts) => { told.push(`step ${step} ${reward} ${rollouts.length}`); return Promise.resolve() },
      engine: async ({ kind, step, engine }) => { told.push(`${kind} ${step} of ${engine}`); return Promise.resolve() },
    },
    limits,
  )
  return told
}
const wanted = ['quick 1, 3 steps', 'evaluation 0', 'step 1 0.1 2', 'step 2 0.2 0', 'step 3 0.3 1']

describe('a run from its file', () => {
  it('comes back step by step; steps whose rollouts were not kept too', async () => {
    expect(await unpacked(fileOf(parts))).toEqual(wanted)
  })
  it('comes back from a file of an earlier release, under today’s names', async () => {
    const steps: StepMetrics[] = []
    const sink = { begin: () => Promise.resolve(), evaluation: () => Promise.resolve(), step: async (metrics: StepMetrics) => { steps.push(metrics); return Promise.resolve() }, engine: () => Promise.resolve() }
    await unpackRun(fileOf({ 'run.json': parts['run.json'], 'steps.jsonl': lines([oldStep]), 'evaluations.jsonl': '', 'trajectories.jsonl': '' }), sink)
    expect(steps.map(({ group_reward_std, reward_std }) => [group_reward_std, reward_std])).toEqual([[0.2567911677172318, expect.closeTo(0.2365900875, 9)]])
  })
  it('also from a folder, in whatever order its files stand, without a line break at the end', async () => {
    const turned = Object.fromEntries(Object.entries(parts).toReversed().map(([name, text]) => [`my run/${name}`, text.trimEnd()]))
    expect(await unpacked(fileOf({ ...turned, '__MACOSX/my run/._run.json': 'x' }))).toEqual(wanted)
  })
  it('is refused with file, line and field when something does not fit', async () => {
    const wrong = (name: keyof typeof parts, text: string) => unpacked(fileOf({ ...parts, [name]: text }))
    await expect(wrong('run.json', lines([{ kind: 'agemem-run', schema_version: 1, run: { ...run, steps: -1 } }]))).rejects.toThrow(
      'run.json, line 1 does not fit: run.steps: needs a whole number of at least 0, not -1.',
    )
    await expect(wrong('steps.jsonl', `${parts['steps.jsonl']}{"step":`)).rejects.toThrow('steps.jsonl, line 4 is not valid JSON')
    await expect(wrong('trajectories.jsonl', lines(rolloutsOf('r', 7)))).rejects.toThrow('trajectories.jsonl, line 1: there is no step 7')
  })
  it('is refused when it is another zip file, two runs, or no zip', async () => {
    await expect(unpacked(fileOf({ 'letter.txt': 'Dear all' }))).rejects.toThrow('The zip file has no run.json')
    await expect(unpacked(fileOf({ ...parts, 'another/run.json': '' }))).rejects.toThrow('more than one run')
    await expect(unpacked(new Blob(['Dear all']))).rejects.toThrow('not a zip file')
  })
  it('is refused when it is too large, packed or unpacked, before any of it is read', async () => {
    const file = fileOf(parts)
    await expect(unpacked(file, { packed: 100, unpacked: 1e9 })).rejects.toThrow('The file has 1 MB; 1 MB is the limit.')
    await expect(unpacked(file, { packed: 1e9, unpacked: 5000 })).rejects.toThrow(/^The run unpacks to 1 MB/)
  })
  it('is refused at a line that is too long, while it comes', async () => {
    const long = fileOf({ ...parts, 'trajectories.jsonl': `{"a":"${' '.repeat(longestLine + 10)}"}` })
    await expect(unpacked(long)).rejects.toThrow('trajectories.jsonl, line 1, has more than 16,777,216 characters, which is the limit.')
  }, 300_000)
})
