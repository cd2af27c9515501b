// The page's words for every term of the reward; one without words of its own is called by its name.
import type { Trajectory } from '../../core/record/trajectory.ts'
import { measureTerm, termNames, type Measurements, type Summand, type TermName } from '../../core/reward/terms.ts'
import type { Measured } from '../../core/reward/term.ts'
import { t } from '../locales/index.ts'
import type { TermText } from '../locales/en/reward.ts'
import { rounded, type Said, type TermSpeech, type TermWords } from './term-words.ts'
import * as entries from './words/index.ts'

const speeches: { readonly [N in TermName]?: TermSpeech<Measurements[N]> } = entries

/** Of a term that nobody has written words for: its name, and the numbers that it rests on. */
function plainText(name: string): TermText {
  const title = name.replaceAll('_', ' ')
  return { title: title.charAt(0).toUpperCase() + title.slice(1), short: title, sentence: t().reward.unknown.sentence, formula: `R_${name}` }
}

const plainSpeech: TermSpeech<Measured> = {
  where: null,
  say({ value, ...evidence }) {
    const numbers = Object.entries(evidence).flatMap(([what, n]) => (typeof n === 'number' ? [`${what} ${rounded(n)}`] : []))
    return { sentence: t().reward.unknown.say(rounded(value), numbers), items: [] }
  },
}

export const isRewardTerm = (name: string): name is TermName => termNames.some((each) => each === name)

export function wordsOf<N extends TermName>(name: N): TermWords<Measurements[N]> {
  const texts: Partial<Record<TermName, TermText>> = t().reward.terms
  const { where, say } = speeches[name] ?? plainSpeech
  return { ...(texts[name] ?? plainText(name)), where: where === null ? null : t().glossary.place(where), say }
}

const evidence = new WeakMap<Trajectory, Partial<Measurements>>()

/** What a term measures on an episode, once: sliders move while its words are on show. */
function measuredOnce<N extends TermName>(name: N, trajectory: Trajectory): Measurements[N] {
  const known: Partial<Measurements> = evidence.get(trajectory) ?? {}
  const found: Measurements[N] = known[name] ?? measureTerm(name, trajectory)
  evidence.set(trajectory, { ...known, [name]: found })
  return found
}

/** How a term came to its value on this episode. */
export function sayTerm<N extends TermName>(name: N, trajectory: Trajectory, value: number): Said {
  return wordsOf(name).say(measuredOnce(name, trajectory), trajectory, value)
}

/** Its colour: a token of its own where there is one, else that of what the paper does not have. */
export function rewardColor(component: TermName | Summand | 'penalty'): string {
  return `var(--reward-${component}, var(--reward-tool_use))`
}
