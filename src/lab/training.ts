// Training as lab.worker offers it: one at a time, paused, stopped and resumed by the page. Puts the model, the loop and the
// store of runs together; what happens in a step is core's.
import { trainingSetup } from '../core/training/config.ts'
import type { ModelProgress, ModelSource } from '../core/policy/model.ts'
import { AbortError } from '../core/policy/policy.ts'
import type { RunRecord, RunStore } from '../core/training/runs.ts'
import type { Compared, CompareRequest, TrainEvent, TrainingApi, TrainRequest, TrainUntil } from '../rpc/training.ts'
import type { DataSets } from '../core/environments/family.ts'
import { comparePolicies, type CompareParts } from './compare.ts'
import { experimentInLab, replayInLab, type ExperimentLabParts } from './experiments.ts'
import type { ExperimentStore } from '../core/experiments/results.ts'
import type { Models } from './models.ts'
import type { LabModel } from './remote-model.ts'
import { runLock, type RunLock } from './run-lock.ts'
import { newRun, resumedRun, type RunStart } from '../core/training/run-start.ts'
import { supervisedSetup } from '../core/training/supervised/config.ts'
import { runLesson } from '../core/training/supervised/lesson-run.ts'
import { trainEvents } from './train-events.ts'
import { leaveRun, TrainingRun, type Clock } from '../core/training/training-run.ts'
import { viewUpdate } from './update-view.ts'
import { messageOf } from '../core/error-message.ts'

interface TrainingParts {
  /** The store of the memory worker that is connected now. */
  runs: () => Promise<RunStore>
  /** Of experiments, the same. */
  experiments: () => Promise<ExperimentStore>
  models: Pick<Models, 'forMany'>
  webllm: CompareParts['webllm']
  clock: Clock
  data: DataSets
  /** Left out: nobody else trains these runs. */
  lock?: RunLock
}

interface Active {
  abort: AbortController
  pausing: boolean
}

/** What was promised, or an AbortError as soon as the signal fires. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => { reject(new AbortError()) }
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort)
    promise.then(resolve, reject).finally(() => { signal.removeEventListener('abort', abort) })
  })
}

/** @returns what the page may call, whether the model is in use by it, and how often it has been until now */
export function createTraining({ runs, experiments, models, webllm, clock, data, lock = runLock(null) }: TrainingParts): { api: TrainingApi; busy: () => boolean; uses: () => number } {
  let active: Active | null = null
  let uses = 0
  /** Somebody who goes from rollout to rollout asks for the next one before this one is there. */
  let views: Promise<unknown> = Promise.resolve()

  async function alone<T>(work: (mine: Active) => Promise<T>): Promise<T> {
    if (active) throw new Error('A training or a comparison is under way: pause or stop it first.')
    const mine: Active = { abort: new AbortController(), pausing: false }
    active = mine
    uses++
    try {
      return await work(mine)
    } finally {
      active = null
    }
  }

  const load = (source: ModelSource, signal: AbortSignal, onProgress: (progress: ModelProgress) => void): Promise<LabModel> =>
    orAborted(models.forMany(source, onProgress), signal)

  /** Until it rests. @throws the model's own error when it failed */
  async function trained(start: RunStart, source: ModelSource, until: TrainUntil, mine: Active, store: RunStore, tell: (event: TrainEvent) => void): Promise<RunRecord> {
    const { signal } = mine.abort
    const model = await load(source, signal, (progress) => { tell({ type: 'loading', run: start.record.key, progress }) })
    try {
      const { supervised } = start.record
      if (supervised) {
        await model.beginTraining(supervisedSetup(supervised.config), start.state)
        return await runLesson(start, until, { store, model, clock, data, tell, signal, pausing: () => mine.pausing })
      }
      await model.beginTraining(trainingSetup(start.record.config, start.reference), start.state)
      const run = new TrainingRun(start, { store, model, clock, data, tell, signal, pausing: () => mine.pausing })
      try {
        return await run.go(until)
      } catch (error) {
        if (!signal.aborted) throw error
        return await run.rest(null)
      }
    } catch (error) {
      throw model.failure ?? error
    } finally {
      await model.endTraining().catch(() => undefined)
    }
  }

  async function train(request: TrainRequest, until: TrainUntil, tell: (event: TrainEvent) => void, mine: Active): Promise<RunRecord> {
    const store = await runs()
    const known = await store.getRun(request.run)
    const planned = Math.max(known?.config.steps ?? 0, request.config.steps)
    if (known?.status === 'finished' && until === 'end' && known.steps >= planned) return known
    const start = known ? await resumedRun(known, request, store) : await newRun(request, store, clock.wall())
    tell({ type: 'run', run: request.run, record: start.record })
    try {
      return await trained(start, request.source, until, mine, store, tell)
    } catch (error) {
      // The steps that were made meanwhile are in the record that is kept.
      const stopped = mine.abort.signal.aborted
      const leave = async () => leaveRun((await store.getRun(request.run)) ?? start.record, stopped ? null : messageOf(error), { store, tell })
      // That it could not be left in order either is a consequence.
      const left = await leave().catch(() => null)
      if (stopped && left) return left
      throw error
    }
  }

  const experimentParts = async (mine: Active): Promise<ExperimentLabParts> => ({
    runs: await runs(),
    experiments: await experiments(),
    model: (source) => load(source, mine.abort.signal, () => undefined),
    train: (request, tell) => lock(request.run, () => train(request, 'end', tell, mine)),
    ...{ data, now: () => clock.monotonic(), signal: mine.abort.signal, pausing: () => mine.pausing },
  })

  const api: TrainingApi = {
    train: (request, until, onEvents) =>
      alone(async (mine) => {
        const events = trainEvents(onEvents)
        try {
          return await lock(request.run, () => train(request, until, (event) => { events.push(event) }, mine))
        } finally {
          events.flush()
        }
      }),
    pause: () => {
      if (active) active.pausing = true
      return Promise.resolve()
    },
    stop: () => {
      active?.abort.abort(new AbortError())
      return Promise.resolve()
    },
    compare: (request: CompareRequest, onProgress) =>
      alone(async ({ abort: { signal } }): Promise<Compared[]> => {
        const loaded: LabModel[] = []
        const model = async (source: ModelSource) => {
          const one = await load(source, signal, () => undefined)
          loaded.push(one)
          return one
        }
        const webllmFor: CompareParts['webllm'] = (choice) => orAborted(webllm(choice), signal)
        try {
          return await comparePolicies(request, { store: await runs(), model, webllm: webllmFor, data, now: () => clock.monotonic(), signal, onProgress })
        } catch (error) {
          throw signal.aborted ? new AbortError() : (loaded.at(-1)?.failure ?? error)
        }
      }),
    experiment: ({ result, source }, onEvent) =>
      alone(async (mine) => {
        const { signal } = mine.abort
        try {
          return await experimentInLab(result, source, await experimentParts(mine), onEvent)
        } catch (error) {
          throw signal.aborted ? new AbortError() : error
        }
      }),
    replay: (request) => alone(async (mine) => replayInLab(request, await experimentParts(mine))),
    viewUpdate(request, onProgress) {
      const view = views.then(() =>
        alone(async ({ abort: { signal } }) => {
          const model = await load(request.source, signal, () => undefined)
          return viewUpdate(request, { store: await runs(), model, signal, onProgress })
        }),
      )
      views = view.catch(() => undefined)
      return view
    },
  }
  return { api, busy: () => active !== null, uses: () => uses }
}
