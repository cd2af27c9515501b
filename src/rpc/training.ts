// What lab.worker offers for training, as an interface. The page sees only this.
import type { Trajectory } from '../core/episode/trajectory.ts'
import type { TrainConfig } from '../core/grpo/config.ts'
import type { EvaluationMetrics, StepMetrics } from '../core/grpo/metrics.ts'
import type { ModelProgress, ModelSource } from '../core/policy/model.ts'
import type { CheckpointRecord, RunRecord } from '../core/runs.ts'

export interface TrainRequest {
  /** Key of the run; one that is known is resumed from its last checkpoint. */
  run: string
  name: string
  source: ModelSource
  config: TrainConfig
  /** Key of a checkpoint to begin a new run from; null: a fresh adapter. */
  from: string | null
}

/** How far to go: one step, or until the planned steps are made, it is paused, or something speaks against going on. */
export type TrainUntil = 'step' | 'end'

export type TrainPart = 'rollout' | 'scoring' | 'update' | 'evaluation' | 'saving'

export type TrainEvent =
  | { type: 'loading'; run: string; progress: ModelProgress }
  /** The run as it is kept now: at the beginning and whenever it changed. */
  | { type: 'run'; run: string; record: RunRecord }
  | { type: 'progress'; run: string; step: number; part: TrainPart; share: number }
  | { type: 'step'; run: string; metrics: StepMetrics; saved: boolean }
  | { type: 'evaluation'; run: string; evaluation: EvaluationMetrics }
  | { type: 'checkpoint'; run: string; checkpoint: CheckpointRecord }

export interface CompareRequest {
  source: ModelSource
  /** Keys of checkpoints; null is the base model. Each plays the same tasks with the same seeds. */
  adapters: (string | null)[]
  config: TrainConfig
  tasks: number
  seed: number
}

export interface Compared {
  adapter: string | null
  evaluation: EvaluationMetrics
  trajectories: Trajectory[]
}

/** One training at a time. */
export interface TrainingApi {
  /** Trains until it is told to stop or the plan is done. Resolves with the run as it then is. @throws with why it cannot go on */
  train(request: TrainRequest, until: TrainUntil, onEvents: (events: TrainEvent[]) => void): Promise<RunRecord>
  /** Ends the training behind the present step. */
  pause(): Promise<void>
  /** Ends it now; the present step is lost, everything before is kept. */
  stop(): Promise<void>
  /** Plays held-out tasks with several adapters, one after the other. stop() ends it. */
  compare(request: CompareRequest, onProgress: (share: number) => void): Promise<Compared[]>
}
