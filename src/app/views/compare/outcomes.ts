// Which tasks one policy got right and another did not. Pure.
import { successFrom } from '../../../core/evaluation/metrics.ts'
import type { Trajectory } from '../../../core/record/trajectory.ts'
import { measureTerm } from '../../../core/reward/terms.ts'

export type Outcome = 'right' | 'wrong' | 'none'

export const outcomeOf = (trajectory: Trajectory): Outcome =>
  trajectory.answer === null ? 'none' : measureTerm('task', trajectory).value >= successFrom ? 'right' : 'wrong'

/** Who of two was right. */
export const contrasts = ['left', 'right', 'both', 'neither'] as const
export type Contrast = (typeof contrasts)[number]

export function contrastOf(left: Outcome | undefined, right: Outcome | undefined): Contrast {
  if (left === 'right') return right === 'right' ? 'both' : 'left'
  return right === 'right' ? 'right' : 'neither'
}
