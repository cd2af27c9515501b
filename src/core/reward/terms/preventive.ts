// Eq. 20: the context was reduced before it overflowed.
import type { Trajectory } from '../../record/trajectory.ts'
import { always, term } from '../term.ts'

interface Preventive {
  value: 0 | 1
  /** The first reduction that removed something, wherever it stands; step counts from 0. */
  reduction: { step: number; tool: 'Summary_context' | 'Filter_context'; removed: number } | null
  /** The first step whose prompt was over T_max. */
  overflow: number | null
}

/** Eq. 20: 1 when a summary or a filter took at least one message out before any prompt was over T_max. */
function measure(trajectory: Trajectory): Preventive {
  let reduction: Preventive['reduction'] = null
  for (const [step, { after }] of trajectory.steps.entries()) {
    for (const event of after) {
      if ((event.type === 'stm.filter' || event.type === 'stm.summarise') && event.removed.length > 0) {
        reduction ??= { step, tool: event.type === 'stm.filter' ? 'Filter_context' : 'Summary_context', removed: event.removed.length }
      }
    }
  }
  const first = trajectory.steps.findIndex((step) => step.overflow)
  const overflow = first < 0 ? null : first
  return { value: reduction && (overflow === null || reduction.step < overflow) ? 1 : 0, reduction, overflow }
}

export const preventive = term({ group: 'context', equation: 20, kind: 'indicator', applies: always, measure: measure })
