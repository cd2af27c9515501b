import type { Measurements } from '../../../core/reward/terms.ts'
import { t } from '../../locales/index.ts'
import type { TermSpeech } from '../term-words.ts'

export const preservation: TermSpeech<Measurements['preservation']> = {
  where: 'eq. 21',
  say({ found, missing }) {
    const words = t().reward.preservation
    const total = found.length + missing.length
    const items = [
      ...found.map(({ text }) => ({ label: text, counted: true })),
      ...missing.map(({ text }) => ({ label: text, counted: false })),
    ]
    return { sentence: total === 0 ? words.nothing : words.kept(found.length, total), items }
  },
}
