// The training under way and the plan of the next one. What it finds goes to the runs; this knows only where it stands.
import { createStore, type StoreApi } from 'zustand'
import { trainConfigSchema, trainPresetNames, trainPresets, type TrainConfig, type TrainPreset } from '../../core/training/config.ts'
import { questionOptionsOf } from '../../core/environments/question/training-tasks.ts'
import { supervisedConfigSchema, warmStart, type SupervisedConfig } from '../../core/training/supervised/config.ts'
import type { ModelProgress, ModelSource } from '../../core/policy/model.ts'
import type { Trajectory } from '../../core/record/trajectory.ts'
import type { RunRecord } from '../../core/training/runs.ts'
import { isOfLostWorker } from '../../rpc/worker-lost-error.ts'
import type { TrainEvent, TrainingApi, TrainPart, TrainRequest, TrainUntil } from '../../rpc/training.ts'
import { t } from '../locales/index.ts'
import { runOf, type RunsStore } from './runs.ts'
import { paceOfRun, rememberedPaces, rememberPaces, type Paces } from './training-pace.ts'
import type { Remembered } from './ui.ts'
import { sameData } from '../../core/same-data.ts'
import { messageOf } from '../../core/error-message.ts'

export interface Live {
  run: string
  until: TrainUntil
  /** pausing: the present step is finished first. stopping: it is given up. */
  phase: 'loading' | 'training' | 'pausing' | 'stopping'
  /** What the model's loading is at. */
  loading: ModelProgress | null
  /** The step being made, from 1; 0 before the first. */
  step: number
  part: TrainPart | null
  /** Of the part, 0 to 1. */
  share: number
}

/** One rollout while the training plays it. */
export interface WatchedRollout {
  run: string
  trajectory: Trajectory
  /** Known once the step is made. */
  outcome: { reward: number; advantage: number } | null
}

export interface TrainingState {
  /** What Train begins. */
  plan: TrainConfig
  /** The model that it trains. */
  source: ModelSource
  /** Key of the checkpoint that a new run begins from; null: a fresh adapter. */
  from: string | null
  live: Live | null
  /** The first rollout of the newest step of the training under way, as far as it has come. */
  watched: WatchedRollout | null
  /** Why the last training could not go on, and of which run. */
  problem: { run: string; message: string; /** A worker was lost; that is cured by another one. */ lost?: boolean } | null
  /** How fast models trained in this browser. */
  paces: Paces
  /** The last finished step could not be written to the disk. */
  unsaved: boolean
  /** What Teach begins, but for seed, tasks and limits, which are the plan's. */
  lesson: SupervisedConfig
  /** What does not fit is not taken. */
  setLesson(patch: Partial<SupervisedConfig>): void
  /** Begins a supervised training of the planned model. */
  teach(): Promise<void>
  /** What does not fit is not taken. */
  setPlan(patch: Partial<TrainConfig>): void
  usePreset(preset: TrainPreset): void
  setSource(source: ModelSource): void
  beginFrom(checkpoint: string | null): void
  /** Begins a new run as planned. */
  begin(until: TrainUntil): Promise<void>
  /** Goes on with a run; one that is finished goes beyond its plan. */
  resume(key: string, until: TrainUntil): Promise<void>
  pause(): void
  stop(): void
  /** The worker is gone: nothing is under way any more. */
  lost(): void
  /** Other workers stand in for lost ones: what only a lost one was to blame for is no problem any more. */
  restarted(): void
  /** What was in memory alone has been written. */
  written(): void
}

export type TrainingStore = StoreApi<TrainingState>

interface TrainingSurroundings {
  /** The embedded model. */
  source: ModelSource
  /** Models that are at hand, to find a run's again. */
  sources: () => readonly ModelSource[]
  newKey: () => string
  /** Told when a training ended, with the run as it then is. */
  onEnd: (record: RunRecord) => void
  /** Where the pace is kept for the next visit; left out: nowhere. */
  remembered?: Remembered
}


/** A finished run goes on by this share of its plan. */
const extension = 0.5

/** The preset that a plan is, whatever its seed; null for one of its own. */
export function presetOf(plan: TrainConfig): TrainPreset | null {
  // Runs of before there was a choice of reference are what they were called.
  const is = (preset: TrainConfig) => sameData({ ...plan, seed: 0, reference: preset.reference }, { ...preset, seed: 0 })
  return trainPresetNames.find((name) => is(trainPresets[name])) ?? null
}

/** The lesson as it is begun under a plan: the demonstrator knows tasks of the world alone. */
export function lessonOf(lesson: SupervisedConfig, { seed, tasks, episode }: TrainConfig): SupervisedConfig {
  const name = questionOptionsOf(tasks)?.source === 'world' ? lesson.teacher.name : 'oracle'
  return { ...lesson, seed, tasks, episode, teacher: { ...lesson.teacher, name } }
}

/** What a new run is called until somebody names it. */
export function nameOf(plan: TrainConfig, others: readonly { name: string }[], base: string = presetOf(plan) ?? 'own plan'): string {
  const taken = new Set(others.map(({ name }) => name))
  for (let i = 1; ; i++) {
    const name = `${base} ${i}`
    if (!taken.has(name)) return name
  }
}

function liveAfter(live: Live, event: TrainEvent): Live {
  const going = live.phase === 'loading' ? 'training' : live.phase
  switch (event.type) {
    case 'loading':
      return { ...live, loading: event.progress }
    case 'progress':
      return { ...live, phase: going, loading: null, step: event.step, part: event.part, share: event.share }
    case 'run':
    case 'watched':
    case 'watched-step':
    case 'watched-end':
    case 'step':
    case 'evaluation':
    case 'checkpoint':
      return live
  }
}

/** The rollout that is watched after an event: it grows step by step, and has its reward and advantage once the update is made. */
function watchedAfter(watched: WatchedRollout | null, event: TrainEvent): WatchedRollout | null {
  if (event.type === 'watched') return { run: event.run, trajectory: event.trajectory, outcome: null }
  if (watched?.run !== event.run) return watched
  if (event.type === 'watched-step') return { ...watched, trajectory: { ...watched.trajectory, steps: [...watched.trajectory.steps, event.step] } }
  if (event.type === 'watched-end') return { ...watched, trajectory: { ...watched.trajectory, ...event.end } }
  if (event.type !== 'step' || event.metrics.step !== watched.trajectory.id.batch) return watched
  const [group] = event.metrics.groups
  if (group?.task !== watched.trajectory.id.task) return watched
  const [reward, advantage] = [group.rewards[0], group.advantages[0]]
  return reward === undefined || advantage === undefined ? watched : { ...watched, outcome: { reward, advantage } }
}

export function createTrainingStore(backend: { lab(): { training: TrainingApi } }, runs: RunsStore, { source, sources, newKey, onEnd, remembered }: TrainingSurroundings): TrainingStore {
  return createStore<TrainingState>((set, get) => {
    /** Takes note of how fast it goes. */
    function clock(run: string) {
      const record = runOf(runs.getState(), run)
      const data = runs.getState().data[run]
      const pace = record && data?.state === 'ready' ? paceOfRun(record.config, data.steps, data.evaluations) : null
      if (!record || !pace) return
      set((state) => ({ paces: { ...state.paces, [record.model]: pace } }))
      if (remembered) rememberPaces(remembered, get().paces)
    }

    async function train(request: TrainRequest, until: TrainUntil) {
      const { run } = request
      set({ live: { run, until, phase: 'loading', loading: null, step: 0, part: null, share: 0 }, watched: null, problem: null, unsaved: false })
      const current = () => get().live?.run === run
      const take = (events: TrainEvent[]) => {
        runs.getState().take(events)
        if (!current()) return
        if (events.some(({ type }) => type === 'step' || type === 'evaluation')) clock(run)
        const saved = events.findLast((event) => event.type === 'step')?.saved
        set((state) => ({ live: state.live && events.reduce(liveAfter, state.live), watched: events.reduce(watchedAfter, state.watched), unsaved: saved === undefined ? state.unsaved : !saved }))
      }
      try {
        const record = await backend.lab().training.train(request, until, take)
        runs.getState().take([{ type: 'run', run, record }])
        if (current()) set({ live: null })
        onEnd(record)
      } catch (error) {
        if (current()) set({ live: null, problem: { run, message: messageOf(error) } })
        await runs.getState().refresh()
      }
    }

    /** A new run, on show at once. @param supervised a lesson, which begins from the base model */
    async function beginRun(until: TrainUntil, supervised?: SupervisedConfig) {
      const { live, plan, source: model, from } = get()
      if (live) return
      const run = newKey()
      const name = nameOf(plan, runs.getState().runs ?? [], supervised && t().lesson.runName)
      const trained = train({ run, name, source: model, config: plan, from: supervised ? null : from, ...(supervised && { supervised }) }, until)
      runs.setState((state) => ({ shown: run, data: { ...state.data, [run]: { state: 'ready', steps: [], evaluations: [] } } }))
      await trained
      // It failed before there was anything to keep.
      if (!runOf(runs.getState(), run) && runs.getState().shown === run) await runs.getState().show(null)
    }

    const quietly = (call: Promise<void>) => void call.catch(() => undefined)
    const sourceOf = ({ model, model_url }: RunRecord): ModelSource | null =>
      [get().source, ...sources()].find(({ name }) => name === model) ?? (model_url === null ? null : { kind: 'url', name: model, url: model_url })

    return {
      plan: trainPresets.quick,
      source,
      from: null,
      live: null,
      watched: null,
      problem: null,
      paces: remembered ? rememberedPaces(remembered) : {},
      unsaved: false,

      lesson: { ...warmStart, steps: 120, b: 1, evaluation: { ...warmStart.evaluation, every: 20, demonstrations: 4, tasks: 8 } },

      setLesson: (patch) => { set((state) => ({ lesson: supervisedConfigSchema.catch(state.lesson).parse({ ...state.lesson, ...patch }) })) },
      async teach() {
        const { plan, lesson } = get()
        await beginRun('end', lessonOf(lesson, plan))
      },
      setPlan: (patch) => { set((state) => ({ plan: trainConfigSchema.catch(state.plan).parse({ ...state.plan, ...patch }) })) },
      usePreset: (preset) => { set((state) => ({ plan: { ...trainPresets[preset], seed: state.plan.seed } })) },
      setSource: (next) => { set({ source: next, from: null }) },
      beginFrom: (from) => { set({ from }) },

      begin: (until) => beginRun(until),
      async resume(key, until) {
        const record = runOf(runs.getState(), key)
        if (get().live || !record || record.status === 'imported') return
        const model = sourceOf(record)
        if (!model) {
          set({ problem: { run: key, message: t().train.modelOfFolder(record.model) } })
          return
        }
        const { steps } = record.config
        const config = until === 'step' || record.steps < steps ? record.config : { ...record.config, steps: record.steps + Math.max(1, Math.round(steps * extension)) }
        await train({ run: key, name: record.name, source: model, config, from: null }, until)
      },
      pause() {
        if (!get().live) return
        set((state) => ({ live: state.live && { ...state.live, phase: 'pausing' } }))
        quietly(backend.lab().training.pause())
      },
      stop() {
        if (!get().live) return
        set((state) => ({ live: state.live && { ...state.live, phase: 'stopping' } }))
        quietly(backend.lab().training.stop())
      },
      lost() {
        const { live } = get()
        if (live) set({ live: null, problem: { run: live.run, message: t().train.workerLost, lost: true } })
      },
      restarted: () => { set(({ problem }) => ({ problem: problem && (problem.lost || isOfLostWorker(problem.message)) ? null : problem })) },
      written: () => { set({ unsaved: false }) },
    }
  })
}
