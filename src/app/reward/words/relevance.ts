import type { Measurements } from '../../../core/reward/terms.ts'
import { plural, type TermWords } from '../term-words.ts'

export const relevance: TermWords<Measurements['relevance']> = {
  title: 'Relevance',
  short: 'relevance',
  sentence: 'The share of retrieved memories that the answer needs.',
  where: 'eq. 25',
  formula: 'N_relevant / max(1, N_retrieved)',
  say({ memories }) {
    const relevant = memories.filter((memory) => memory.relevant).length
    const states = `${relevant} of ${plural(memories.length, 'retrieved memory', 'retrieved memories')} ${relevant === 1 ? 'states' : 'state'} a fact that the answer needs.`
    return {
      sentence: memories.length === 0 ? 'It retrieved no memory after stage 1.' : states,
      items: memories.map(({ id, content, relevant: counted }) => ({ label: `${id}: ${content}`, counted })),
    }
  },
}
