// Training runs in memory: for headless runs and tests. Gone when the process ends.
import type { Trajectory } from '../record/trajectory.ts'
import type { EvaluationMetrics } from '../evaluation/evaluation-metrics.ts'
import type { StepMetrics } from './metrics.ts'
import { stepRowsOf, type StepRows } from './rollout-rows.ts'
import type { AdapterState } from '../policy/trainable.ts'
import type { Checkpoint, CheckpointRecord, RunRecord, RunStore } from './runs.ts'

interface KeptStep {
  metrics: StepMetrics
  trajectories: Trajectory[]
}

const saved = () => Promise.resolve({ saved: true })

/** Newest first. */
const byAge = (a: { created: number; key: string }, b: { created: number; key: string }) => b.created - a.created || (a.key < b.key ? -1 : 1)

export class InMemoryRuns implements RunStore {
  readonly #runs = new Map<string, RunRecord>()
  readonly #steps = new Map<string, Map<number, KeptStep>>()
  readonly #evaluations = new Map<string, Map<number, EvaluationMetrics>>()
  readonly #checkpoints = new Map<string, Checkpoint>()
  /** When it was discarded, ms since 1970. */
  readonly #discarded = { runs: new Map<string, number>(), checkpoints: new Map<string, number>() }

  putRun(run: RunRecord): Promise<{ saved: boolean }> {
    this.#runs.set(run.key, structuredClone(run))
    return saved()
  }

  listRuns(): Promise<RunRecord[]> {
    return Promise.resolve(structuredClone([...this.#runs.values()].filter(({ key }) => !this.#discarded.runs.has(key)).sort(byAge)))
  }

  getRun(key: string): Promise<RunRecord | null> {
    return Promise.resolve(structuredClone((this.#discarded.runs.has(key) ? null : this.#runs.get(key)) ?? null))
  }

  discard(what: 'runs' | 'checkpoints', key: string, at: number | null): Promise<void> {
    if (at === null) this.#discarded[what].delete(key)
    else this.#discarded[what].set(key, at)
    return Promise.resolve()
  }

  async sweep(before: number): Promise<void> {
    const { runs, checkpoints } = this.#discarded
    for (const [key, at] of [...runs]) if (at < before) await this.deleteRun(key)
    for (const [key, at] of [...checkpoints]) if (at < before) await this.deleteCheckpoint(key)
  }

  deleteRun(key: string): Promise<void> {
    this.#runs.delete(key)
    this.#discarded.runs.delete(key)
    this.#steps.delete(key)
    this.#evaluations.delete(key)
    for (const { record } of [...this.#checkpoints.values()]) if (record.run === key) this.#checkpoints.delete(record.key)
    return Promise.resolve()
  }

  async putStep(run: RunRecord, metrics: StepMetrics, trajectories: Trajectory[], checkpoint: Checkpoint | null = null): Promise<{ saved: boolean; run: RunRecord }> {
    const steps = this.#steps.get(run.key) ?? new Map<number, KeptStep>()
    this.#steps.set(run.key, steps.set(metrics.step, structuredClone({ metrics, trajectories })))
    if (checkpoint) await this.putCheckpoint(checkpoint.record, checkpoint.state)
    await this.putRun(run)
    return { saved: true, run }
  }

  steps(run: string): Promise<StepMetrics[]> {
    const metrics = [...(this.#steps.get(run)?.values() ?? [])].map((step) => step.metrics)
    return Promise.resolve(structuredClone(metrics.sort((a, b) => a.step - b.step)))
  }

  rollouts(run: string, step: number): Promise<Trajectory[]> {
    return Promise.resolve(structuredClone(this.#steps.get(run)?.get(step)?.trajectories ?? []))
  }

  async rolloutRows(run: string, step: number): Promise<StepRows | null> {
    const record = this.#runs.get(run)
    const trajectories = await this.rollouts(run, step)
    return record && trajectories.length > 0 ? stepRowsOf(step, trajectories, record.config) : null
  }

  putEvaluation(run: string, evaluation: EvaluationMetrics): Promise<{ saved: boolean }> {
    const evaluations = this.#evaluations.get(run) ?? new Map<number, EvaluationMetrics>()
    this.#evaluations.set(run, evaluations.set(evaluation.step, structuredClone(evaluation)))
    return saved()
  }

  evaluations(run: string): Promise<EvaluationMetrics[]> {
    const evaluations = [...(this.#evaluations.get(run)?.values() ?? [])]
    return Promise.resolve(structuredClone(evaluations.sort((a, b) => a.step - b.step)))
  }

  putCheckpoint(record: CheckpointRecord, state: AdapterState): Promise<{ saved: boolean }> {
    this.#checkpoints.set(record.key, structuredClone({ record, state }))
    return saved()
  }

  updateCheckpoint(record: CheckpointRecord): Promise<void> {
    const known = this.#checkpoints.get(record.key)
    if (known) known.record = structuredClone(record)
    return Promise.resolve()
  }

  checkpoints(run?: string): Promise<CheckpointRecord[]> {
    const listed = ({ key, run: of }: CheckpointRecord) => !this.#discarded.checkpoints.has(key) && (of === null || !this.#discarded.runs.has(of))
    const records = [...this.#checkpoints.values()].map(({ record }) => record).filter((record) => (run === undefined || record.run === run) && listed(record))
    return Promise.resolve(structuredClone(records.sort((a, b) => b.created - a.created || b.step - a.step || byAge(a, b))))
  }

  checkpointState(key: string): Promise<AdapterState | null> {
    return Promise.resolve(structuredClone(this.#checkpoints.get(key)?.state ?? null))
  }

  deleteCheckpoint(key: string): Promise<void> {
    this.#checkpoints.delete(key)
    this.#discarded.checkpoints.delete(key)
    return Promise.resolve()
  }
}
