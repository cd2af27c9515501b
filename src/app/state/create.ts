// Puts the stores together over a backend.
import type { Backend } from '../backend.ts'
import { takeTraining } from '../runs/take-training.ts'
import { createActions, type Actions } from '../actions/index.ts'
import { createTrainingWorkspace } from './training-workspace.ts'
import { createConfigStore } from './config.ts'
import type { Stores } from './context.tsx'
import { createEpisodeStore } from './episode.ts'
import { createFilesStore } from './files.ts'
import { createHostingStore } from './hosting.ts'
import { createLibraryStore } from './library.ts'
import { createModelStore } from './model.ts'
import { rememberedOwn, rememberOwn } from './own.ts'
import { createTourStore } from './tour.ts'
import { createUiStore, type Remembered } from './ui.ts'
import { createWebLlmStore } from './webllm.ts'
import { createWeightsStore, type PageStorage } from './weights.ts'

interface Surroundings {
  remembered: Remembered
  /** A key that no recorded episode has. */
  newKey: () => string
  /** ms since 1970. */
  now: () => number
  /** A monotonic clock, ms. */
  clock: () => number
  /** Address of the page. */
  base: string
  /** The languages that the browser prefers, best first. */
  languages: readonly string[]
  /** Whether the browser lets the page use threads, and how many the machine has. */
  isolated: boolean
  cores: number
  /** One view without its frame, inside another page. */
  embedded: boolean
  /** What the browser lets the page keep; left out where it does not say. */
  storage?: PageStorage
}

/** A file that comes with the page. */
const shippedFrom = (base: string) => async (path: string) => {
  const response = await fetch(new URL(path, base))
  if (!response.ok) throw new Error(`${path} did not come: ${response.status}.`)
  return response.blob()
}

export function createStores(backend: Backend, surroundings: Surroundings): Stores {
  const { remembered, newKey, now, clock, base, languages, isolated, cores, embedded, storage } = surroundings
  const config = createConfigStore(rememberedOwn(remembered))
  rememberOwn(config, remembered)
  const files = createFilesStore(backend)
  const hosting = createHostingStore(remembered, isolated, cores)
  const library = createLibraryStore(backend, newKey, now)
  const episode = createEpisodeStore(backend, () => void library.getState().refresh())
  const model = createModelStore(backend, base, remembered)
  const weights = createWeightsStore(backend, clock, model.getState().nanoSource, storage)
  const ui = createUiStore(remembered, languages, embedded)
  const webllm = createWebLlmStore(backend, clock)
  const workspace = createTrainingWorkspace({ backend, config, ui, episode, model, weights, webllm, newKey, now, clock, remembered, shippedFile: shippedFrom(base) })
  const tour = createTourStore({
    config,
    episode,
    ui,
    newKey,
    run: (options) => made.actions.run(options),
    later(ms, act) {
      const timer = setTimeout(act, ms)
      return () => { clearTimeout(timer) }
    },
  })
  const made: { actions: Actions; commands: Stores['commands'] } = createActions({
    ...{ backend, config, episode, files, library, model, tour, ui, webllm, weights, newKey },
    takeTraining: (dropped) => takeTraining({ workspace, ui }, dropped),
    workspace,
    restarted: workspace.restarted,
    reconnected: workspace.reconnected,
  })
  return { config, episode, files, hosting, library, model, tour, ui, webllm, weights, ...made, workspace }
}
