// One supervised training as it goes: step after step, each kept before the next begins; evaluations and checkpoints when
// they are due. Knows neither where the model is nor who listens.
import type { DataSets } from '../../environments/family.ts'
import type { CountingPolicy, RolloutWatcher } from '../../evaluation/rollouts.ts'
import type { AdapterState, Trainable } from '../../policy/trainable.ts'
import type { SupervisedConfig } from './config.ts'
import type { SupervisedEvaluation, SupervisedMetrics } from './metrics.ts'
import { evaluateSupervised, supervisedEvaluationDue, supervisedStep } from './step.ts'

/** Where the run is kept. */
interface SupervisedStore {
  /** A finished step, and adapter and optimizer after it where they are to be kept: all or nothing. */
  putStep(metrics: SupervisedMetrics, state: AdapterState | null): Promise<void>
  /** Adapter and optimizer after a step that is kept already. */
  putCheckpoint(step: number, state: AdapterState): Promise<void>
  putEvaluation(evaluation: SupervisedEvaluation): Promise<void>
}

interface SupervisedRunParts {
  /** Names it in the ids of episodes. */
  run: string
  config: SupervisedConfig
  /** Finished steps. */
  step: number
  /** Those that were made before, by their steps. */
  evaluated: readonly number[]
  /** Its training must have begun with the state that the run goes on from. */
  model: Trainable & CountingPolicy
  store: SupervisedStore
  data: DataSets
  /** Monotonic clock, ms. */
  now: () => number
  /** A step, from 1, begins. */
  onBegin?: (step: number) => void
  onStep: (metrics: SupervisedMetrics) => void
  onEvaluation: (evaluation: SupervisedEvaluation) => void
  /** Of the evaluation that is under way, from 0 to 1. */
  onShare?: (share: number) => void
  watch?: RolloutWatcher
  /** Ends it at once; what was begun of a step is lost. */
  signal: AbortSignal
  /** Somebody wants it to end behind the present step. */
  pausing: () => boolean
}

/** So many steps in a row that were not finite end it. */
const patience = 3

/** A supervised training from where it stands. */
export class SupervisedRun {
  readonly #parts: SupervisedRunParts
  readonly #evaluated: Set<number>
  #step: number
  /** The step after which adapter and optimizer are kept. */
  #kept: number

  constructor(parts: SupervisedRunParts) {
    this.#parts = parts
    this.#evaluated = new Set(parts.evaluated)
    this.#step = parts.step
    this.#kept = parts.step
  }

  /**
   * Goes on to the end of the plan, or until it is to pause. However it ends, adapter and optimizer of the last whole
   * step are kept.
   * @returns finished steps
   * @throws AbortError when the signal fires, else what went wrong
   */
  async go(): Promise<number> {
    try {
      await this.#go()
    } catch (error) {
      // A model that has failed has no state to give: then the last checkpoint stands.
      await this.#keep().catch(() => undefined)
      throw error
    }
    await this.#keep()
    return this.#step
  }

  async #go(): Promise<void> {
    const { run, config, model, store, data, now, signal, pausing, onBegin, onStep } = this.#parts
    signal.throwIfAborted()
    await this.#evaluate()
    for (let lost = 0; this.#step < config.steps && !pausing(); ) {
      onBegin?.(this.#step + 1)
      const metrics = await supervisedStep(run, config, this.#step + 1, model, { now, data, signal })
      const due = metrics.step % config.checkpoint_every === 0
      await store.putStep(metrics, due ? await model.adapterState() : null)
      this.#step = metrics.step
      if (due) this.#kept = metrics.step
      onStep(metrics)
      lost = metrics.applied ? 0 : lost + 1
      if (lost >= patience) throw new Error(`Loss or gradient was not a finite number ${patience} steps in a row. Go back to a checkpoint and use a smaller learning rate.`)
      await this.#evaluate()
    }
  }

  async #keep(): Promise<void> {
    if (this.#kept === this.#step) return
    await this.#parts.store.putCheckpoint(this.#step, await this.#parts.model.adapterState())
    this.#kept = this.#step
  }

  /** When that is due where the run is now, and was not done yet. */
  async #evaluate(): Promise<void> {
    const { run, config, model, store, data, now, signal, onShare, watch, onEvaluation } = this.#parts
    if (!supervisedEvaluationDue(config, this.#step) || this.#evaluated.has(this.#step)) return
    const evaluation = await evaluateSupervised(run, config, this.#step, model, { now, data, signal, onShare, watch })
    await store.putEvaluation(evaluation)
    this.#evaluated.add(this.#step)
    onEvaluation(evaluation)
  }
}
