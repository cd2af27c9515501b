// A supervised training of a small real model in the store of runs, as the lab makes it: whole, paused, stopped, resumed.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adapterHash } from '../src/core/policy/adapter-hash.ts'
import { noDataSets } from '../src/core/environments/family.ts'
import { trainPresets } from '../src/core/training/config.ts'
import { InMemoryRuns } from '../src/core/training/in-memory-runs.ts'
import { lastCheckpoint } from '../src/core/training/checkpoints.ts'
import { newRun, resumedRun } from '../src/core/training/run-start.ts'
import { runRecordSchema, type RunRecord } from '../src/core/training/runs.ts'
import { supervisedSetup, warmStart, type SupervisedConfig } from '../src/core/training/supervised/config.ts'
import { runLesson } from '../src/core/training/supervised/lesson-run.ts'
import type { TrainEvent, TrainRequest } from '../src/core/training/train-event.ts'
import { loadModel } from '../src/models/files/load-model.ts'
import { filesInMemory, tinyChatFiles } from '../src/models/fixtures/tiny-chat-model.ts'
import { LocalModel } from '../src/models/local-model.ts'
import { createNodeRuntime } from '../src/runtime/node.ts'

const config: SupervisedConfig = {
  ...warmStart,
  steps: 4,
  b: 1,
  learning_rate: 0.01,
  warm_up_steps: 0,
  lora: { rank: 2, alpha: 4, targets: ['q_proj', 'down_proj'] },
  batching: { tokens: 512, lengths: [512] },
  episode: { ...warmStart.episode, response_limit: 8, exchanges: 1 },
  evaluation: { every: 2, demonstrations: 1, tasks: 1, seed: 9, temperature: 0 },
  checkpoint_every: 2,
}
const request: TrainRequest = { run: 'r', name: 'Lesson', source: { kind: 'url', name: 'tiny', url: 'models/tiny' }, config: trainPresets.quick, from: null, supervised: config }

const runtime = createNodeRuntime(1)
let model: LocalModel
beforeAll(async () => {
  model = LocalModel.unloaded(runtime, 'tiny', await loadModel(filesInMemory(await tinyChatFiles()), 2 ** 32))
}, 60_000)
afterAll(async () => {
  await model.dispose()
  await runtime.dispose()
})

async function teach(store: InMemoryRuns, { until = 'end', at }: { until?: 'step' | 'end'; at?: (event: TrainEvent, abort: AbortController) => void } = {}) {
  const known = await store.getRun('r')
  const start = known ? await resumedRun(known, { ...request, config: known.config }, store) : await newRun(request, store, 1)
  const abort = new AbortController()
  const events: TrainEvent[] = []
  let time = 0
  await model.beginTraining(supervisedSetup(start.record.supervised?.config ?? config), start.state)
  const record = await runLesson(start, until, {
    store, model, data: noDataSets, signal: abort.signal, pausing: () => false,
    clock: { wall: () => 1, monotonic: () => ++time },
    tell: (event) => {
      events.push(event)
      at?.(event, abort)
    },
  })
  await model.endTraining()
  return { record, events }
}

const timeless = ({ supervised }: RunRecord) => ({
  steps: supervised?.steps.map((step) => ({ ...step, seconds: null })),
  evaluations: supervised?.evaluations.map(({ step, demonstrations, episodes }) => ({ step, demonstrations, episodes: episodes && { ...episodes, seconds: null } })),
})
async function adapterOf(store: InMemoryRuns): Promise<string> {
  const last = lastCheckpoint(await store.checkpoints('r'))
  return adapterHash((await store.checkpointState(last?.key ?? ''))?.parameters ?? new Map())
}

describe('a supervised training', { timeout: 120_000 }, () => {
  let whole: { record: RunRecord; adapter: string }
  it('makes its steps, each kept, with what it measures', async () => {
    const store = new InMemoryRuns()
    const { record, events } = await teach(store)
    expect(record).toMatchObject({ status: 'finished', steps: 4, config: { steps: 4, lora: config.lora }, supervised: { config: { teacher: { name: 'demonstrator' } } } })
    expect(record.supervised?.evaluations.map(({ step }) => step)).toEqual([0, 2, 4])
    expect(record.supervised?.steps.every(({ loss, applied }) => loss !== null && applied)).toBe(true)
    const [first, , last] = record.supervised?.evaluations ?? []
    expect(last?.demonstrations?.loss).toBeLessThan(first?.demonstrations?.loss ?? NaN)
    // What is told is what is kept, and can be read again.
    expect(events.findLast((event) => event.type === 'run')).toMatchObject({ record })
    expect(runRecordSchema.parse(await store.getRun('r'))).toEqual(record)
    expect((await store.checkpoints('r')).map(({ step, lora, resumable, evaluation }) => [step, lora.rank, resumable, evaluation?.tasks])).toEqual([[4, 2, true, 1]])
    whole = { record, adapter: await adapterOf(store) }
  })

  it('comes to the same when it is made step by step, and when it is stopped in mid-step', async () => {
    const parts = new InMemoryRuns()
    for (let step = 1; step <= 4; step++) expect((await teach(parts, { until: 'step' })).record).toMatchObject({ steps: step, status: step < 4 ? 'paused' : 'finished' })
    const stopped = new InMemoryRuns()
    const first = await teach(stopped, { at: (event, abort) => { if (event.type === 'progress' && event.part === 'update' && event.step === 3) abort.abort() } })
    expect(first.record).toMatchObject({ steps: 2, status: 'paused' })
    await teach(stopped)
    for (const store of [parts, stopped]) {
      const record = await store.getRun('r')
      expect(record && timeless(record)).toEqual(timeless(whole.record))
      expect(await adapterOf(store)).toBe(whole.adapter)
    }
  })

  it('leaves a checkpoint that training with rewards begins from, and keeps near', async () => {
    const store = new InMemoryRuns()
    await teach(store, { until: 'step' })
    const start = await newRun({ run: 'next', name: 'Next', source: request.source, config: trainPresets.quick, from: 'r/1' }, store, 2)
    expect(start.record).toMatchObject({ from: 'r/1', config: { lora: config.lora, reference: 'start' } })
    expect(start.record.supervised).toBeUndefined()
    expect(start.reference).toEqual((await store.checkpointState('r/1'))?.parameters)
    const near = await newRun({ run: 'base', name: 'Base', source: request.source, config: { ...trainPresets.quick, reference: 'base' }, from: 'r/1' }, store, 2)
    expect(near.reference).toBeNull()
  })
})
