// The page's words for every term of the reward; a term without an entry does not compile.
import type { Trajectory } from '../../core/record/trajectory.ts'
import { recordOf } from '../../core/table.ts'
import { measureTerm, termNames, type Measurements, type TermName } from '../../core/reward/terms.ts'
import type { Said, TermWords } from './term-words.ts'
import * as entries from './words/index.ts'

export const termWords: { readonly [N in TermName]: TermWords<Measurements[N]> } = entries

/** How a term came to its value on this episode. */
export function sayTerm<N extends TermName>(name: N, trajectory: Trajectory, value: number): Said {
  return termWords[name].say(measureTerm(name, trajectory), trajectory, value)
}

/** As the glossary has them. */
export const termGlossary = recordOf(termNames, (name) => {
  const { title, sentence, where } = termWords[name]
  return { title, sentence, where }
})

/** Its colour: a token of its own where there is one, else that of what the paper does not have. */
export function rewardColor(component: TermName | 'penalty'): string {
  return `var(--reward-${component}, var(--reward-tool_use))`
}
