// Experiments in the page: the results that came with it and those that were made here, which one is on show, and how the one that
// is being run goes on.
import { createStore, type StoreApi } from 'zustand'
import { messageOf } from '../../core/error-message.ts'
import type { ExperimentName } from '../../core/experiments/experiments.ts'
import type { ExperimentResult } from '../../core/experiments/result.ts'
import type { ExperimentStore, ListedResult } from '../../core/experiments/results.ts'
import type { ExperimentProgress } from '../../core/experiments/run.ts'
import type { ModelSource } from '../../core/policy/model.ts'
import type { Trajectory } from '../../core/record/trajectory.ts'
import type { ReplayRequest, TrainingApi } from '../../rpc/training.ts'
import { isOfLostWorker } from '../../rpc/worker-lost-error.ts'
import { t } from '../locales/index.ts'
import type { ShippedList, ShippedResults } from './experiment-core.ts'
import type { TaughtCheckpoint } from './taught-start.ts'

export interface ExperimentSetup {
  seeds: number
  tasks: number
  /** null: those of the preset. */
  steps: number | null
}

export type Part = 'cells' | 'steps'

/** What is being run. */
export interface LiveExperiment {
  key: string
  experiment: ExperimentName
  progress: ExperimentProgress | null
  /** What was told last, on a monotonic clock, ms; and what parts of both took until now, and how much of them was made. */
  told: number
  spent: Record<Part, { ms: number; made: number }>
  pausing: boolean
}

/** Where in the view somebody is. */
export interface ExperimentPlace {
  name: ExperimentName
  /** Key of a result that was made here or with another model; null: the one of nano that came with the page. */
  key: string | null
}

export interface ExperimentsState {
  at: ExperimentPlace | null
  setup: ExperimentSetup
  /** Those that were made here, newest first; null: not read yet. */
  kept: ListedResult[] | null
  /** Those that came with the page; null: not read yet. */
  came: ShippedList | null
  /** The result on show. */
  result: ExperimentResult | null
  loading: boolean
  live: LiveExperiment | null
  /** The episode of a cell that is being played again. */
  replaying: boolean
  failure: string | null
  /** A worker was lost: restarting cures the failure. */
  broken: boolean
  set(patch: Partial<ExperimentSetup>): void
  refresh(): Promise<void>
  /** Shows an experiment; null: the list. Never rejects. False when that result is not kept. */
  open(place: { name: string; key: string | null } | null): Promise<boolean>
  /** Runs a new one. Never rejects. */
  begin(name: ExperimentName, source: ModelSource): Promise<void>
  /** Goes on with the one on show. Never rejects. */
  resume(source: ModelSource): Promise<void>
  /** Behind what is being done. */
  pause(): void
  /** At once: what is being done is lost. */
  stop(): void
  remove(key: string): Promise<void>
  /** Takes a result from a file. @throws Error saying what is wrong with it */
  take(text: string): Promise<void>
  /** Plays an episode again. null: it failed, and the failure says why. */
  replay(of: Omit<ReplayRequest, 'result' | 'source'>, source: ModelSource): Promise<Trajectory | null>
  lost(): void
  restarted(): void
}

/** What experiments are: not of the first visit, so it comes when it is asked for. */
const core = () => import('./experiment-core.ts')

export type ExperimentsStore = StoreApi<ExperimentsState>

interface ExperimentsBackend {
  lab(): { training: Pick<TrainingApi, 'experiment' | 'replay' | 'pause' | 'stop'> }
  memory(): { experiments: ExperimentStore }
}

interface ExperimentsParts {
  backend: ExperimentsBackend
  newKey: () => string
  /** ms since 1970; a monotonic clock, ms. */
  now: () => number
  clock: () => number
  /** A file that came with the page. @throws Error when there is none */
  file: (path: string) => Promise<Blob>
  /** What the model was taught before; null: nothing. @throws Error when it cannot be had */
  taught: (source: ModelSource) => Promise<Pick<TaughtCheckpoint, 'checkpoint'> | null>
}

export function createExperimentsStore({ backend, newKey, now, clock, file, taught }: ExperimentsParts): ExperimentsStore {
  /** Counts runs: what an earlier one still tells is not taken. */
  let current = 0
  let asked = 0
  let shelf: ShippedResults | null = null
  return createStore<ExperimentsState>((set, get) => {
    const fail = (words: string, said: string) => { set({ failure: said, broken: isOfLostWorker(words) }) }

    const shelfOf = async () => (shelf ??= new (await core()).ShippedResults(file))

    /** @param fresh it begins with what comes with the page for its model */
    async function run(given: ExperimentResult, source: ModelSource, fresh: boolean): Promise<void> {
      let result = given
      const { experiment, key } = result
      const { begunWith, isExperiment, toldOf } = await core()
      if (get().live || !isExperiment(experiment)) return
      const mine = ++current
      set({ live: { key, experiment, progress: null, told: clock(), spent: { cells: { ms: 0, made: 0 }, steps: { ms: 0, made: 0 } }, pausing: false }, failure: null, broken: false, result, at: { name: experiment, key } })
      const ended = (state: Partial<ExperimentsState>) => { if (mine === current) set({ live: null, ...state }) }
      try {
        // A result that says so needs it again.
        const start = fresh || result.plan.start ? await taught(source) : null
        if (fresh && start) result = { ...result, plan: begunWith(result.plan, start.checkpoint) }
        await backend.lab().training.experiment({ result, source }, (event) => {
          const { live } = get()
          if (mine !== current || !live) return
          if (event.type === 'kept') {
            set((state) => ({ result: state.result?.key === key ? event.result : state.result }))
            if (!event.saved) set({ failure: t().experiments.notSaved })
            return
          }
          set({ live: toldOf(live, event.progress, clock()) })
        })
        ended({})
      } catch (error) {
        const words = messageOf(error)
        const stopped = error instanceof Error && error.name === 'AbortError'
        ended(stopped ? {} : { failure: t().experiments.failed(words), broken: isOfLostWorker(words) })
      }
      await get().refresh()
    }

    return {
      at: null,
      setup: { seeds: 3, tasks: 24, steps: null },
      kept: null,
      came: null,
      result: null,
      loading: false,
      live: null,
      replaying: false,
      failure: null,
      broken: false,
      set: (patch) => { set(({ setup }) => ({ setup: { ...setup, ...patch } })) },
      async refresh() {
        try {
          set({ kept: await backend.memory().experiments.list() })
          set({ came: await (await shelfOf()).list() })
        } catch (error) {
          fail(messageOf(error), t().experiments.notListed(messageOf(error)))
        }
      },
      async open(wanted) {
        const mine = ++asked
        const { isExperiment } = await core()
        if (mine !== asked) return true
        const place = wanted && isExperiment(wanted.name) ? { ...wanted, name: wanted.name } : null
        if (place === null) {
          set({ at: null, result: null, loading: false, ...(wanted && { failure: t().experiments.strange(wanted.name) }) })
          return wanted === null
        }
        const { at, result } = get()
        if (result && at?.name === place.name && at.key === place.key) return true
        set({ at: place, result: null, loading: true, failure: null, broken: false })
        try {
          const own = place.key === null ? null : await backend.memory().experiments.get(place.key)
          const found = own ?? (await (await shelfOf()).at(place))
          if (mine !== asked) return true
          const gone = place.key !== null && found?.experiment !== place.name
          set({ result: gone ? null : found, loading: false, ...(gone && { at: { ...place, key: null }, failure: t().experiments.gone }) })
          return !gone
        } catch (error) {
          if (mine === asked) set({ loading: false, failure: t().experiments.notOpened(messageOf(error)), broken: isOfLostWorker(messageOf(error)) })
          return false
        }
      },
      async begin(name, source) {
        const { plannedHere } = await core()
        const plan = plannedHere(name, get().setup, source.name)
        const machine = t().experiments.thisBrowser
        await run({ kind: 'agemem-experiment', schema_version: 1, key: newKey(), experiment: name, created: now(), model: { name: source.name, sha256: null }, machine, judge: 'rules', plan, trainings: [], cells: [] }, source, true)
      },
      async resume(source) {
        const { result } = get()
        if (result) await run(result, source, false)
      },
      pause() {
        set(({ live }) => ({ live: live && { ...live, pausing: true } }))
        void backend.lab().training.pause().catch(() => undefined)
      },
      stop() {
        if (get().live) void backend.lab().training.stop().catch(() => undefined)
      },
      async remove(key) {
        await backend.memory().experiments.delete(key).catch(() => undefined)
        const { at } = get()
        if (at?.key === key) await get().open({ ...at, key: null })
        await get().refresh()
      },
      async take(text) {
        const { isExperiment, listedOf, readResult } = await core()
        const read = readResult(text)
        if (!isExperiment(read.experiment)) throw new Error(t().experiments.strange(read.experiment))
        const result = { ...read, key: newKey() }
        await backend.memory().experiments.put(result)
        set({ at: { name: read.experiment, key: result.key }, result, failure: null, broken: false })
        set(({ kept }) => ({ kept: [listedOf(result), ...(kept ?? [])] }))
      },
      async replay(of, source) {
        const { result, replaying } = get()
        if (!result || replaying) return null
        set({ replaying: true, failure: null, broken: false })
        try {
          if (result.plan.start) await taught(source)
          return await backend.lab().training.replay({ ...of, result, source })
        } catch (error) {
          const words = messageOf(error)
          fail(words, t().experiments.notReplayed(words))
          return null
        } finally {
          set({ replaying: false })
        }
      },
      lost() {
        if (get().live === null) return
        current++
        set({ live: null, failure: t().experiments.lost, broken: true })
      },
      restarted: () => { set(({ broken, failure }) => ({ failure: broken ? null : failure, broken: false })) },
    }
  })
}
