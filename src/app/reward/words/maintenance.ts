import type { Measurements } from '../../../core/reward/terms.ts'
import { t } from '../../locales/index.ts'
import type { TermSpeech } from '../term-words.ts'

export const maintenance: TermSpeech<Measurements['maintenance']> = {
  where: 'eq. 24',
  say({ calls }) {
    const words = t().reward.maintenance
    const worked = calls.filter((call) => call.ok).length
    const items = calls.map(({ step, tool, ok, memory }) => ({ label: words.call(tool, memory, step, ok), counted: ok }))
    if (calls.length === 0) return { sentence: words.none, items }
    return { sentence: worked === 0 ? words.failed(calls.length) : words.worked(worked, calls.length), items }
  },
}
