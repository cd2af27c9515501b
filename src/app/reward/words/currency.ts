import type { Measurements } from '../../../core/reward/terms.ts'
import { t } from '../../locales/index.ts'
import type { TermSpeech } from '../term-words.ts'

export const currency: TermSpeech<Measurements['currency']> = {
  where: null,
  say({ gives, changed }) {
    const words = t().reward.currency
    return { sentence: words[gives], items: changed.map(({ before, now }) => ({ label: words.changed(before, now), counted: gives === 'present' })) }
  },
}
