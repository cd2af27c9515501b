// The stores of training over runs in memory, for tests: workers are what a test gives, what it does not give throws.
// Only tests import it.
import { InMemoryRuns } from '../../core/training/in-memory-runs.ts'
import { InMemoryDataSets } from '../../core/environments/data-sets.ts'
import type { LabApi, ModelApi } from '../../rpc/contracts.ts'
import type { LiveApi } from '../../rpc/live.ts'
import type { TrainingApi } from '../../rpc/training.ts'
import type { Backend } from '../backend.ts'
import { createTrainingWorkspace } from './training-workspace.ts'
import { InMemoryExperiments } from '../../core/experiments/results.ts'
import { InMemoryComparisons } from '../../core/evaluation/in-memory-comparisons.ts'
import { createConfigStore } from './config.ts'
import { createEpisodeStore } from './episode.ts'
import { createModelStore } from './model.ts'
import { createUiStore } from './ui.ts'
import { createWebLlmStore } from './webllm.ts'
import { createWeightsStore } from './weights.ts'

const absent = (): never => {
  throw new Error('not in this test')
}
const rejecting = () => Promise.reject(new Error('not in this test'))

export const noBackend: Backend = { lab: absent, memory: absent, model: absent, webllm: absent, weights: absent, restart: rejecting, onLost: absent, onRestart: absent }

export interface Given {
  training?: Partial<TrainingApi>
  model?: Partial<Pick<ModelApi, 'load' | 'peftFiles' | 'readPeft'>>
  live?: Partial<Pick<LiveApi, 'load' | 'peftFiles' | 'readPeft' | 'look' | 'cardBytes'>>
  /** A file that came with the page. */
  file?: (path: string) => Promise<Blob>
  lab?: Partial<Pick<LabApi, 'keepTasks' | 'roomOfData' | 'readTrajectories' | 'kindOfDropped' | 'readAdapter' | 'readTrained' | 'importRun' | 'exportShown' | 'verlFiles'>>
}

export function workspaceFixture(given: Given = {}) {
  const store = new InMemoryRuns()
  const data = new InMemoryDataSets()
  const config = createConfigStore()
  const ui = createUiStore({ get: () => null, set: () => undefined }, ['en'])
  const model = createModelStore(noBackend, 'http://here/', { get: () => null, set: () => undefined })
  const webllm = createWebLlmStore(noBackend, () => 0)
  const training: TrainingApi = { train: rejecting, pause: rejecting, stop: rejecting, compare: rejecting, experiment: rejecting, replay: rejecting, viewUpdate: rejecting, ...given.training }
  const backend = {
    lab: () => ({ training, keepTasks: rejecting, roomOfData: rejecting, readTrajectories: rejecting, kindOfDropped: rejecting, readAdapter: rejecting, readTrained: rejecting, importRun: rejecting, exportShown: rejecting, verlFiles: rejecting, ...given.lab }),
    memory: () => ({ runs: store, data, comparisons: new InMemoryComparisons(), experiments: new InMemoryExperiments() }),
    model: () => ({ load: rejecting, peftFiles: rejecting, readPeft: rejecting, ...given.model }),
    webllm: () => ({ live: { load: rejecting, peftFiles: rejecting, readPeft: rejecting, look: rejecting, cardBytes: rejecting, ...given.live } }),
  }
  const workspace = createTrainingWorkspace({ backend, config, ui, episode: createEpisodeStore(noBackend, absent), model, weights: createWeightsStore(noBackend, () => 0, model.getState().nanoSource), webllm, newKey: () => 'new', now: () => 1, clock: () => 0, ...(given.file ? { shippedFile: given.file } : {}) })
  /** Notices on show: tone and text. */
  const notices = () => ui.getState().notices.map(({ tone, text }) => `${tone}: ${text}`)
  return { workspace, store, config, ui, model, webllm, notices }
}

/** What the page hands to the downloads of a browser that there is none of, by name. @param stub as vi.stubGlobal */
export function watchDownloads(stub: (name: string, value: unknown) => void): Map<string, Blob> {
  const taken = new Map<string, Blob>()
  const blobs = new Map<string, Blob>()
  stub('document', {
    createElement: () => {
      const link = { href: '', download: '', click: () => taken.set(link.download, blobs.get(link.href) ?? new Blob()) }
      return link
    },
  })
  stub(
    'URL',
    class extends URL {
      static override createObjectURL(blob: unknown): string {
        const url = `blob:${blobs.size}`
        if (blob instanceof Blob) blobs.set(url, blob)
        return url
      }
      static override revokeObjectURL(): void {
        // Nothing is held.
      }
    },
  )
  return taken
}
