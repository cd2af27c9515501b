// Stopping an episode: once that has resolved, its record is as it will be, so that whoever deletes it then has deleted it.
import { InMemoryExperiments } from '../core/experiments/results.ts'
import { describe, expect, it } from 'vitest'
import { settingsPresets } from '../core/episode/settings.ts'
import type { Trajectory } from '../core/record/trajectory.ts'
import { InMemoryRuns } from '../core/training/in-memory-runs.ts'
import { HashEmbedder } from '../core/memory/hash-embedder.ts'
import { InMemoryStore } from '../core/memory/in-memory-store.ts'
import { defaultDifficulty, worldTask } from '../core/environments/question/sources/world.ts'
import { createLab } from './lab.ts'
import { InMemoryDataSets } from '../core/environments/data-sets.ts'

const turn = () => new Promise((resolve) => setTimeout(resolve, 5))

describe('stopping an episode', () => {
  it('resolves after its record was written for the last time, and at once when it is not played', async () => {
    const embedder = new HashEmbedder()
    const kept = new Map<string, Trajectory>()
    const archive = {
      // As slow as a disk.
      put: async (key: string, trajectory: Trajectory) => {
        await turn()
        kept.set(key, trajectory)
        return { saved: true }
      },
      list: () => Promise.resolve([]),
      get: () => Promise.resolve(null),
      delete: () => Promise.resolve(),
    }
    const absent = () => Promise.reject(new Error('not here'))
    let time = 0
    const lab = createLab({
      memory: () => Promise.resolve({ store: new InMemoryStore(embedder), archive, runs: new InMemoryRuns(), data: new InMemoryDataSets(), experiments: new InMemoryExperiments() }),
      model: absent,
      webllm: absent,
      encodingOf: () => { throw new Error('not here') },
      clock: { wall: () => ++time, monotonic: () => (time += 1000) },
    })
    const task = worldTask({ seed: 1, index: 0, split: 'train', difficulty: defaultDifficulty })
    const playing = lab.runEpisode({ key: 'e', task, policy: { name: 'oracle' }, seed: 1, settings: settingsPresets.playground }, { kind: 'pause' }, () => undefined)
    await lab.stepOnce('e')
    while (!kept.has('e')) await turn()
    await lab.stop('e')
    kept.delete('e')
    await playing
    await turn()
    await turn()
    expect([...kept.keys()]).toEqual([])
    await lab.stop('e')
  })
})
