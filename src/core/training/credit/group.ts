// What credit is assigned over: a group of rollouts of one task. A rule is a file of this folder and its line in credit.ts.
import type { Trajectory } from '../../record/trajectory.ts'

interface CreditedRollout {
  trajectory: Pick<Trajectory, 'steps'>
  /** A_T, from the rewards of the group. */
  advantage: number
}

/** A_t of every step of every rollout of the group, in their order. */
export type Credit = (group: readonly CreditedRollout[]) => number[][]
