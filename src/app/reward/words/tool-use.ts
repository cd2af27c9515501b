import type { Measurements } from '../../../core/reward/terms.ts'
import { t } from '../../locales/index.ts'
import type { TermSpeech } from '../term-words.ts'

export const tool_use: TermSpeech<Measurements['tool_use']> = {
  where: null,
  say({ ok, calls }) {
    const words = t().reward.toolUse
    return { sentence: calls === 0 ? words.none : words.worked(ok, calls), items: [] }
  },
}
