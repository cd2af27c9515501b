import type { Measurements } from '../../../core/reward/terms.ts'
import { t } from '../../locales/index.ts'
import type { TermSpeech } from '../term-words.ts'

export const preventive: TermSpeech<Measurements['preventive']> = {
  where: 'eq. 20',
  say({ value, reduction, overflow }) {
    const words = t().reward.preventive
    const over = words.overflow(overflow)
    if (!reduction) return { sentence: words.none(over), items: [] }
    const { tool, removed, step } = reduction
    return { sentence: words.did(tool, removed, step, value === 1, over), items: [] }
  },
}
