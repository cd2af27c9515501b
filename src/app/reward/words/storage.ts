import type { Measurements } from '../../../core/reward/terms.ts'
import { plural, type TermWords } from '../term-words.ts'

export const storage: TermWords<Measurements['storage']> = {
  title: 'Storage quality',
  short: 'storage',
  sentence: 'The share of what stage 1 stored that was worth storing.',
  where: 'eq. 23',
  formula: 'N_good / max(1, N_stored)',
  say({ entries }) {
    const good = entries.filter((entry) => entry.good).length
    const states = `${good} of ${plural(entries.length, 'entry', 'entries')} stored in stage 1 ${good === 1 ? 'states' : 'state'} a fact worth storing.`
    return {
      sentence: entries.length === 0 ? 'Stage 1 stored nothing.' : states,
      items: entries.map(({ id, content, good: counted, why }) => ({ label: `${id}: ${content}${counted ? '' : ` (${why})`}`, counted })),
    }
  },
}
