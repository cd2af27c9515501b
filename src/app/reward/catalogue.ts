// The page's words for every term of the reward; one without an entry of its own is called by its name.
import type { Trajectory } from '../../core/record/trajectory.ts'
import { recordOf } from '../../core/table.ts'
import { measureTerm, termNames, type Measurements, type TermName } from '../../core/reward/terms.ts'
import type { Measured } from '../../core/reward/term.ts'
import { rounded, type Said, type TermWords } from './term-words.ts'
import * as entries from './words/index.ts'

const own: { readonly [N in TermName]?: TermWords<Measurements[N]> } = entries

/** Of a term that nobody has written words for: its name, and the numbers that it rests on. */
function plainWords(name: string): TermWords<Measured> {
  const title = name.replaceAll('_', ' ')
  return {
    title: title.charAt(0).toUpperCase() + title.slice(1),
    short: title,
    sentence: 'A term of the reward that the paper does not have.',
    where: null,
    formula: `R_${name}`,
    say({ value, ...evidence }) {
      const numbers = Object.entries(evidence).flatMap(([what, n]) => (typeof n === 'number' ? [`${what} ${rounded(n)}`] : []))
      return { sentence: `${rounded(value)}${numbers.length > 0 ? `: ${numbers.join(', ')}` : ''}.`, items: [] }
    },
  }
}

export function wordsOf<N extends TermName>(name: N): TermWords<Measurements[N]> {
  return own[name] ?? plainWords(name)
}

/** How a term came to its value on this episode. */
export function sayTerm<N extends TermName>(name: N, trajectory: Trajectory, value: number): Said {
  return wordsOf(name).say(measureTerm(name, trajectory), trajectory, value)
}

/** As the glossary has them. */
export const termGlossary = recordOf(termNames, (name) => {
  const { title, sentence, where } = wordsOf(name)
  return { title, sentence, where }
})

/** Its colour: a token of its own where there is one, else that of what the paper does not have. */
export function rewardColor(component: TermName | 'penalty'): string {
  return `var(--reward-${component}, var(--reward-tool_use))`
}
