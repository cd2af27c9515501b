import type { Measurements } from '../../../core/reward/terms.ts'
import { t } from '../../locales/index.ts'
import type { TermSpeech } from '../term-words.ts'

export const storage: TermSpeech<Measurements['storage']> = {
  where: 'eq. 23',
  say({ entries }) {
    const words = t().reward.storage
    const good = entries.filter((entry) => entry.good).length
    return {
      sentence: entries.length === 0 ? words.none : words.good(good, entries.length),
      items: entries.map(({ id, content, good: counted, why }) => ({
        label: `${id}: ${content}${counted ? '' : ` (${words.why[why]})`}`,
        counted,
      })),
    }
  },
}
