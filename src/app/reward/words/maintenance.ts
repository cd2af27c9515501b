import type { Measurements } from '../../../core/reward/terms.ts'
import { plural, stepName, type TermWords } from '../term-words.ts'

export const maintenance: TermWords<Measurements['maintenance']> = {
  title: 'Maintenance',
  short: 'maintenance',
  sentence: '1 when the agent updated or deleted an entry.',
  where: 'eq. 24',
  formula: '1 if an entry was updated or deleted, else 0',
  say({ calls }) {
    const worked = calls.filter((call) => call.ok).length
    const items = calls.map(({ step, tool, ok, memory }) => ({
      label: `${tool}${memory === null ? '' : ` ${memory}`} at ${stepName(step)}${ok ? '' : ', failed'}`,
      counted: ok,
    }))
    const tries = plural(calls.length, 'update or delete', 'updates or deletes')
    if (calls.length === 0) return { sentence: 'It updated and deleted nothing.', items }
    return { sentence: worked === 0 ? `${tries} tried, none worked.` : `${worked} of ${tries} worked; one is enough.`, items }
  },
}
