// What lab.worker offers for training, as an interface. The page sees only this.
import type { AgentName } from '../core/agents/names.ts'
import type { Trajectory } from '../core/record/trajectory.ts'
import type { TrainConfig } from '../core/training/config.ts'
import type { EvaluationMetrics } from '../core/evaluation/evaluation-metrics.ts'
import type { TokenGradient } from '../core/training/token-gradient.ts'
import type { ModelSource } from '../core/policy/model.ts'
import type { TrainEvent, TrainPart, TrainRequest, TrainUntil } from '../core/training/train-event.ts'
import type { ExperimentResult } from '../core/experiments/result.ts'
import type { ExperimentProgress } from '../core/experiments/run.ts'
import type { AutomaticChoice } from './policy-choice.ts'
import type { RunRecord } from '../core/training/runs.ts'

export type { TrainEvent, TrainPart, TrainRequest, TrainUntil }

/** Who takes part: a policy, and the agent that asks it. */
export type Entrant = AutomaticChoice & {
  /** Who tends the memory; left out: AgeMem. */
  agent?: AgentName
}

export interface CompareRequest {
  /** Each plays the same tasks with the same seeds. */
  players: Entrant[]
  /** Where the tasks come from, and their limits. */
  config: TrainConfig
  tasks: number
  seed: number
}

export interface Compared {
  player: Entrant
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

export interface ExperimentRequest {
  /** What it goes on with; its plan says what is to be played. */
  result: ExperimentResult
  source: ModelSource
}

export type ExperimentEvent =
  | { type: 'progress'; progress: ExperimentProgress }
  /** Kept before the next cell begins. */
  | { type: 'kept'; result: ExperimentResult; saved: boolean }

/** One episode of a cell. */
export interface ReplayRequest extends ExperimentRequest {
  arm: string
  data: string
  seed: number
  /** Which of the cell's tasks. */
  place: number
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
  /** Plays held-out tasks with several policies, one after the other. stop() ends it. */
  compare(request: CompareRequest, onProgress: (share: number) => void): Promise<Compared[]>
  /**
   * Goes on with an experiment until all of it is there, or pause() ends it behind what is being done; trainings are runs of their
   * own, which are kept and gone on with. @throws with why it cannot go on; then too every finished cell is kept
   */
  experiment(request: ExperimentRequest, onEvent: (event: ExperimentEvent) => void): Promise<ExperimentResult>
  /** Plays an episode of an experiment again; records nothing. @throws with what is not kept any more */
  replay(request: ReplayRequest): Promise<Trajectory>
  /** What the update of a step did to the tokens of a rollout. stop() ends it. @throws with what is not kept any more */
  viewUpdate(request: UpdateRequest, onProgress: (share: number) => void): Promise<UpdateView>
}
