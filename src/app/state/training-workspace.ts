// Puts the stores of training together, and what people can do there that touches more than one of them.
import type { Trajectory } from '../../core/record/trajectory.ts'
import { settingsPresets, usualPresetOf } from '../../core/episode/settings.ts'
import type { ModelSource } from '../../core/policy/model.ts'
import type { ComparisonStore } from '../../core/evaluation/comparisons.ts'
import type { DataSetStore } from '../../core/environments/data-sets.ts'
import type { RunNote } from '../../core/training/health.ts'
import type { CheckpointRecord, RunRecord, RunStore } from '../../core/training/runs.ts'
import type { LabApi, ModelApi } from '../../rpc/contracts.ts'
import type { LiveApi } from '../../rpc/live.ts'
import type { TrainingApi } from '../../rpc/training.ts'
import { isShipped } from '../../core/training/shipped-run.ts'
import { t } from '../locales/index.ts'
import { createCompareStore, type CompareStore } from './compare.ts'
import { createExperimentsStore, type ExperimentsStore } from './experiments.ts'
import { taughtPlace } from '../../core/policy/taught.ts'
import type { TaughtCheckpoint } from './taught-start.ts'
import type { ExperimentStore } from '../../core/experiments/results.ts'
import { groupRolloutKey } from '../../rpc/group-key.ts'
import { createGroupStore, isForItself, type GroupStore } from './group.ts'
import type { ConfigStore } from './config.ts'
import { createDataSetsStore, type DataSetsStore } from './data-sets.ts'
import type { EpisodeStore, Shown } from './episode.ts'
import type { ModelStore } from './model.ts'
import { liveModels, liveSource, sourcesOf, type WeightsStore } from './weights.ts'
import type { WebLlmStore } from './webllm.ts'
import { rolloutKey } from './rollout-key.ts'
import { baseId, checkpointId, seated } from './players.ts'
import { createRolloutsStore, type RolloutsStore } from './rollouts.ts'
import { createRunsStore, runOf, type RunsStore } from './runs.ts'
import { createTrainingStore, type TrainingStore } from './training.ts'
import type { Remembered, UiStore } from './ui.ts'
import { messageOf } from '../../core/error-message.ts'

/** What training needs of the workers. */
interface TrainingBackend {
  lab(): { training: TrainingApi } & Pick<LabApi, 'keepTasks' | 'roomOfData' | 'kindOfDropped' | 'readAdapter' | 'readTrained' | 'importRun' | 'exportShown' | 'verlFiles'>
  memory(): { runs: RunStore; data: DataSetStore; comparisons: ComparisonStore; experiments: ExperimentStore }
  model(): Pick<ModelApi, 'load' | 'peftFiles' | 'readPeft'>
  webllm(): { live: Pick<LiveApi, 'load' | 'peftFiles' | 'readPeft' | 'look' | 'cardBytes'> }
}

export interface TrainingWorkspace {
  runs: RunsStore
  training: TrainingStore
  dataSets: DataSetsStore
  group: GroupStore
  /** The table of all rollouts of a run. */
  rollouts: RolloutsStore
  compare: CompareStore
  experiments: ExperimentsStore
  backend: TrainingBackend
  /** Shows a run in the Train view. */
  showRun(key: string | null): void
  /** Opens the rollouts of a step in the Group view. */
  openRollouts(run: string, step: number): void
  /** Opens the table of all rollouts of a run, in Group. */
  openTable(run: string): void
  /** Opens one of its lines in Watch. Never rejects. */
  openRollout(rollout: { run: string; step: number; key: string }): Promise<void>
  /** Opens a recorded rollout in Watch. */
  watch(trajectory: Trajectory, at?: number): void
  /** Puts a rollout of a run on show, wherever one is. False when it is not kept. @throws with what is damaged */
  watchKept(rollout: { run: string; step: number; key: string }, at?: number): Promise<boolean>
  /**
   * Shows the rollout that the training plays now in Watch, where it goes on with it. False when nothing is being trained.
   * @param instead of what was asked for, which is said
   */
  watchLive(instead?: boolean): boolean
  /** Deletes a run, or takes the one that came with the page off the list, with a notice that can undo it. */
  removeRun(run: RunRecord): void
  removeCheckpoint(checkpoint: CheckpointRecord): void
  /** The sentence of Watch says that the model plays with this adapter. */
  playWith(checkpoint: CheckpointRecord): void
  /** Plans a comparison of the base model with this checkpoint and shows it. */
  compareWithBase(checkpoint: CheckpointRecord): void
  /** Plans a new run that begins from this checkpoint. */
  trainFrom(checkpoint: CheckpointRecord): void
  /** What comes with the page for a model, as a checkpoint; null: nothing. @throws Error when it cannot be had */
  taught(source: ModelSource): Promise<TaughtCheckpoint | null>
  /** The model that a record names, if it is at hand. */
  sourceOf(model: string): ModelSource | null
  newKey: () => string
  /** ms since 1970. */
  now: () => number
  /** What was read of runs and rollouts is read again. */
  reread(): Promise<void>
  lost(): void
  /** Other workers stand in for lost ones: what failed for want of them is read again. */
  restarted(): Promise<void>
  /** The database is another one, or has taken what memory held: all is read again. */
  reconnected(): Promise<void>
}

interface WorkspaceParts {
  backend: TrainingBackend
  config: ConfigStore
  ui: UiStore
  episode: EpisodeStore
  model: ModelStore
  weights: WeightsStore
  webllm: WebLlmStore
  newKey: () => string
  now: () => number
  /** A monotonic clock, ms. */
  clock: () => number
  /** What survives a reload; left out: nothing. */
  remembered?: Remembered
  /** A file that came with the page. */
  shippedFile?: (path: string) => Promise<Blob>
}

export { rolloutKey }

/** Where a rollout that is on show is kept; null: what is on show is no rollout of a run. */
export function rolloutOf(shown: Shown | null): { run: string; runStep: number } | null {
  if (!shown || rolloutKey(shown.trajectory) !== shown.key) return null
  const { run, batch } = shown.trajectory.id
  return { run, runStep: batch }
}

export function createTrainingWorkspace({ backend, config, ui, episode, model, weights, webllm, newKey, now, clock, remembered, shippedFile = (path) => Promise.reject(new Error(`${path} did not come with the page.`)) }: WorkspaceParts): TrainingWorkspace {
  const { notify, setView } = ui.getState()
  const fail = (message: string) => { notify({ tone: 'error', text: message }) }
  const tellPause = async (name: string, note: RunNote) => {
    // Words that a first look does not need.
    const why = await import('../locales/health.ts').then(({ noteText }) => noteText(note), () => '')
    notify({ tone: 'warn', topic: 'training', text: t().runs.paused(name, why).trim() })
  }
  const sources = () => [...sourcesOf(model.getState(), weights.getState().kept), ...liveModels(webllm.getState()).map(liveSource)]
  const runs = createRunsStore(backend, fail, now, remembered)
  const training = createTrainingStore(backend, runs, {
    source: model.getState().nanoSource,
    sources,
    newKey,
    remembered,
    onEnd(record) {
      if (record.status === 'finished') notify({ tone: 'info', topic: 'training', text: t().runs.madeItsSteps(record.name, record.steps) })
      else if (record.note !== null) void tellPause(record.name, record.note)
      void runs.getState().refresh()
    },
  })
  // Whoever looks at the rollout under way sees it go on.
  training.subscribe(({ watched }, before) => {
    if (!watched || watched === before.watched) return
    const key = rolloutKey(watched.trajectory)
    if (episode.getState().shown?.key !== key) return
    if (watched.outcome === null) episode.getState().amend(key, { key, trajectory: watched.trajectory, saved: null })
    // From now on it is kept, with all that was sampled.
    else void runs.getState().rollouts(watched.run, watched.trajectory.id.batch).then(([kept]) => { if (kept) episode.getState().amend(key, { key, trajectory: kept, saved: true }) }, () => undefined)
  })
  const dataSets = createDataSetsStore(backend, fail)
  const group = createGroupStore((run, step) => runs.getState().rollouts(run, step), clock)
  const rollouts = createRolloutsStore((run, step) => backend.memory().runs.rolloutRows(run, step), clock)
  const compare = createCompareStore(backend, newKey, now)
  /** Under way, by key: who asks meanwhile waits for the same. */
  const taking = new Map<string, Promise<TaughtCheckpoint>>()
  const taught = async (source: ModelSource) => {
    const place = taughtPlace(source.name)
    if (!place) return null
    const going = taking.get(place.key) ?? take(source, place).finally(() => { taking.delete(place.key) })
    taking.set(place.key, going)
    return going
  }
  const take = async (source: ModelSource, place: NonNullable<ReturnType<typeof taughtPlace>>) => {
    const { taughtCheckpoint } = await import('./taught-start.ts')
    return taughtCheckpoint(source, place, { backend, file: shippedFile, now, addCheckpoint: (checkpoint, state) => runs.getState().addCheckpoint(checkpoint, state), name: t().lesson.shippedName })
  }
  const experiments = createExperimentsStore({ backend, newKey, now, clock, file: shippedFile, taught })
  // What was trained for one is a run among others.
  experiments.subscribe(({ live }, before) => {
    if (before.live && !live) void runs.getState().refresh()
  })

  /** A notice with Undo. */
  const removed = async (text: string, removing: Promise<(() => Promise<void>) | null>) => {
    const undo = await removing
    if (!undo) return
    const id: number = notify({
      tone: 'info',
      text,
      action: {
        label: t().runs.undo,
        run: () => {
          ui.getState().dismiss(id)
          undo().catch((error: unknown) => { fail(t().runs.notUndone(messageOf(error))) })
        },
      },
    })
  }

  const reread = async () => {
    await runs.getState().reread(training.getState().live?.run ?? null)
    rollouts.getState().forget()
    const { at, loaded } = group.getState()
    const record = at && loaded.state === 'failed' ? runOf(runs.getState(), at.run) : null
    if (at && record) await group.getState().open(at.run, at.step, record.config)
  }

  const workspace: TrainingWorkspace = {
    runs,
    training,
    dataSets,
    group,
    rollouts,
    compare,
    experiments,
    taught,
    backend,
    newKey,
    now,
    showRun(key) {
      void runs.getState().show(key)
      setView('train')
    },
    openRollouts(run, step) {
      const record = runOf(runs.getState(), run)
      if (!record) return
      void group.getState().open(run, step, record.config)
      rollouts.getState().show(null)
      void runs.getState().show(run)
      setView('group')
    },
    openTable(run) {
      rollouts.getState().show(run)
      void runs.getState().show(run)
      setView('group')
    },
    async openRollout(rollout) {
      try {
        if (await workspace.watchKept(rollout)) setView('watch')
        else notify({ tone: 'warn', topic: 'rollout', text: t().group.table.gone })
      } catch (error) {
        notify({ tone: 'error', topic: 'rollout', text: t().group.table.notOpened(messageOf(error)) })
      }
    },
    watch(trajectory, at) {
      const { at: shown } = group.getState()
      const forItself = isForItself(shown) && shown?.run === trajectory.id.run
      const key = forItself ? groupRolloutKey(trajectory.id.run, trajectory.id.rollout) : rolloutKey(trajectory)
      episode.getState().show(key, trajectory, at)
      setView('watch')
    },
    watchLive(instead = false) {
      const { live, watched, source } = training.getState()
      if (!live) return false
      const words = t().train.live
      if (instead) notify({ tone: 'info', topic: 'live', text: watched ? words.instead(source.name) : words.soon(source.name) })
      if (watched) {
        episode.getState().show(rolloutKey(watched.trajectory), watched.trajectory)
        setView('watch')
      }
      return true
    },
    async watchKept({ run, step, key }, at) {
      const found = (await runs.getState().rollouts(run, step)).find((trajectory) => rolloutKey(trajectory) === key)
      if (found) episode.getState().show(key, found, at)
      return found !== undefined
    },
    removeRun(run) {
      if (training.getState().live?.run === run.key) return
      if (isShipped(run.key)) {
        const hidden = runs.getState().hideShipped(true)
        void removed(t().shipped.hidden, hidden.then(() => () => runs.getState().hideShipped(false)))
        return
      }
      void removed(t().runs.removed(run.name), runs.getState().remove(run.key))
    },
    removeCheckpoint(checkpoint) {
      void removed(t().runs.checkpointRemoved(checkpoint.name), runs.getState().removeCheckpoint(checkpoint.key))
    },
    playWith({ key, run, prompt, model: name }) {
      const { nanoSource, choose } = model.getState()
      const source = sources().find((each) => each.name === name)
      const nano = name === nanoSource.name
      if (source && source !== nanoSource) choose(source)
      const learnt = runOf(runs.getState(), run)?.config.episode.prompt ?? prompt
      // A pretrained model is asked as it was taught to be.
      const settings = !nano && learnt !== undefined ? { settings: settingsPresets[usualPresetOf(learnt)] } : {}
      config.getState().set({ policy: nano ? 'nano' : 'own', adapter: key, ...settings })
      setView('watch')
    },
    compareWithBase({ key, model: name }) {
      compare.getState().set({ players: [seated(baseId(name)), seated(checkpointId(key))] })
      setView('compare')
    },
    trainFrom({ key, run, model: name }) {
      const source = sources().find((each) => each.name === name)
      if (!source) {
        fail(t().compare.players.modelMissing(name))
        return
      }
      const record = runOf(runs.getState(), run)
      // An adapter goes on with the model that it is of, whatever was planned before.
      training.getState().setSource(source)
      training.getState().beginFrom(key)
      const { plan } = training.getState()
      // Steps, weights and the rest of a lesson are none of a plan for rewards: its tasks and its limits are.
      if (record) training.getState().setPlan(record.supervised ? { ...plan, lora: record.config.lora, tasks: record.config.tasks, episode: record.config.episode } : record.config)
      void runs.getState().show(null)
      setView('train')
    },
    reread,
    sourceOf: (name) => sources().find((source) => source.name === name) ?? null,
    lost() {
      training.getState().lost()
      compare.getState().lost()
      experiments.getState().lost()
    },
    async restarted() {
      training.getState().restarted()
      compare.getState().restarted()
      experiments.getState().restarted()
      await reread()
    },
    async reconnected() {
      training.getState().written()
      await reread()
    },
  }
  return workspace
}
