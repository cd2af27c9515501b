// The folder of a run as the store that a training keeps it in. All of its checkpoints stay: they are files of somebody's.
import type { AdapterState } from '../src/core/policy/trainable.ts'
import { report } from '../src/core/evaluation/metrics.ts'
import type { Trajectory } from '../src/core/record/trajectory.ts'
import { scoreTrajectory } from '../src/core/reward/score.ts'
import type { EvaluationMetrics } from '../src/core/evaluation/evaluation-metrics.ts'
import type { StepMetrics } from '../src/core/training/metrics.ts'
import type { Checkpoint, CheckpointRecord, RunRecord, TrainingStore } from '../src/core/training/runs.ts'
import type { ModelConfig } from '../src/nn/transformer/config.ts'
import type { TrainFolder } from './train-folder.ts'

export class FolderStore implements TrainingStore {
  readonly #folder: TrainFolder
  readonly #model: ModelConfig
  readonly #evaluations: EvaluationMetrics[]
  #run: RunRecord

  /** @param evaluations those that were made before */
  constructor(folder: TrainFolder, model: ModelConfig, run: RunRecord, evaluations: readonly EvaluationMetrics[]) {
    this.#folder = folder
    this.#model = model
    this.#run = run
    this.#evaluations = [...evaluations]
  }

  getRun(): Promise<RunRecord> {
    return Promise.resolve(this.#run)
  }

  putRun(run: RunRecord): Promise<{ saved: boolean }> {
    this.#run = run
    return Promise.resolve({ saved: true })
  }

  async putStep(run: RunRecord, metrics: StepMetrics, trajectories: Trajectory[], checkpoint: Checkpoint | null = null): Promise<{ saved: boolean; run: RunRecord }> {
    await this.#folder.addStep(metrics, this.#lines(metrics, trajectories))
    if (checkpoint) await this.putCheckpoint(checkpoint.record, checkpoint.state)
    this.#run = run
    return { saved: true, run }
  }

  /** The step's episodes as lines that can be imported, each with what it brought. */
  #lines({ groups }: StepMetrics, trajectories: readonly Trajectory[]): unknown[] {
    const advantages = new Map(groups.flatMap(({ rollouts, advantages: of }) => rollouts.map((place, i) => [place, of[i] ?? 0])))
    return trajectories.map((trajectory, place) => {
      const scored = scoreTrajectory(trajectory, this.#run.config.reward.weights)
      return { ...report(trajectory, scored), components: scored.components, advantage: advantages.get(place) ?? 0 }
    })
  }

  evaluations(): Promise<EvaluationMetrics[]> {
    return Promise.resolve(this.#evaluations)
  }

  async putEvaluation(_: string, evaluation: EvaluationMetrics): Promise<{ saved: boolean }> {
    await this.#folder.addEvaluation(evaluation)
    this.#evaluations.push(evaluation)
    return { saved: true }
  }

  async putCheckpoint({ step }: CheckpointRecord, state: AdapterState): Promise<{ saved: boolean }> {
    await this.#folder.checkpoint(step, this.#model, state)
    return { saved: true }
  }

  checkpoints(): Promise<CheckpointRecord[]> {
    return Promise.resolve([])
  }

  updateCheckpoint(): Promise<void> {
    return Promise.resolve()
  }

  deleteCheckpoint(): Promise<void> {
    return Promise.resolve()
  }
}
