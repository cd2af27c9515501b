import type { Measurements } from '../../../core/reward/terms.ts'
import { plural, type TermWords } from '../term-words.ts'

export const preservation: TermWords<Measurements['preservation']> = {
  title: 'Preservation',
  short: 'preservation',
  sentence: '1 when every name, date, number and place of the question stands in what the agent kept or fetched.',
  where: 'eq. 21',
  formula: '1 if every key phrase of the question stands in what was kept or fetched, else 0',
  say({ found, missing }) {
    const total = found.length + missing.length
    const items = [
      ...found.map(({ text }) => ({ label: text, counted: true })),
      ...missing.map(({ text }) => ({ label: text, counted: false })),
    ]
    if (total === 0) return { sentence: 'The question has no name, date, number or place that could be lost.', items }
    const all = `${total === 1 ? 'The key phrase' : `All ${total} key phrases`} of the question`
    const stood = missing.length === 0 ? all : `${found.length} of ${plural(total, 'key phrase')} of the question`
    return { sentence: `${stood} stood in the context at the end, beside the question itself.`, items }
  },
}
