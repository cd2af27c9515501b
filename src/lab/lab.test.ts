// An episode of the model while the model is taken for something else: it ends in words, and never plays on with another
// adapter.
import { InMemoryExperiments } from '../core/experiments/results.ts'
import { isQuestion, questionIn } from '../core/environments/question/task.ts'
import { describe, expect, it } from 'vitest'
import { rewardPresets } from '../core/reward/presets.ts'
import { trainConfigSchema, trainPresets } from '../core/training/config.ts'
import { TableModel } from '../core/training/fixture.ts'
import { InMemoryRuns } from '../core/training/in-memory-runs.ts'
import { HashEmbedder } from '../core/memory/hash-embedder.ts'
import { InMemoryStore } from '../core/memory/in-memory-store.ts'
import { defaultDifficulty, worldTask } from '../core/environments/question/sources/world.ts'
import type { Trajectory } from '../core/record/trajectory.ts'
import type { EpisodeRequest, LabEvent, ModelApi } from '../rpc/contracts.ts'
import type { WebLlmApi } from '../rpc/webllm.ts'
import { createLab, type LabParts } from './lab.ts'
import { tableEncodingOf, tableModelApi } from './table-model.fixture.ts'
import type { DataOptions } from '../core/environments/question/training-tasks.ts'
import { InMemoryDataSets } from '../core/environments/data-sets.ts'

const source = { kind: 'url', name: 'table', url: 'models/table' } as const
const settings = { ...trainPresets.quick.episode, n_max: { build: 1, resist: 1, answer: 2 }, exchanges: 2 }
const config = trainConfigSchema.parse({ ...trainPresets.quick, steps: 1, b: 1, k: 2, batching: { tokens: 4096, lengths: [50_000] }, episode: settings, evaluation: { every: 0, tasks: 1, seed: 9 } })
const request = (key: string, adapter: string | null = null): EpisodeRequest => ({ key, task: worldTask({ seed: 1, index: 0, split: 'train', difficulty: defaultDifficulty }), policy: { name: 'model', source, adapter }, seed: 1, settings })

const absent = () => Promise.reject(new Error('not here'))
const asIs: Pick<LabParts, 'model' | 'webllm'> = { model: () => Promise.resolve(tableModelApi()), webllm: absent }

function lab({ model, webllm } = asIs, data = new InMemoryDataSets()) {
  let time = 0
  const embedder = new HashEmbedder()
  const store = new InMemoryStore(embedder)
  const runs = new InMemoryRuns()
  const archive = { put: () => Promise.resolve({ saved: true }), list: () => Promise.resolve([]), get: () => Promise.resolve(null), delete: () => Promise.resolve() }
  const served = model()
  const clock = { wall: () => ++time, monotonic: () => ++time }
  return createLab({ memory: () => Promise.resolve({ store, archive, runs, data, experiments: new InMemoryExperiments() }), model: () => served, webllm, encodingOf: tableEncodingOf, clock })
}

const train = (api: ReturnType<typeof lab>) => api.training.train({ run: 'r', name: 'Run', source, config, from: null }, 'end', () => undefined)

/** Plays an episode up to its first step, does something, and lets it go on to its end. */
async function interrupted(meanwhile: (api: ReturnType<typeof lab>) => Promise<unknown>, api = lab()): Promise<Trajectory | undefined> {
  const events: LabEvent[] = []
  let seen: () => void = () => undefined
  const firstStep = new Promise<void>((resolve) => { seen = resolve })
  const playing = api.runEpisode(request('watched'), { kind: 'pause' }, (batch) => {
    events.push(...batch)
    if (batch.some(({ type }) => type === 'step')) seen()
  })
  await api.stepOnce('watched')
  await firstStep
  await meanwhile(api)
  await api.setPace('watched', { kind: 'run', msPerStep: 0 })
  await playing
  return events.flatMap((event) => (event.type === 'finished' ? [event.trajectory] : [])).at(-1)
}

describe('what of a file fits', () => {
  it('is counted by the model that is to play, within its window, and by words for a policy without one', async () => {
    const api = lab()
    const { task, policy } = request('k')
    const model = new TableModel()
    const counted = await api.room([task], policy, settings, null)
    expect(counted).toMatchObject({ counter: model.counter.name, limit: Math.min(settings.t_max, model.window) })
    expect(counted.needs).toHaveLength(1)
    expect(await api.room([task], { name: 'oracle' }, settings, null)).toMatchObject({ counter: 'words@1', limit: settings.t_max })
    expect(await api.room([task], { name: 'oracle' }, settings, 512)).toMatchObject({ limit: 512 })
  })
})

describe('training on a data set', () => {
  it('plays the tasks that were kept, is resumed by their hash, and says what to do when they are gone', async () => {
    const data = new InMemoryDataSets()
    const api = lab(asIs, data)
    const tasks = Array.from({ length: 12 }, (_, i) => ({ ...questionIn(request('k').task), id: `hotpotqa-${i}`, source: 'hotpotqa' as const }))
    const { set, saved } = await api.keepTasks('dev.json', tasks)
    expect([set.name, set.tasks, set.source, saved]).toEqual(['dev.json', 12, 'hotpotqa', true])
    expect((await api.keepTasks('again.json', tasks)).set.hash).toBe(set.hash)
    expect((await api.keepTasks('less.json', tasks.slice(1))).set.hash).not.toBe(set.hash)
    const reference = { name: set.name, hash: set.hash }
    const options: DataOptions = { source: 'hotpotqa', data: reference, held_out: { share: 0.3, seed: 1 }, distractors: 1 }
    const planned = { ...config, steps: 2, tasks: { family: 'question', options } }
    const go = (of: typeof api) => of.training.train({ run: 'r', name: 'Run', source, config: planned, from: null }, 'step', () => undefined)
    expect(await go(api)).toMatchObject({ steps: 1, note: null })
    expect((await api.roomOfData(reference, 1, source, settings)).needs).toHaveLength(12)

    // Another visit, with what is kept, and one after the set was deleted.
    await expect(go(lab(asIs))).rejects.toThrow('The data set “dev.json” is not kept in this browser any more. Import the same file again')
    expect(await go(lab(asIs, data))).toMatchObject({ steps: 1 })
  })
})

describe('an episode of the model that is under way', () => {
  it('goes on when nothing happens meanwhile', async () => {
    expect(await interrupted(() => Promise.resolve())).toMatchObject({ status: 'complete' })
  })
  it('ends in words when a training began, and when it is over too', async () => {
    const trajectory = await interrupted(train)
    expect(trajectory).toMatchObject({ status: 'partial', stop: 'failed', failure: expect.stringContaining('taken to train or to compare') })
    expect(trajectory?.steps).toHaveLength(1)
  })
  it('ends in words when another adapter is played with, and not with the same one', async () => {
    expect(await interrupted((api) => api.runGroup(request('group'), 2))).toMatchObject({ status: 'complete' })
    const api = lab()
    await train(api)
    expect(await interrupted(() => api.runGroup(request('group', 'r/1'), 2), api)).toMatchObject({ status: 'partial', failure: expect.stringContaining('another adapter') })
  })
})

describe('a group', () => {
  it('of a model is played side by side, and not recorded', async () => {
    const sizes: number[] = []
    const model = tableModelApi()
    const api: ModelApi = {
      ...model,
      serve: (stream, asked, ...rest) => {
        sizes.push(asked.length)
        return model.serve(stream, asked, ...rest)
      },
    }
    const played = await lab({ ...asIs, model: () => Promise.resolve(api) }).runGroup(request('group'), 3)
    expect(played.map(({ id, status }) => [id.run, id.rollout, status])).toEqual([0, 1, 2].map((rollout) => ['group', rollout, 'complete']))
    expect(Math.max(...sizes)).toBeGreaterThan(1)
  })

  it('records the model, the adapter by its tensors, and where the task came from', async () => {
    const api = lab()
    await train(api)
    const source = { kind: 'built-in' as const }
    const reward = rewardPresets['answer-only']
    const [[bare], [trained], [again]] = [
      await api.runGroup({ ...request('group'), source, reward }, 1),
      await api.runGroup(request('group', 'r/1'), 1),
      await api.runGroup(request('group', 'r/1'), 1),
    ]
    const model = { kind: 'onnx', model: 'table', source: 'models/table' }
    expect(bare?.setup).toEqual({ agent: 'agemem', policy: { ...model, adapter: null }, embedder: 'hash', source, reward })
    const adapter = { key: 'r/1', name: 'Step 1', hash: expect.stringMatching(/^[0-9a-f]{16}$/) }
    expect(trained?.setup).toMatchObject({ policy: { ...model, adapter }, source: { kind: 'given' } })
    expect(again?.setup).toEqual(trained?.setup)
  })

  it('of WebLLM is played one after another, for it holds one conversation', async () => {
    const model = new TableModel()
    const sizes: number[] = []
    const threads: (string | undefined)[] = []
    const webllm: WebLlmApi = {
      capabilities: absent, catalogue: absent, addCustom: absent, removeCustom: absent, cached: absent, download: absent, cancelDownload: absent, remove: absent,
      cancelLoad: absent, unload: absent, gone: absent, abort: absent, inspect: absent, ask: absent, loadEmbedder: absent, embed: absent,
      load: () => Promise.resolve({ ok: true, value: { name: 'big', family: 'table', parameters: 0, vocabulary: 0, window: model.window, bytes: 0, runsOn: { device: 'webgpu', hardware: { kind: 'gpu', name: null, software: false }, milliseconds: null, others: [] }, processor: 'gpu', milliseconds: 0, tokenizer: { tokenizer: '', config: '' } } }),
      serve: (_, asked, options) => {
        sizes.push(asked.length)
        threads.push(asked[0]?.request.thread)
        return model.open(options).serve(asked)
      },
      closeStream: () => Promise.resolve(),
    }
    const api = lab({ ...asIs, webllm: () => Promise.resolve(webllm) })
    const played = await api.runGroup({ ...request('group'), policy: { name: 'webllm', source: { kind: 'listed', id: 'big' }, options: { constrained: true } } }, 3)
    expect(played.map(({ id, status }) => [id.rollout, status])).toEqual([[0, 'complete'], [1, 'complete'], [2, 'complete']])
    expect(new Set(sizes)).toEqual(new Set([1]))
    expect(played[0]?.setup.policy).toEqual({ kind: 'webllm', model: 'big', options: { constrained: true } })
    // The first to its end, then the second.
    expect(threads).toEqual([...threads].sort())
    expect(new Set(threads).size).toBe(3)
  })
})

it('writes a run for verl, its prompts as Parquet', async () => {
  const tasks = { train: [request('a').task].filter(isQuestion), heldOut: [] }
  const files = await lab().verlFiles({ name: 'quick 1', config, tasks, model: { name: 'nano', place: null }, adapter: null })
  const found = new Map(files.map(({ path, content }) => [path, content]))
  expect(String(found.get('README.md'))).toContain('“quick 1” for verl')
  const prompts = found.get('prompts/train.parquet')
  expect(prompts instanceof Uint8Array && new TextDecoder().decode(prompts.subarray(0, 4))).toBe('PAR1')
})
