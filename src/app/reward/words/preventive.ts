import type { Measurements } from '../../../core/reward/terms.ts'
import { plural, stepName, type TermWords } from '../term-words.ts'

export const preventive: TermWords<Measurements['preventive']> = {
  title: 'Preventive action',
  short: 'preventive',
  sentence: '1 when the agent filtered or summarised before the window overflowed.',
  where: 'eq. 20',
  formula: '1 if something was filtered or summarised before T_max was passed, else 0',
  say({ value, reduction, overflow }) {
    const over = overflow === null ? 'the window never overflowed' : `the window overflowed at ${stepName(overflow)}`
    if (!reduction) return { sentence: `No filter or summary removed anything; ${over}.`, items: [] }
    const did = `${reduction.tool} removed ${plural(reduction.removed, 'message')} at ${stepName(reduction.step)}`
    return { sentence: value === 1 ? `${did}, in time: ${over}.` : `${did}, too late: ${over}.`, items: [] }
  },
}
