// Training runs as the page knows them: the list, what was read of each, their checkpoints. What is read from the store
// and what the training tells meet here by step number, so that neither order matters.
import { createStore, type StoreApi } from 'zustand'
import type { Trajectory } from '../../core/record/trajectory.ts'
import type { EvaluationMetrics, StepMetrics } from '../../core/training/metrics.ts'
import type { AdapterState } from '../../core/policy/trainable.ts'
import type { CheckpointRecord, RunRecord, RunStore } from '../../core/training/runs.ts'
import { isShipped, shippedRunKey } from '../../core/training/shipped-run.ts'
import type { TrainEvent } from '../../rpc/training.ts'
import type { Remembered } from './ui.ts'
import { t } from '../locales/index.ts'
import { messageOf } from '../../core/error-message.ts'

/** What was read of a run. */
type RunData =
  | { state: 'reading' }
  | { state: 'failed'; message: string }
  | { state: 'ready'; steps: StepMetrics[]; evaluations: EvaluationMetrics[] }

export interface RunsState {
  /** Newest first; null until the first answer. */
  runs: RunRecord[] | null
  /** Newest first; null until the first answer. */
  checkpoints: CheckpointRecord[] | null
  /** Why the lists could not be read. */
  failure: string | null
  /** By the run's key; of runs that were shown or trained. */
  data: Readonly<Record<string, RunData>>
  /** Key of the run on show; null: none, a new one is being planned. */
  shown: string | null
  /** Keys of the runs that are drawn over it in every chart. */
  over: readonly string[]
  /** The run that came with the page is not listed. */
  shippedHidden: boolean
  refresh(): Promise<void>
  /** Takes the run that came with the page off the lists, or puts it on them again. */
  hideShipped(hidden: boolean): Promise<void>
  show(key: string | null): Promise<void>
  /** Draws a run over the one on show, or takes it off. */
  layOver(key: string, on: boolean): Promise<void>
  /** Reads the steps of runs without showing them. */
  read(keys: readonly string[]): Promise<void>
  /** Takes what the training tells. */
  take(events: readonly TrainEvent[]): void
  rename(key: string, name: string): Promise<void>
  /** Forgets what was read, all but what the training told of `live`, and reads it again: the database may be another one. */
  reread(live: string | null): Promise<void>
  /** Deletes for good what an earlier visit deleted and had no time to. Never rejects. */
  sweep(): Promise<void>
  /**
   * Takes a run off the list and out of the store's; some seconds later it is deleted for good.
   * @returns once a reload would not show it any more: what brings it back until then; null when that failed, which is told
   */
  remove(key: string): Promise<(() => Promise<void>) | null>
  rollouts(run: string, step: number): Promise<Trajectory[]>
  renameCheckpoint(key: string, name: string): Promise<void>
  removeCheckpoint(key: string): Promise<(() => Promise<void>) | null>
  adapterState(key: string): Promise<AdapterState | null>
  /** Keeps an adapter that came from elsewhere. */
  addCheckpoint(checkpoint: CheckpointRecord, state: AdapterState): Promise<{ saved: boolean }>
}

export type RunsStore = StoreApi<RunsState>

/** How long a deletion can be undone, ms. */
export const graceMs = 8000

/** Puts a newer item in the place of the one with the same step, else where it belongs. */
export function withStep<T extends { step: number }>(items: readonly T[], item: T): T[] {
  const at = items.findLastIndex((each) => each.step <= item.step)
  return at >= 0 && items[at]?.step === item.step ? items.with(at, item) : items.toSpliced(at + 1, 0, item)
}

const ready = (data: RunData | undefined) => (data?.state === 'ready' ? data : { state: 'ready' as const, steps: [], evaluations: [] })

function withEvent(data: Readonly<Record<string, RunData>>, event: TrainEvent): Readonly<Record<string, RunData>> {
  const known = ready(data[event.run])
  switch (event.type) {
    case 'step':
      return { ...data, [event.run]: { ...known, steps: withStep(known.steps, event.metrics) } }
    case 'evaluation':
      return { ...data, [event.run]: { ...known, evaluations: withStep(known.evaluations, event.evaluation) } }
    case 'run':
    case 'watched':
    case 'watched-step':
    case 'watched-end':
    case 'loading':
    case 'progress':
    case 'checkpoint':
      return data
  }
}

function withRecord(runs: readonly RunRecord[], record: RunRecord): RunRecord[] {
  const at = runs.findIndex(({ key }) => key === record.key)
  return at < 0 ? [record, ...runs] : runs.with(at, record)
}

function withCheckpoint(checkpoints: readonly CheckpointRecord[], checkpoint: CheckpointRecord): CheckpointRecord[] {
  const at = checkpoints.findIndex(({ key }) => key === checkpoint.key)
  return at < 0 ? [checkpoint, ...checkpoints] : checkpoints.with(at, checkpoint)
}

/** What an earlier visit discarded is deleted once nobody can be waiting to bring it back, ms. */
const sweepAfter = 10 * graceMs

const shippedKey = 'agemem.shipped'

/** @param onFailure told what went wrong behind the page's back, in words; @param now ms since 1970 */
export function createRunsStore(
  backend: { memory(): { runs: RunStore } },
  onFailure: (message: string) => void,
  now: () => number,
  remembered?: Remembered,
): RunsStore {
  /** Off the list, and not yet deleted. */
  const doomed = new Set<string>()
  const store = () => backend.memory().runs

  return createStore<RunsState>((set, get) => {
    async function read(key: string) {
      if (get().data[key]?.state === 'ready') return
      const put = (data: RunData) => { set((state) => ({ data: { ...state.data, [key]: data } })) }
      put({ state: 'reading' })
      try {
        const [steps, evaluations] = await Promise.all([store().steps(key), store().evaluations(key)])
        // What the training told meanwhile is newer.
        const known = ready(get().data[key])
        put({ state: 'ready', steps: known.steps.reduce(withStep, steps), evaluations: known.evaluations.reduce(withStep, evaluations) })
      } catch (error) {
        put({ state: 'failed', message: messageOf(error) })
      }
    }

    /** Off the list, then out of the store's lists, some seconds later gone for good. */
    async function doom(what: 'runs' | 'checkpoints', key: string, erase: () => Promise<void>): Promise<(() => Promise<void>) | null> {
      const failed = (error: unknown) => {
        doomed.delete(key)
        onFailure(t().runs.notRemoved(messageOf(error)))
        void get().refresh()
      }
      doomed.add(key)
      try {
        await store().discard(what, key, now())
      } catch (error) {
        failed(error)
        return null
      }
      const timer = setTimeout(() => { erase().then(() => { doomed.delete(key) }, failed) }, graceMs)
      return async () => {
        clearTimeout(timer)
        await store().discard(what, key, null)
        doomed.delete(key)
        await get().refresh()
      }
    }

    return {
      runs: null,
      checkpoints: null,
      failure: null,
      data: {},
      shown: null,
      over: [],
      shippedHidden: remembered?.get(shippedKey) === 'hidden',

      async hideShipped(hidden) {
        remembered?.set(shippedKey, hidden ? 'hidden' : 'listed')
        set(({ shown, over }) => ({
          shippedHidden: hidden,
          shown: hidden && isShipped(shown) ? null : shown,
          over: hidden ? over.filter((key) => !isShipped(key)) : over,
        }))
        await get().refresh()
      },
      async refresh() {
        try {
          const [runs, checkpoints] = await Promise.all([store().listRuns(), store().checkpoints()])
          const out = (run: string | null) => run !== null && (doomed.has(run) || (get().shippedHidden && isShipped(run)))
          set({
            runs: runs.filter(({ key }) => !out(key)),
            checkpoints: checkpoints.filter(({ key, run }) => !doomed.has(key) && !out(run)),
            failure: null,
          })
        } catch (error) {
          set({ failure: messageOf(error) })
        }
      },
      async reread(live) {
        const { shown, over } = get()
        set((state) => ({ data: Object.fromEntries(Object.entries(state.data).filter(([key]) => key === live)) }))
        await get().refresh()
        for (const key of [shown, ...over]) if (key !== null) await read(key)
      },
      async sweep() {
        await store().sweep(now() - sweepAfter).catch(() => undefined)
      },
      async show(key) {
        set((state) => ({ shown: key, over: state.over.filter((each) => each !== key) }))
        // Whoever follows a link to it wants to see it.
        if (isShipped(key) && get().shippedHidden) await get().hideShipped(false)
        if (key !== null) await read(key)
      },
      async layOver(key, on) {
        set((state) => ({ over: [...state.over.filter((each) => each !== key), ...(on && key !== state.shown ? [key] : [])] }))
        if (on) await read(key)
      },
      async read(keys) {
        for (const key of keys) await read(key)
      },
      take(events) {
        set((state) => {
          let { runs, checkpoints, data } = state
          for (const event of events) {
            data = withEvent(data, event)
            if (event.type === 'run') runs = withRecord(runs ?? [], event.record)
            if (event.type !== 'checkpoint') continue
            const gone = new Set(event.gone)
            checkpoints = withCheckpoint(checkpoints ?? [], event.checkpoint).filter(({ key }) => !gone.has(key))
          }
          return { runs, checkpoints, data }
        })
      },
      async rename(key, name) {
        const record = get().runs?.find((run) => run.key === key)
        if (!record || name.trim() === '') return
        set((state) => ({ runs: withRecord(state.runs ?? [], { ...record, name: name.trim() }) }))
        try {
          // Another tab may have trained it on since this one read it, or deleted it.
          const present = await store().getRun(key)
          if (!present) throw new Error(t().runs.deletedElsewhere)
          await store().putRun({ ...present, name: name.trim() })
        } catch (error) {
          onFailure(t().runs.notRenamed(record.name, messageOf(error)))
          await get().refresh()
        }
      },
      remove(key) {
        set((state) => ({
          runs: state.runs && state.runs.filter((run) => run.key !== key),
          checkpoints: state.checkpoints && state.checkpoints.filter(({ run }) => run !== key),
          shown: state.shown === key ? null : state.shown,
          over: state.over.filter((each) => each !== key),
        }))
        return doom('runs', key, async () => {
          await store().deleteRun(key)
          set((state) => ({ data: Object.fromEntries(Object.entries(state.data).filter(([run]) => run !== key)) }))
        })
      },
      rollouts: (run, step) => store().rollouts(run, step),
      async renameCheckpoint(key, name) {
        const checkpoint = get().checkpoints?.find((each) => each.key === key)
        if (!checkpoint || name.trim() === '') return
        const renamed = { ...checkpoint, name: name.trim() }
        set((state) => ({ checkpoints: withCheckpoint(state.checkpoints ?? [], renamed) }))
        await store().updateCheckpoint(renamed)
      },
      removeCheckpoint(key) {
        set((state) => ({ checkpoints: state.checkpoints && state.checkpoints.filter((each) => each.key !== key) }))
        return doom('checkpoints', key, () => store().deleteCheckpoint(key))
      },
      adapterState: (key) => store().checkpointState(key),
      async addCheckpoint(checkpoint, state) {
        const kept = await store().putCheckpoint(checkpoint, state)
        set((before) => ({ checkpoints: withCheckpoint(before.checkpoints ?? [], checkpoint) }))
        return kept
      },
    }
  })
}

/** Those of this browser: the run that came with the page is nobody's. Null until they were read. */
export const ownRuns = ({ runs }: Pick<RunsState, 'runs'>): RunRecord[] | null =>
  runs && runs.filter(({ key }) => !isShipped(key))

/** The run that came with the page, where it is listed. */
export const shippedRun = (state: Pick<RunsState, 'runs'>): RunRecord | null => runOf(state, shippedRunKey)

/** Are the rollouts of this step kept, as far as the record says? */
export const keepsRollouts = (run: Pick<RunRecord, 'gone'> | null, step: number): boolean =>
  !run?.gone?.rollouts.some(([first, last]) => first <= step && step <= last)

/** The record of a run by its key. */
export function runOf(state: Pick<RunsState, 'runs'>, key: string | null): RunRecord | null {
  return state.runs?.find((run) => run.key === key) ?? null
}
