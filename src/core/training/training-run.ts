// One training run as it goes: step after step, each kept before the next begins; evaluations and checkpoints when they
// are due. Knows neither where the model is nor who listens.
import { evaluate } from '../evaluation/evaluate.ts'
import type { CountingPolicy, RolloutWatcher } from '../evaluation/rollouts.ts'
import { evaluationDue, heldOutCondition } from './held-out.ts'
import type { RunNote } from './health.ts'
import { oneStep } from './loop.ts'
import type { Step } from '../record/trajectory.ts'
import type { StepMetrics } from './metrics.ts'
import type { Trainable } from '../policy/trainable.ts'
import { adapterOfRun, checkpointKey, type Checkpoint, type RunRecord, type TrainingStore } from './runs.ts'
import type { DataSets } from '../environments/family.ts'
import type { TrainEvent, TrainUntil } from './train-event.ts'
import { checkpointOf, surplusCheckpoints } from './checkpoints.ts'
import type { RunStart } from './run-start.ts'

export interface Clock {
  /** ms since 1970. */
  wall(): number
  /** Monotonic, ms. */
  monotonic(): number
}

export interface TrainingRunParts {
  store: TrainingStore
  model: Trainable & CountingPolicy
  clock: Clock
  /** What was imported to train on. */
  data: DataSets
  tell: (event: TrainEvent) => void
  /** Ends it at once. */
  signal: AbortSignal
  /** Somebody wants it to end behind the present step. */
  pausing: () => boolean
}

/** Keeps the run as paused, or finished; it goes on from its last checkpoint. @param note why it paused by itself */
export async function leaveRun(record: RunRecord, note: RunNote | null, { store, tell }: Pick<TrainingRunParts, 'store' | 'tell'>): Promise<RunRecord> {
  const left: RunRecord = { ...(await renamed(record, store)), status: record.steps >= record.config.steps ? 'finished' : 'paused', note }
  await store.putRun(left)
  tell({ type: 'run', run: left.key, record: left })
  return left
}

/** With the name that it has now, which is the page's affair. @throws Error when it is not there any more */
export async function renamed(record: RunRecord, store: TrainingStore): Promise<RunRecord> {
  const known = await store.getRun(record.key)
  if (!known) throw new Error('This run was deleted while it was trained.')
  return { ...record, name: known.name }
}

/** What one looks at: ids and probabilities of tokens are most of a step, and nobody reads them while it goes on. */
const withoutTokens = (step: Step): Step => ({ ...step, reply: { ...step.reply, token_ids: null, logprobs: null } })

/** Tells what one of the episodes that are played does. */
export const watcher = (run: string, tell: (event: TrainEvent) => void): RolloutWatcher => ({
  onStart: (trajectory) => { tell({ type: 'watched', run, trajectory: { ...trajectory, steps: [] } }) },
  onStep: (_, step) => { tell({ type: 'watched-step', run, step: withoutTokens(step) }) },
  onEnd: ({ status, stop, failure, answer }) => { tell({ type: 'watched-end', run, end: { status, stop, failure, answer } }) },
})

export class TrainingRun {
  readonly #parts: TrainingRunParts
  #record: RunRecord
  #before: StepMetrics[]
  /** The step after which the adapter is kept; a fresh one follows from the seed. */
  #kept: number

  /** The model's training must have begun with the state that the run starts from. */
  constructor({ record, before }: Pick<RunStart, 'record' | 'before'>, parts: TrainingRunParts) {
    this.#parts = parts
    this.#record = record
    this.#before = before
    this.#kept = record.steps
  }

  /**
   * @returns the run, paused or finished; its note says why when it paused by itself
   * @throws AbortError when the signal fires, else what went wrong; call rest() then
   */
  async go(until: TrainUntil): Promise<RunRecord> {
    const { signal, pausing } = this.#parts
    signal.throwIfAborted()
    await this.#evaluate()
    for (;;) {
      const { steps, config } = this.#record
      if (pausing() || (until === 'end' && steps >= config.steps)) return this.rest(null)
      const metrics = await this.#step()
      await this.#evaluate()
      if (metrics.pause !== null) return this.rest(metrics.pause)
      if (until === 'step') return this.rest(null)
    }
  }

  /** Leaves the run so that it can be resumed where it is. */
  async rest(note: RunNote | null): Promise<RunRecord> {
    const { store, model } = this.#parts
    if (this.#kept !== this.#record.steps) {
      const checkpoint = { record: this.#checkpoint(), state: await model.adapterState() }
      await store.putCheckpoint(checkpoint.record, checkpoint.state)
      await this.#keep(checkpoint)
    }
    this.#record = await leaveRun(this.#record, note, this.#parts)
    return this.#record
  }

  async #step(): Promise<StepMetrics> {
    const { store, model, clock, data, tell, signal } = this.#parts
    const { key, config, steps } = this.#record
    const { metrics, rollouts } = await oneStep({ run: key, config, step: steps, before: this.#before }, model, {
      now: () => clock.monotonic(),
      signal,
      data,
      watch: watcher(key, tell),
      onProgress: ({ step, part, share }) => { tell({ type: 'progress', run: key, step, part, share }) },
    })
    tell({ type: 'progress', run: key, step: metrics.step, part: 'saving', share: 0 })
    this.#record = { ...(await renamed(this.#record, store)), steps: metrics.step }
    const due = metrics.step % config.checkpoint_every === 0
    const checkpoint = due ? { record: this.#checkpoint(), state: await model.adapterState() } : null
    const put = await store.putStep(this.#record, metrics, rollouts.map(({ trajectory }) => trajectory), checkpoint)
    this.#record = put.run
    this.#before = [...this.#before, metrics]
    tell({ type: 'step', run: key, metrics, saved: put.saved })
    tell({ type: 'run', run: key, record: this.#record })
    if (checkpoint) await this.#keep(checkpoint)
    return metrics
  }

  /** On the held-out tasks, when that is due where the run is now and was not done yet. */
  async #evaluate(): Promise<void> {
    const { store, model, clock, data, tell, signal } = this.#parts
    const { key, config, steps } = this.#record
    if (!evaluationDue(config, steps) || (await store.evaluations(key)).some(({ step }) => step === steps)) return
    const onProgress = ({ share }: { share: number }) => { tell({ type: 'progress', run: key, step: steps, part: 'evaluation', share }) }
    onProgress({ share: 0 })
    const condition = await heldOutCondition({ config, id: { run: key, batch: steps }, model: model.name, adapter: adapterOfRun(key, steps) }, data)
    const { evaluation } = await evaluate(condition, () => model, { now: () => clock.monotonic(), signal, watch: watcher(key, tell), onProgress })
    await store.putEvaluation(key, evaluation)
    tell({ type: 'evaluation', run: key, evaluation })
    const checkpoint = (await store.checkpoints(key)).find((each) => each.key === checkpointKey(key, steps))
    if (!checkpoint) return
    const evaluated = { ...checkpoint, evaluation }
    await store.updateCheckpoint(evaluated)
    tell({ type: 'checkpoint', run: key, checkpoint: evaluated })
  }

  #checkpoint(): Checkpoint['record'] {
    return checkpointOf(this.#record, this.#record.steps, this.#parts.clock.wall())
  }

  /** Takes note of a checkpoint that was written, and lets old ones go in its favour. */
  async #keep({ record }: Checkpoint): Promise<void> {
    const { store, tell } = this.#parts
    this.#kept = record.step
    const gone = surplusCheckpoints(await store.checkpoints(this.#record.key), this.#record.config)
    for (const { key } of gone) await store.deleteCheckpoint(key)
    tell({ type: 'checkpoint', run: this.#record.key, checkpoint: record, gone: gone.map(({ key }) => key) })
  }
}
