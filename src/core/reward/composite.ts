// R = w_task R_task + w_context R_context + w_memory R_memory + P (eq. 16), from components and weights alone: cheap
// enough to run under a slider.
import { recordOf } from '../table.ts'
import { penalty } from './penalty.ts'
import { sharesOf, type Reward, type RewardComponents, type RewardWeights } from './reward.ts'
import type { GroupName } from './term.ts'
import { isGroup, summands, termNames, terms, termsIn, type Summand, type TermName, type TermsIn } from './terms.ts'

const clamp = (x: number, [low, high]: readonly [number, number]) => Math.min(high, Math.max(low, x))

/** What a term came to; undefined where it does not apply. */
export function valueOf(components: RewardComponents, weights: RewardWeights, name: TermName): number | undefined {
  return name === 'maintenance' && weights.failed_maintenance ? components.maintenance_attempted : components[name]
}

/** What a term weighs in the total: its own weight, or its share of its group's. */
export function weightOf(name: TermName, weights: RewardWeights): number {
  const { group } = terms[name]
  if (group !== null) return weights[group] * (sharesOf(weights, group)[name] ?? 0)
  return termsIn(null).reduce((found, each) => (each === name ? weights[each] : found), 0)
}

/** The most that the weights can give: every term at 1, no penalty. */
export function bestTotal(weights: RewardWeights): number {
  const of = (name: Summand) =>
    isGroup(name) ? weights[name] * Object.values(sharesOf(weights, name)).reduce((sum, each) => sum + each, 0) : weights[name]
  const best = summands.reduce((sum, name) => sum + of(name), 0)
  return weights.clip ? Math.min(weights.clip[1], best) : best
}

/** Eq. 18, 22: the parts as they are, and what they come to by their shares. */
function groupReward<G extends GroupName>(group: G, components: RewardComponents, weights: RewardWeights): Partial<Record<TermsIn<G>, number>> & { total: number } {
  const shares = sharesOf(weights, group)
  const names = termsIn(group).filter((name) => components[name] !== undefined)
  const parts: Partial<Record<TermsIn<G>, number>> = recordOf(names, (name) => valueOf(components, weights, name) ?? 0)
  const total = names.reduce((sum, name) => sum + (shares[name] ?? 0) * (parts[name] ?? 0), 0)
  return { ...parts, total }
}

/** Eq. 16, 18 and 22 under these weights. */
export function composite(components: RewardComponents, weights: RewardWeights): Reward {
  const solo = termsIn(null).filter((name) => components[name] !== undefined)
  const reward: Omit<Reward, 'total'> = {
    ...recordOf(solo, (name) => components[name] ?? 0),
    task: components.task,
    context: groupReward('context', components, weights),
    memory: groupReward('memory', components, weights),
    penalty: penalty({ rounds: components.rounds_exceeded, context: components.context_exceeded }, weights.penalty),
  }
  const value = (name: Summand) => (isGroup(name) ? reward[name].total : (reward[name] ?? 0))
  const total = summands.reduce((sum, name) => sum + weights[name] * value(name), 0) + reward.penalty
  return { ...reward, total: weights.clip ? clamp(total, weights.clip) : total }
}

/** A term of eq. 16 under its weight. */
interface WeightedTerm {
  name: Summand | 'penalty'
  weight: number
  value: number
}

/** The terms of eq. 16 with their weights, for those who weigh them one by one. Terms without weight are left out. */
export function rewardTerms(reward: Reward, weights: RewardWeights): WeightedTerm[] {
  const of = summands.flatMap((name): WeightedTerm[] => {
    const value = isGroup(name) ? reward[name].total : reward[name]
    return value === undefined ? [] : [{ name, weight: weights[name], value }]
  })
  // The penalty's weights are in it already.
  return [...of, { name: 'penalty' as const, weight: 1, value: reward.penalty }].filter(({ weight }) => weight > 0)
}

/** What each component brings to the total, in points; they add up to the total before any clip. */
export function contributions(components: RewardComponents, weights: RewardWeights): Partial<Record<TermName, number>> & { penalty: number } {
  const names = termNames.filter((name) => components[name] !== undefined)
  return {
    ...recordOf(names, (name) => weightOf(name, weights) * (valueOf(components, weights, name) ?? 0)),
    penalty: penalty({ rounds: components.rounds_exceeded, context: components.context_exceeded }, weights.penalty),
  }
}
