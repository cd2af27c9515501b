import type { Measurements } from '../../../core/reward/terms.ts'
import { t } from '../../locales/index.ts'
import type { TermSpeech } from '../term-words.ts'

export const relevance: TermSpeech<Measurements['relevance']> = {
  where: 'eq. 25',
  say({ memories }) {
    const words = t().reward.relevance
    const relevant = memories.filter((memory) => memory.relevant).length
    return {
      sentence: memories.length === 0 ? words.none : words.relevant(relevant, memories.length),
      items: memories.map(({ id, content, relevant: counted }) => ({ label: `${id}: ${content}`, counted })),
    }
  },
}
