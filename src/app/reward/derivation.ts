// How each component of the reward came to its value, in plain words with the episode's own numbers.
import type { Trajectory } from '../../core/record/trajectory.ts'
import { contributions, valueOf, weightOf } from '../../core/reward/composite.ts'
import type { MemoryQuality } from '../../core/reward/memory-quality.ts'
import { penalty } from '../../core/reward/penalty.ts'
import { rewardPresets } from '../../core/reward/presets.ts'
import type { RewardComponents, RewardWeights } from '../../core/reward/reward.ts'
import { termNames, terms, type TermName } from '../../core/reward/terms.ts'
import { t } from '../locales/index.ts'
import { sayTerm } from './catalogue.ts'
import type { Said } from './term-words.ts'

export type Component = TermName | 'penalty'

export interface Derivation extends Said {
  component: Component
  value: number
  /** Number of the paper's equation; null for what the paper does not have. */
  equation: number | null
  /** Points of the total that it brings under the weights in force; null when none were given. */
  contribution: number | null
}

function sayPenalty(components: RewardComponents, weights: RewardWeights | undefined): Said {
  const words = t().reward.penalty
  const cost = (what: string, points: number | undefined) => (points === undefined ? what : words.cost(what, points))
  const items = [
    { label: cost(words.rounds, weights?.penalty.rounds), counted: components.rounds_exceeded },
    { label: cost(words.context, weights?.penalty.context), counted: components.context_exceeded },
  ]
  const happened = items.filter((item) => item.counted).map(({ label }) => label)
  return { sentence: happened.length === 0 ? words.none : words.broken(happened), items }
}

/**
 * Every component, in the order of the paper; what the paper does not have only where the weights count it. Without
 * weights the penalty's value is that of the paper.
 */
export function derive(trajectory: Trajectory, components: RewardComponents, weights?: RewardWeights): Derivation[] {
  const parts = weights ? contributions(components, weights) : null
  const of = termNames.flatMap((name): Derivation[] => {
    const value = weights ? valueOf(components, weights, name) : components[name]
    const shown = terms[name].equation !== null || (weights !== undefined && weightOf(name, weights) !== 0)
    if (value === undefined || !shown) return []
    return [{ component: name, value, equation: terms[name].equation, contribution: parts?.[name] ?? null, ...sayTerm(name, trajectory, value) }]
  })
  const lost = parts?.penalty ?? penalty({ rounds: components.rounds_exceeded, context: components.context_exceeded }, rewardPresets.paper.penalty)
  return [...of, { component: 'penalty', value: lost, equation: 26, contribution: parts?.penalty ?? null, ...sayPenalty(components, weights) }]
}

/** How MQ came to its value: which current facts the LTM holds at the end, and what else is in it. */
export function deriveQuality(quality: MemoryQuality): Said & { value: number } {
  const stored = quality.facts.filter((each) => each.stored).length
  const good = quality.entries.filter((entry) => entry.states.length > 0).length
  return {
    value: quality.value,
    sentence: t().reward.quality(stored, quality.facts.length, good, quality.entries.length),
    items: quality.facts.map(({ fact, stored: counted }) => ({ label: fact.text, counted })),
  }
}
