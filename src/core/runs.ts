// Training runs as they are kept: what was planned, every finished step with its rollouts, evaluations, adapters to go
// on from. Knows no database.
import { z } from 'zod'
import type { Trajectory } from './episode/trajectory.ts'
import { trainConfigSchema } from './grpo/config.ts'
import type { EvaluationMetrics, StepMetrics } from './grpo/metrics.ts'
import type { AdapterShape, AdapterState } from './policy/trainable.ts'

export const runRecordSchema = z.object({
  key: z.string(),
  name: z.string(),
  /** ms since 1970. */
  created: z.number(),
  /** Name of the base model, and where it lies; null: a folder that must be picked again. */
  model: z.string(),
  model_url: z.string().nullable(),
  config: trainConfigSchema,
  /** Finished steps. */
  steps: z.number().int().nonnegative(),
  /** imported: only to be looked at. */
  status: z.enum(['running', 'paused', 'finished', 'imported']),
  /** Why it paused, in words, when it did so by itself. */
  note: z.string().nullable(),
})
export type RunRecord = z.infer<typeof runRecordSchema>

export interface CheckpointRecord {
  key: string
  /** Run that it comes from; null: an adapter that was imported. */
  run: string | null
  name: string
  /** Finished steps. */
  step: number
  /** ms since 1970. */
  created: number
  /** Name of the base model. */
  model: string
  lora: AdapterShape
  /** On held-out tasks, when it was evaluated. */
  evaluation: EvaluationMetrics | null
  /** It can be trained on: the optimizer's moments are there. */
  resumable: boolean
}

/** Where runs are kept. Writes resolve with saved = false when only memory could take them. */
export interface RunStore {
  putRun(run: RunRecord): Promise<{ saved: boolean }>
  /** Newest first. */
  listRuns(): Promise<RunRecord[]>
  getRun(key: string): Promise<RunRecord | null>
  /** With its steps, rollouts, evaluations and checkpoints. */
  deleteRun(key: string): Promise<void>
  /** A finished step with its rollouts, in the order of task and rollout, and the run as it then is: all or nothing. */
  putStep(run: RunRecord, metrics: StepMetrics, trajectories: Trajectory[]): Promise<{ saved: boolean }>
  /** In order. */
  steps(run: string): Promise<StepMetrics[]>
  /** Rollouts of a step (from 1); empty when they are not kept. @throws DamagedRecordError */
  rollouts(run: string, step: number): Promise<Trajectory[]>
  putEvaluation(run: string, evaluation: EvaluationMetrics): Promise<{ saved: boolean }>
  evaluations(run: string): Promise<EvaluationMetrics[]>
  putCheckpoint(checkpoint: CheckpointRecord, state: AdapterState): Promise<{ saved: boolean }>
  /** Changes its name or evaluation. */
  updateCheckpoint(checkpoint: CheckpointRecord): Promise<void>
  /** Newest first; of one run, or all. */
  checkpoints(run?: string): Promise<CheckpointRecord[]>
  checkpointState(key: string): Promise<AdapterState | null>
  deleteCheckpoint(key: string): Promise<void>
}
