// Recorded rollouts under other weights: rewards, advantages and ranks at once, from components that were measured when
// they were played. Cheap enough for a slider; knows no trajectories.
import { composite, rewardTerms } from '../reward/composite.ts'
import type { Reward, RewardComponents, RewardWeights } from '../reward/reward.ts'
import { groupAdvantages, type AdvantageOptions, type GroupAdvantages, type RewardTerm } from './advantages.ts'

export interface ScoredGroup extends GroupAdvantages {
  rewards: Reward[]
  /** 1 is the best; equal rewards share a rank. */
  ranks: number[]
}

export interface RescoredGroup extends ScoredGroup {
  /** Rollouts whose advantage has another sign now: positive, negative or none. */
  changed: number[]
}

/** Rewards closer than this are equal, as in advantages.ts. */
const tolerance = 1e-9

/** The terms of a group's rewards, each with what every rollout got for it. */
export function termsOf(rewards: readonly Reward[], weights: RewardWeights): RewardTerm[] {
  const terms = new Map<string, { name: string; weight: number; values: number[] }>()
  for (const reward of rewards) {
    for (const { name, weight, value } of rewardTerms(reward, weights)) {
      const term = terms.get(name) ?? { name, weight, values: [] }
      term.values.push(value)
      terms.set(name, term)
    }
  }
  return [...terms.values()]
}

/** One group under these weights. @param group what was measured on each of its rollouts */
export function scoreGroup(group: readonly RewardComponents[], weights: RewardWeights, advantage: AdvantageOptions): ScoredGroup {
  const rewards = group.map((components) => composite(components, weights))
  const ranks = rewards.map(({ total }) => 1 + rewards.filter((other) => other.total > total + tolerance).length)
  return { rewards, ranks, ...groupAdvantages(rewards.map(({ total }) => total), advantage, termsOf(rewards, weights)) }
}

const direction = (advantage: number) => (Math.abs(advantage) <= tolerance ? 0 : Math.sign(advantage))

/** Groups under new weights, beside what they were under those that they were trained with. */
export function rescore(groups: readonly (readonly RewardComponents[])[], weights: { then: RewardWeights; now: RewardWeights }, advantage: AdvantageOptions): RescoredGroup[] {
  return groups.map((group) => {
    const then = scoreGroup(group, weights.then, advantage)
    const now = scoreGroup(group, weights.now, advantage)
    const changed = group.flatMap((_, i) => (direction(then.advantages[i] ?? 0) === direction(now.advantages[i] ?? 0) ? [] : [i]))
    return { ...now, changed }
  })
}
