// Experiments in the tab: who plays is a model of model.worker, trained where an arm needs it; such trainings are runs in the
// store, which are gone on with. What experiments are is core's.
import type { DataSets } from '../core/environments/family.ts'
import { playRollouts } from '../core/evaluation/rollouts.ts'
import { experimentNamed } from '../core/experiments/experiments.ts'
import type { ExperimentPlan, ExperimentResult, ExperimentTrained } from '../core/experiments/result.ts'
import type { ExperimentStore } from '../core/experiments/results.ts'
import { conditionOfCell, pointsOf, runExperiment, type ExperimentPolicy } from '../core/experiments/run.ts'
import { sameTraining, trainingConfig, trainingKey, type TrainingName } from '../core/experiments/trainings.ts'
import { adapterHash } from '../core/policy/adapter-hash.ts'
import { constrained, usuallyConstrained } from '../core/policy/constrained.ts'
import type { ModelSource } from '../core/policy/model.ts'
import type { AdapterTensors } from '../core/policy/trainable.ts'
import type { AdapterRef } from '../core/record/setup.ts'
import type { Trajectory } from '../core/record/trajectory.ts'
import { checkpointKey, type CheckpointRecord, type RunRecord, type RunStore } from '../core/training/runs.ts'
import { shippedAdapters, shippedRunKey } from '../core/training/shipped-run.ts'
import type { TrainEvent, TrainRequest } from '../core/training/train-event.ts'
import type { ExperimentEvent, ReplayRequest } from '../rpc/training.ts'
import type { LabModel } from './remote-model.ts'

export interface ExperimentLabParts {
  runs: RunStore
  experiments: ExperimentStore
  model: (source: ModelSource) => Promise<LabModel>
  data: DataSets
  /** Trains a run to the end of its plan, or until it is paused. */
  train: (request: TrainRequest, tell: (event: TrainEvent) => void) => Promise<RunRecord>
  /** Monotonic clock, ms. */
  now: () => number
  signal: AbortSignal
  pausing: () => boolean
}

type Start = ExperimentPlan['start']

interface Kept {
  record: CheckpointRecord
  tensors: AdapterTensors
  ref: AdapterRef
}

/** @throws Error when it is not kept here, or is another one now */
async function keptAdapter({ key, name, hash: known }: AdapterRef, of: ModelSource, runs: ExperimentLabParts['runs']): Promise<Kept> {
  const records = await runs.checkpoints()
  const own = records.find((each) => each.key === key)
  // What somebody else began with has another key there; here it came with the page.
  const record = own ?? records.find((each) => each.key === `taught-${of.name}`)
  const state = record && (await runs.checkpointState(record.key))
  const hash = state ? adapterHash(state.parameters) : null
  if (!record || !state || (!own && known !== hash)) throw new Error(`The adapter “${name}” is not kept in this browser: run the experiment here, and it is trained here.`)
  if (known !== null && known !== hash) throw new Error(`The adapter “${name}” that is kept in this browser is another one than that which the experiment was played with.`)
  return { record, tensors: { lora: record.lora, parameters: state.parameters }, ref: { key, name, hash } }
}

/** @param start what the model was taught before */
async function policyOf(source: ModelSource, trained: ExperimentTrained | null, start: Start, { model, runs }: Pick<ExperimentLabParts, 'model' | 'runs'>): Promise<ExperimentPolicy> {
  const loaded = await model(source)
  const wanted = trained?.adapter ?? start
  const kept = wanted ? await keptAdapter(wanted, source, runs) : null
  await loaded.useAdapter(kept?.tensors ?? null)
  const grammar = usuallyConstrained(loaded.name, kept !== null)
  return {
    spec: { kind: 'onnx', model: loaded.name, source: source.kind === 'url' ? source.url : null, adapter: kept?.ref ?? null, ...(grammar && { constrained: true }) },
    id: { run: trained?.adapter.key ?? 'base', batch: trained?.steps ?? 0 },
    policyFor: () => (grammar ? { ...constrained(loaded), counter: loaded.counter } : loaded),
  }
}

/** The run of a training: the one that comes with the page where it was trained so. */
async function trainedIn(run: string, training: TrainingName, seed: number, runs: RunStore, steps: number): Promise<ExperimentTrained> {
  const key = checkpointKey(run, steps)
  const state = await runs.checkpointState(key)
  if (!state) throw new Error('The adapter of a training was deleted while the experiment went on. Resume it, and it is trained again.')
  const made = await runs.steps(run)
  return {
    ...{ training, seed, steps, points: pointsOf(made) },
    seconds: made.reduce((sum, { seconds }) => sum + seconds.total, 0),
    adapter: { key, name: `${training}, seed ${seed}`, hash: adapterHash(state.parameters) },
  }
}

/** @throws AbortError when the signal fires, Error when a model or a training fails */
export async function experimentInLab(begun: ExperimentResult, source: ModelSource, parts: ExperimentLabParts, tell: (event: ExperimentEvent) => void): Promise<ExperimentResult> {
  const { runs, experiments, data, now, signal, pausing } = parts
  const { base, steps } = begun.plan
  const before = begun.plan.start ? await keptAdapter(begun.plan.start, source, runs) : null
  const start = before?.ref
  const result = start ? { ...begun, plan: { ...begun.plan, start } } : begun
  /** The shape of an adapter is that of what it begins from. */
  const configOf = (training: TrainingName, seed: number) => {
    const config = trainingConfig(training, base, seed, steps)
    return before ? { ...config, lora: { ...before.record.lora, targets: [...before.record.lora.targets] } } : config
  }
  try {
    return await runExperiment(experimentNamed(begun.experiment), result, {
      ...{ data, now, signal, pausing },
      policy: (trained) => policyOf(source, trained, start, parts),
      stepsOf: (training) => configOf(training, 0).steps,
      async train(training, seed, onStep) {
        const config = configOf(training, seed)
        const shipped = source.name === 'nano' ? await runs.getRun(shippedRunKey).catch(() => null) : null
        if (shipped && sameTraining(shipped.config, config)) return trainedIn(shippedRunKey, training, seed, runs, shippedAdapters[2])
        const run = trainingKey(training, source.name, seed, config.steps, start?.hash)
        const known = await runs.getRun(run)
        if (known && !sameTraining(known.config, config)) throw new Error(`The run “${known.name}” has another configuration than this experiment trains with: delete it in Train, and it is trained anew.`)
        const record = await parts.train({ run, name: `${training}, seed ${seed}`, source, config, from: before?.record.key ?? null }, (event) => {
          if (event.type === 'step') onStep(event.metrics.step, config.steps)
        })
        return record.steps >= config.steps ? trainedIn(run, training, seed, runs, config.steps) : null
      },
      tell: (progress) => { tell({ type: 'progress', progress }) },
      async keep(result) {
        const { saved } = await experiments.put(result).catch(() => ({ saved: false }))
        tell({ type: 'kept', result, saved })
      },
    })
  } finally {
    // Others play with the model as it comes.
    if (!signal.aborted) await parts.model(source).then((model) => model.useAdapter(null)).catch(() => undefined)
  }
}

/** @throws Error naming what is gone, AbortError */
export async function replayInLab({ result, source, arm, data, seed, place }: ReplayRequest, parts: ExperimentLabParts): Promise<Trajectory> {
  const { plan } = result
  const cell = result.cells.find((each) => each.arm === arm && each.data === data && each.seed === seed)
  const of = experimentNamed(result.experiment).arms.find(({ name }) => name === arm)
  const from = plan.data.find(({ name }) => name === data)
  if (!cell || !of || !from) throw new Error('This cell of the experiment is not known any more.')
  const trained = cell.training === null ? null : (result.trainings.find((each) => each.training === cell.training && each.seed === seed) ?? null)
  const policy = await policyOf(source, trained, plan.start, parts)
  const condition = await conditionOfCell({ arm: of, data: from, seed }, plan, policy, parts.data)
  const task = condition.tasks[place]
  if (!task || task.task.id !== cell.tasks[place]) throw new Error('The task of this episode is made otherwise now than when the experiment was played: run the experiment again.')
  const [trajectory] = await playRollouts({ ...condition, tasks: [task] }, policy.policyFor, { signal: parts.signal })
  if (!trajectory) throw new Error('Nothing was played.')
  return trajectory
}
