// A store of runs with one more in it, which came with the page: it is read from files when it is first looked at, is
// listed last, and stays as it is whatever is asked to change it.
import type { EvaluationMetrics } from '../core/evaluation/evaluation-metrics.ts'
import type { AdapterState } from '../core/policy/trainable.ts'
import type { Trajectory } from '../core/record/trajectory.ts'
import type { StepMetrics } from '../core/training/metrics.ts'
import type { StepRows } from '../core/training/rollout-rows.ts'
import type { Checkpoint, CheckpointRecord, RunRecord, RunStore } from '../core/training/runs.ts'
import type { ShippedIndex } from '../core/training/shipped-run.ts'

/** Where it is read from; each may be asked again and again. @throws Error when a file does not come, or is damaged */
export interface ShippedRun {
  index(): Promise<ShippedIndex>
  history(): Promise<Pick<RunStore, 'steps' | 'evaluations' | 'rollouts' | 'rolloutRows'>>
  /** After so many steps. */
  adapter(step: number): Promise<AdapterState>
}

const stays = () =>
  new Error('This run came with the page and stays as it is. Train your own, or begin one from its checkpoint.')

export class RunsWithShipped implements RunStore {
  readonly #own: RunStore
  readonly #shipped: ShippedRun
  readonly #key: string

  /** @param key of the shipped run, known before its files are read */
  constructor(own: RunStore, key: string, shipped: ShippedRun) {
    this.#own = own
    this.#key = key
    this.#shipped = shipped
  }

  /** null: its index does not come, as without a network before it was kept. */
  async #index(): Promise<ShippedIndex | null> {
    return this.#shipped.index().catch(() => null)
  }

  async #checkpoint(key: string): Promise<CheckpointRecord | null> {
    if (!key.startsWith(`${this.#key}/`)) return null
    const { checkpoints } = await this.#shipped.index()
    return checkpoints.find((each) => each.key === key) ?? null
  }

  async putRun(run: RunRecord): Promise<{ saved: boolean }> {
    if (run.key === this.#key) throw stays()
    return this.#own.putRun(run)
  }

  async listRuns(): Promise<RunRecord[]> {
    const [own, index] = await Promise.all([this.#own.listRuns(), this.#index()])
    return index ? [...own, index.run] : own
  }

  async getRun(key: string): Promise<RunRecord | null> {
    return key === this.#key ? ((await this.#index())?.run ?? null) : this.#own.getRun(key)
  }

  async deleteRun(key: string): Promise<void> {
    if (key === this.#key) throw stays()
    return this.#own.deleteRun(key)
  }

  async discard(what: 'runs' | 'checkpoints', key: string, at: number | null): Promise<void> {
    if (key === this.#key || (await this.#checkpoint(key))) throw stays()
    return this.#own.discard(what, key, at)
  }

  sweep(before: number): Promise<void> {
    return this.#own.sweep(before)
  }

  async putStep(
    run: RunRecord,
    metrics: StepMetrics,
    trajectories: Trajectory[],
    checkpoint: Checkpoint | null = null,
  ): Promise<{ saved: boolean; run: RunRecord }> {
    if (run.key === this.#key) throw stays()
    return this.#own.putStep(run, metrics, trajectories, checkpoint)
  }

  async steps(run: string): Promise<StepMetrics[]> {
    return run === this.#key ? (await this.#shipped.history()).steps(run) : this.#own.steps(run)
  }

  async rollouts(run: string, step: number): Promise<Trajectory[]> {
    return run === this.#key ? (await this.#shipped.history()).rollouts(run, step) : this.#own.rollouts(run, step)
  }

  async rolloutRows(run: string, step: number): Promise<StepRows | null> {
    if (run !== this.#key) return this.#own.rolloutRows(run, step)
    return (await this.#shipped.history()).rolloutRows(run, step)
  }

  async putEvaluation(run: string, evaluation: EvaluationMetrics): Promise<{ saved: boolean }> {
    if (run === this.#key) throw stays()
    return this.#own.putEvaluation(run, evaluation)
  }

  async evaluations(run: string): Promise<EvaluationMetrics[]> {
    return run === this.#key ? (await this.#shipped.history()).evaluations(run) : this.#own.evaluations(run)
  }

  async putCheckpoint(checkpoint: CheckpointRecord, state: AdapterState): Promise<{ saved: boolean }> {
    if (checkpoint.run === this.#key) throw stays()
    return this.#own.putCheckpoint(checkpoint, state)
  }

  async updateCheckpoint(checkpoint: CheckpointRecord): Promise<void> {
    if (checkpoint.run === this.#key) throw stays()
    return this.#own.updateCheckpoint(checkpoint)
  }

  async checkpoints(run?: string): Promise<CheckpointRecord[]> {
    if (run === this.#key) return (await this.#index())?.checkpoints ?? []
    if (run !== undefined) return this.#own.checkpoints(run)
    const [own, index] = await Promise.all([this.#own.checkpoints(), this.#index()])
    return [...own, ...(index?.checkpoints ?? [])]
  }

  async checkpointState(key: string): Promise<AdapterState | null> {
    if (!key.startsWith(`${this.#key}/`)) return this.#own.checkpointState(key)
    const checkpoint = await this.#checkpoint(key)
    return checkpoint && this.#shipped.adapter(checkpoint.step)
  }

  async deleteCheckpoint(key: string): Promise<void> {
    if (await this.#checkpoint(key)) throw stays()
    return this.#own.deleteCheckpoint(key)
  }
}
