// Where a training begins: a new run with a fresh adapter or a checkpoint's, or a known one behind its last checkpoint.
// Knows the store of runs; no model and no loop.
import type { StepMetrics } from './metrics.ts'
import type { AdapterState } from '../policy/trainable.ts'
import { checkpointKey, type RunRecord, type RunStore } from './runs.ts'
import { baseNameOf } from '../policy/model.ts'
import type { SupervisedConfig } from './supervised/config.ts'
import type { TrainRequest } from './train-event.ts'
import { checkpointOf, lastCheckpoint } from './checkpoints.ts'

export interface RunStart {
  record: RunRecord
  /** null: a fresh adapter, which follows from the seed. */
  state: AdapterState | null
  /** The adapter that π_ref has; null: π_ref is the base model. */
  reference: AdapterState['parameters'] | null
  /** Of the steps before, oldest first. */
  before: StepMetrics[]
}

/** With moments, so that it can be trained on; those that an adapter lacks are zero, as at the beginning. */
export function withMoments(state: AdapterState): AdapterState {
  const zeros = (moments: AdapterState['first']) =>
    new Map([...state.parameters].map(([name, values]) => [name, moments.get(name) ?? new Float32Array(values.length)]))
  return { ...state, first: zeros(state.first), second: zeros(state.second) }
}

/**
 * The adapter that π_ref of a run has; null: π_ref is the base model. A run keeps a copy of what it began from.
 * @throws Error when that is gone
 */
export async function referenceOf({ key, from, config: { reference, beta } }: RunRecord, store: Pick<RunStore, 'checkpointState'>): Promise<RunStart['reference']> {
  if (from === undefined || reference === 'base' || beta === 0) return null
  const state = await store.checkpointState(checkpointKey(key, 0))
  if (!state) throw new Error('The adapter that this run began from was deleted, and its KL term keeps to it: the run cannot go on. Begin a new one from its last checkpoint.')
  return state.parameters
}

/** @throws Error when the checkpoint that it is to begin from is gone, or another model's */
export async function newRun({ run, name, source, config, from, supervised }: TrainRequest, store: RunStore, created: number): Promise<RunStart> {
  const blank = { key: run, name, created, model: source.name, model_url: source.kind === 'url' ? source.url : null, steps: 0, status: 'running' as const, note: null }
  if (supervised) return newLesson({ ...blank, config: { ...config, lora: supervised.lora, episode: supervised.episode, tasks: supervised.tasks, steps: supervised.steps } }, supervised, store)
  const planned = config
  if (from === null) {
    const record: RunRecord = { ...blank, config: planned }
    await store.putRun(record)
    return { record, state: null, reference: null, before: [] }
  }
  const checkpoint = (await store.checkpoints()).find(({ key }) => key === from)
  const saved = await store.checkpointState(from)
  if (!checkpoint || !saved) throw new Error('The checkpoint that this run was to begin from is gone. Choose another one, or begin with a fresh adapter.')
  if (baseNameOf(checkpoint.model) !== baseNameOf(source.name)) throw new Error(`The checkpoint “${checkpoint.name}” is an adapter of ${checkpoint.model} and fits no other model; this run trains ${source.name}.`)
  // Its shape is given: a plan with another one could only fail.
  const record: RunRecord = { ...blank, config: { ...planned, lora: { ...checkpoint.lora, targets: [...checkpoint.lora.targets] } }, from }
  const state = withMoments(saved)
  await store.putRun(record)
  // A copy of its own, so that the run can go on when the checkpoint is deleted.
  await store.putCheckpoint(checkpointOf(record, 0, created), state)
  return { record, state, reference: await referenceOf(record, store), before: [] }
}

async function newLesson(record: RunRecord, config: SupervisedConfig, store: RunStore): Promise<RunStart> {
  const begun = { ...record, supervised: { config, steps: [], evaluations: [] } }
  await store.putRun(begun)
  return { record: begun, state: null, reference: null, before: [] }
}

/** Of a supervised training what was measured up to this step, planned as far as the run is now. */
function upTo({ config, steps, evaluations }: NonNullable<RunRecord['supervised']>, step: number, planned: number): NonNullable<RunRecord['supervised']> {
  return { config: { ...config, steps: planned }, steps: steps.filter((each) => each.step <= step), evaluations: evaluations.filter((each) => each.step <= step) }
}

/**
 * Steps behind the last checkpoint are made again: they follow from it, so they come out the same.
 * @throws Error when it cannot be trained on
 */
export async function resumedRun(known: RunRecord, { source, config }: TrainRequest, store: RunStore): Promise<RunStart> {
  if (known.status === 'imported') throw new Error('This run was imported to be looked at; it cannot be trained on. Begin a new run from one of its checkpoints.')
  if (known.model !== source.name) throw new Error(`This run trains ${known.model}, not ${source.name}. Choose that model, then resume.`)
  const last = lastCheckpoint(await store.checkpoints(known.key))
  if (!last && known.from) throw new Error('All checkpoints of this run were deleted, the one that it began from too. It can be looked at, but not resumed.')
  const state = last && (await store.checkpointState(last.key))
  if (last && !state) throw new Error(`The adapter of the checkpoint “${last.name}” is missing. Delete that checkpoint, then resume.`)
  const step = last?.step ?? 0
  const before = (await store.steps(known.key)).filter((metrics) => metrics.step <= step)
  const planned = Math.max(known.config.steps, config.steps)
  const lesson = known.supervised ? { supervised: upTo(known.supervised, step, planned) } : {}
  const record: RunRecord = { ...known, ...lesson, config: { ...known.config, steps: planned }, steps: step, status: 'running', note: null }
  const reference = await referenceOf(record, store)
  await store.putRun(record)
  return { record, state, reference, before }
}
