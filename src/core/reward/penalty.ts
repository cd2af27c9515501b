// P (eq. 26): what an episode loses for running out of rounds or over its window.
import type { Trajectory } from '../record/trajectory.ts'
import type { RewardWeights } from './reward.ts'

interface Exceeded {
  /** All rounds of stage 3 were used up without an answer. */
  rounds: boolean
  /** The prompt of some step was over T_max. */
  context: boolean
}

/** The indicators of eq. 26. */
export function exceeded(trajectory: Trajectory): Exceeded {
  return { rounds: trajectory.stop === 'rounds', context: trajectory.steps.some((step) => step.overflow) }
}

/** Eq. 26: 0 or negative. */
export function penalty(of: Exceeded, weights: RewardWeights['penalty']): number {
  return 0 - (of.rounds ? weights.rounds : 0) - (of.context ? weights.context : 0)
}
