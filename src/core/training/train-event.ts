// What a training is asked for, and what it tells while it goes on. Plain data: it crosses workers.
import type { ModelProgress, ModelSource } from '../policy/model.ts'
import type { Step, Trajectory } from '../record/trajectory.ts'
import type { TrainConfig } from './config.ts'
import type { EvaluationMetrics } from '../evaluation/evaluation-metrics.ts'
import type { StepMetrics } from './metrics.ts'
import type { SupervisedConfig } from './supervised/config.ts'
import type { CheckpointRecord, RunRecord } from './runs.ts'

export interface TrainRequest {
  /**
   * Key of the run; one that is known is resumed from its last checkpoint. Then its own name and configuration count,
   * but more planned steps than it had are taken over.
   */
  run: string
  name: string
  source: ModelSource
  config: TrainConfig
  /** Key of a checkpoint to begin a new run from, whose rank, alpha and targets count; null: a fresh adapter. */
  from: string | null
  /** A new run is a supervised training with these settings; left out: it is trained with rewards. */
  supervised?: SupervisedConfig
}

/** How far to go: one step, or until the planned steps are made, it is paused, or something speaks against going on. */
export type TrainUntil = 'step' | 'end'

export type TrainPart = 'rollout' | 'scoring' | 'update' | 'evaluation' | 'saving'

export type TrainEvent =
  | { type: 'loading'; run: string; progress: ModelProgress }
  /** The run as it is kept now: at the beginning and whenever it changed. */
  | { type: 'run'; run: string; record: RunRecord }
  | { type: 'progress'; run: string; step: number; part: TrainPart; share: number }
  /** One episode of those that are played now: as it begins, its steps without tokens, how it ended. */
  | { type: 'watched'; run: string; trajectory: Trajectory }
  | { type: 'watched-step'; run: string; step: Step }
  | { type: 'watched-end'; run: string; end: Pick<Trajectory, 'status' | 'stop' | 'failure' | 'answer'> }
  | { type: 'step'; run: string; metrics: StepMetrics; saved: boolean }
  | { type: 'evaluation'; run: string; evaluation: EvaluationMetrics }
  /** A checkpoint that is new or was evaluated; with the keys of those that went in its favour. */
  | { type: 'checkpoint'; run: string; checkpoint: CheckpointRecord; gone?: string[] }
