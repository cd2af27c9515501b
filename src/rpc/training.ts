// What lab.worker offers for training, as an interface. The page sees only this.
import type { Trajectory } from '../core/record/trajectory.ts'
import type { TrainConfig } from '../core/training/config.ts'
import type { EvaluationMetrics, StepMetrics } from '../core/training/metrics.ts'
import type { TokenGradient } from '../core/training/token-gradient.ts'
import type { ModelProgress, ModelSource } from '../core/policy/model.ts'
import type { CheckpointRecord, RunRecord } from '../core/training/runs.ts'

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
  /** A checkpoint that is new or was evaluated; with the keys of those that went in its favour. */
  | { type: 'checkpoint'; run: string; checkpoint: CheckpointRecord; gone?: string[] }

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

export interface UpdateRequest {
  run: string
  /** From 1. */
  step: number
  /** Which of the step's rollouts, in the order in which they are kept. */
  rollout: number
  source: ModelSource
}

/** A token that carried loss, before and after the update of its step. */
export interface UpdatedToken {
  text: string
  /** Of the episode, from 0. */
  step: number
  /** The call whose summary it belongs to; null: the reply itself. */
  call: number | null
  /** log π when it was sampled, and after the update, nats. */
  before: number
  after: number
  /** A_t. */
  advantage: number
  /** Its weight in the loss. */
  weight: number
  /** Where the update began. */
  gradient: TokenGradient
}

export interface UpdateView {
  /** In the order in which they were sampled; empty when the update left the rollout out. */
  tokens: UpdatedToken[]
  /** It was left out, since all rewards of its group were the same. */
  idle: boolean
  /** Steps whose updates were made again, because the adapter after this step is not kept; 0: it is. */
  madeAgain: number
}

/** One training at a time. */
export interface TrainingApi {
  /**
   * Trains until it is told to stop, the plan is done, or something speaks against going on (then the run's note says
   * what). Resolves with the run as it then is, from which the next call goes on.
   * @throws with why it cannot go on; then too every finished step is kept
   */
  train(request: TrainRequest, until: TrainUntil, onEvents: (events: TrainEvent[]) => void): Promise<RunRecord>
  /** Ends the training behind the present step. */
  pause(): Promise<void>
  /** Ends it now; the present step is lost, everything before is kept. An update that has begun is brought to its end. */
  stop(): Promise<void>
  /** Plays held-out tasks with several adapters, one after the other. stop() ends it. */
  compare(request: CompareRequest, onProgress: (share: number) => void): Promise<Compared[]>
  /** What the update of a step did to the tokens of a rollout. stop() ends it. @throws with what is not kept any more */
  viewUpdate(request: UpdateRequest, onProgress: (share: number) => void): Promise<UpdateView>
}
