// Training runs as they are kept: what was planned, every finished step with its rollouts, evaluations, adapters to go
// on from. Knows no database.
import { z } from 'zod'
import type { AdapterRef } from '../record/setup.ts'
import type { Trajectory } from '../record/trajectory.ts'
import { trainConfigSchema } from './config.ts'
import { supervisedConfigSchema } from './supervised/config.ts'
import { supervisedEvaluationSchema, supervisedMetricsSchema } from './supervised/metrics.ts'
import { runNoteSchema } from './health.ts'
import { evaluationMetricsSchema, type EvaluationMetrics } from '../evaluation/evaluation-metrics.ts'
import type { StepMetrics } from './metrics.ts'
import type { StepRows } from './rollout-rows.ts'
import type { AdapterShape, AdapterState } from '../policy/trainable.ts'

/** The first and the last of steps that stand in a row. */
const stretchSchema = z.tuple([z.number().int(), z.number().int()])
export type Stretch = z.infer<typeof stretchSchema>

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
  /** Why it paused by itself, or is not whole. */
  note: runNoteSchema.nullable(),
  /** Up to this step only some of the steps still have their rollouts: all together took too much space. */
  rollouts_thinned: z.number().int().positive().optional(),
  /** Steps that were made and are not kept any more, and those whose rollouts are not; left out: all is kept. */
  gone: z.object({ steps: z.array(stretchSchema), rollouts: z.array(stretchSchema) }).optional(),
  /** Key of the checkpoint that it began from; left out: a fresh adapter. */
  from: z.string().optional(),
  /**
   * A supervised training: its own settings, and all that it measured, which is little. `config` is then what training with
   * rewards would go on with, and there are no rollouts. Left out: training with rewards.
   */
  supervised: z.object({ config: supervisedConfigSchema, steps: z.array(supervisedMetricsSchema), evaluations: z.array(supervisedEvaluationSchema) }).optional(),
})
export type RunRecord = z.infer<typeof runRecordSchema>

export const checkpointRecordSchema = z.object({
  key: z.string(),
  /** Run that it comes from; null: an adapter that was imported. */
  run: z.string().nullable(),
  name: z.string(),
  /** Finished steps. */
  step: z.number().int().nonnegative(),
  /** ms since 1970. */
  created: z.number(),
  /** Name of the base model. */
  model: z.string(),
  lora: z.object({ rank: z.number(), alpha: z.number(), targets: z.array(z.string()).readonly() }) satisfies z.ZodType<AdapterShape>,
  /** On held-out tasks, when it was evaluated. */
  evaluation: evaluationMetricsSchema.nullable(),
  /** It can be trained on: the optimizer's moments are there. */
  resumable: z.boolean(),
  /** The system prompt that it learnt with, of an adapter without a run; left out: its run says, or nobody knows. */
  prompt: z.enum(['full', 'compact']).optional(),
})
export type CheckpointRecord = z.infer<typeof checkpointRecordSchema>

/** The same step of the same run has the same key, so that a step that is made again replaces its checkpoint. */
export const checkpointKey = (run: string, step: number): string => `${run}/${step}`

/** What it is called until somebody names it. */
export const checkpointName = (step: number): string => (step === 0 ? 'Beginning' : `Step ${step}`)

/** The adapter of a run after so many steps, which may never be kept. */
export const adapterOfRun = (run: string, step: number): AdapterRef => ({ key: checkpointKey(run, step), name: checkpointName(step), hash: null })

/** An adapter with what is known of it. */
export interface Checkpoint {
  record: CheckpointRecord
  state: AdapterState
}

/** The browser's lock that a tab holds while it trains a run. */
export const lockOfRun = (key: string): string => `agemem-run-${key}`

/**
 * Where runs are kept. Writes resolve with saved = false when only memory could take them. Records are given as what is kept
 * bears them out (kept-run.ts).
 */
export interface RunStore {
  putRun(run: RunRecord): Promise<{ saved: boolean }>
  /** Newest first; those that are damaged are left out. */
  listRuns(): Promise<RunRecord[]>
  /** @throws DamagedRecordError */
  getRun(key: string): Promise<RunRecord | null>
  /** With its steps, rollouts, evaluations and checkpoints. */
  deleteRun(key: string): Promise<void>
  /**
   * Takes a run with its checkpoints, or one checkpoint, out of all that is listed, as if it were deleted; until it is, or
   * until a sweep, null instead of the time brings it back. @param at ms since 1970
   */
  discard(what: 'runs' | 'checkpoints', key: string, at: number | null): Promise<void>
  /** Deletes what was discarded before that time, ms since 1970, and not brought back: whoever did it may be gone. */
  sweep(before: number): Promise<void>
  /**
   * A finished step with its rollouts, in the order of task and rollout, the run as it then is, and the adapter after
   * it where that is kept: all or nothing. Resolves with the run as it is kept, in which the rollouts of old steps may
   * have been thinned out.
   */
  putStep(run: RunRecord, metrics: StepMetrics, trajectories: Trajectory[], checkpoint?: Checkpoint | null): Promise<{ saved: boolean; run: RunRecord }>
  /** In order. @throws DamagedRecordError */
  steps(run: string): Promise<StepMetrics[]>
  /** Rollouts of a step (from 1); empty when they are not kept. @throws DamagedRecordError */
  rollouts(run: string, step: number): Promise<Trajectory[]>
  /** The same as lines of a table, which are light; null when they are not kept. @throws DamagedRecordError */
  rolloutRows(run: string, step: number): Promise<StepRows | null>
  putEvaluation(run: string, evaluation: EvaluationMetrics): Promise<{ saved: boolean }>
  /** In order of their steps. @throws DamagedRecordError */
  evaluations(run: string): Promise<EvaluationMetrics[]>
  putCheckpoint(checkpoint: CheckpointRecord, state: AdapterState): Promise<{ saved: boolean }>
  /** Changes its name or evaluation; nothing when it is not there any more. */
  updateCheckpoint(checkpoint: CheckpointRecord): Promise<void>
  /** Newest first; of one run, or all. Those that are damaged are left out. */
  checkpoints(run?: string): Promise<CheckpointRecord[]>
  /** @throws DamagedRecordError */
  checkpointState(key: string): Promise<AdapterState | null>
  deleteCheckpoint(key: string): Promise<void>
}

/** What a training needs of where its run is kept. */
export type TrainingStore = Pick<
  RunStore,
  'getRun' | 'putRun' | 'putStep' | 'evaluations' | 'putEvaluation' | 'putCheckpoint' | 'updateCheckpoint' | 'checkpoints' | 'deleteCheckpoint'
>

/** Names in the file of an exported run, in the order that they are read in. CSV files beside them are for people. */
export const runFileNames = { run: 'run.json', steps: 'steps.jsonl', evaluations: 'evaluations.jsonl', trajectories: 'trajectories.jsonl', engine: 'engine.jsonl' } as const

/** What run.json of such a file has. */
export const runFileSchema = z.object({ kind: z.literal('agemem-run'), schema_version: z.literal(1), run: runRecordSchema })
