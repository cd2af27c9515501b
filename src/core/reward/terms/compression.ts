// Eq. 19: how much of the window is free when the answer is given.
import type { Trajectory } from '../../record/trajectory.ts'
import { answerStep } from '../answer-step.ts'
import { always, term } from '../term.ts'

interface Compression {
  value: number
  /** T_used: tokens of the prompt that the answer was given to, or of the last one. */
  used: number
  /** T_max. */
  limit: number
}

/** Eq. 19: max(0, 1 − T_used/T_max); 0 when nothing was played. */
function measure(trajectory: Trajectory): Compression {
  const limit = trajectory.settings.t_max
  const used = trajectory.steps[answerStep(trajectory)]?.prompt_tokens
  if (used === undefined) return { value: 0, used: 0, limit }
  return { value: Math.max(0, 1 - used / limit), used, limit }
}

export const compression = term({ group: 'context', equation: 19, kind: 'quantity', applies: always, measure: measure })
