// An episode of the model while the model is taken for something else: it ends in words, and never plays on with another
// adapter.
import { describe, expect, it } from 'vitest'
import { trainConfigSchema, trainPresets } from '../core/grpo/config.ts'
import { InMemoryRuns } from '../core/in-memory-runs.ts'
import { HashEmbedder } from '../core/memory/hash-embedder.ts'
import { InMemoryStore } from '../core/memory/in-memory-store.ts'
import { LocalEpisodeMemory } from '../core/memory/local-episode-memory.ts'
import { defaultDifficulty, worldTask } from '../core/tasks/world.ts'
import type { Trajectory } from '../core/episode/trajectory.ts'
import type { EpisodeRequest, LabEvent } from '../rpc/contracts.ts'
import { createLab } from './lab.ts'
import { tableEncodingOf, tableModelApi } from './table-model.fixture.ts'

const source = { kind: 'url', name: 'table', url: 'models/table' } as const
const settings = { ...trainPresets.quick.episode, n_max: { build: 1, resist: 1, answer: 2 }, exchanges: 2 }
const config = trainConfigSchema.parse({ ...trainPresets.quick, steps: 1, b: 1, k: 2, batching: { tokens: 4096, lengths: [50_000] }, episode: settings, evaluation: { every: 0, tasks: 1, seed: 9 } })
const request = (key: string, adapter: string | null = null): EpisodeRequest => ({ key, task: worldTask({ seed: 1, index: 0, split: 'train', difficulty: defaultDifficulty }), policy: { name: 'model', source, adapter }, seed: 1, settings })

function lab() {
  let time = 0
  const embedder = new HashEmbedder()
  const episodes = new LocalEpisodeMemory(new InMemoryStore(embedder), embedder)
  const runs = new InMemoryRuns()
  const archive = { put: () => Promise.resolve({ saved: true }), list: () => Promise.resolve([]), get: () => Promise.resolve(null), delete: () => Promise.resolve() }
  const model = tableModelApi()
  const clock = { wall: () => ++time, monotonic: () => ++time }
  return createLab({ memory: () => Promise.resolve({ episodes, archive, runs }), model: () => Promise.resolve(model), webllm: () => Promise.reject(new Error('not here')), encodingOf: tableEncodingOf, clock })
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
