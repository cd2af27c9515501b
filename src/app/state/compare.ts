// A comparison on held-out tasks: who takes part, how it goes, what came out.
import { createStore, type StoreApi } from 'zustand'
import type { TrainConfig } from '../../core/training/config.ts'
import type { ModelSource } from '../../core/policy/model.ts'
import type { Compared, TrainingApi } from '../../rpc/training.ts'
import { isOfLostWorker } from '../../rpc/worker-lost-error.ts'
import { messageOf } from '../../core/error-message.ts'

/** What is compared and on what. */
interface CompareSetup {
  /** Keys of the checkpoints beside the base model; the second one is optional. */
  first: string | null
  second: string | null
  tasks: number
  seed: number
}

export interface CompareResult {
  setup: CompareSetup
  /** The base model first. */
  compared: Compared[]
}

export interface CompareState {
  setup: CompareSetup
  /** How far it is, 0 to 1; null when nothing is under way. */
  share: number | null
  stopping: boolean
  result: CompareResult | null
  failure: string | null
  /** Index of the task whose episodes are shown. */
  task: number
  set(patch: Partial<CompareSetup>): void
  choose(task: number): void
  /** Plays. Never rejects. */
  begin(source: ModelSource, config: TrainConfig): Promise<void>
  stop(): void
  lost(): void
  /** Other workers stand in for lost ones. */
  restarted(): void
}

export type CompareStore = StoreApi<CompareState>

const lostWords = 'A background worker stopped while it played. Restart, then compare again.'

export function createCompareStore(backend: { lab(): { training: TrainingApi } }): CompareStore {
  /** Counts comparisons: what an earlier one still tells is not taken. */
  let current = 0
  return createStore<CompareState>((set, get) => ({
    setup: { first: null, second: null, tasks: 32, seed: 2601 },
    share: null,
    stopping: false,
    result: null,
    failure: null,
    task: 0,
    set: (patch) => { set((state) => ({ setup: { ...state.setup, ...patch } })) },
    choose: (task) => { set({ task }) },
    async begin(source, config) {
      const { setup, share } = get()
      if (share !== null || setup.first === null) return
      const mine = ++current
      set({ share: 0, stopping: false, failure: null })
      const adapters = [null, setup.first, ...(setup.second === null ? [] : [setup.second])]
      try {
        const compared = await backend.lab().training.compare({ source, adapters, config, tasks: setup.tasks, seed: setup.seed }, (done) => {
          if (mine === current) set({ share: done })
        })
        if (mine === current) set({ share: null, result: { setup, compared }, task: 0 })
      } catch (error) {
        if (mine === current) set((state) => ({ share: null, failure: state.stopping ? null : messageOf(error) }))
      }
    },
    stop() {
      if (get().share === null) return
      set({ stopping: true })
      void backend.lab().training.stop().catch(() => undefined)
    },
    lost() {
      if (get().share === null) return
      current++
      set({ share: null, failure: lostWords })
    },
    restarted: () => { set(({ failure }) => ({ failure: failure !== null && (failure === lostWords || isOfLostWorker(failure)) ? null : failure })) },
  }))
}
