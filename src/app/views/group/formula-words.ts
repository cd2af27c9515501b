// The right side of A = …, with a group's own numbers filled in. Pure.
import type { AdvantageOptions } from '../../../core/training/advantages.ts'
import type { RescoredGroup } from '../../../core/training/rescore.ts'
import { decimal } from '../../format.ts'
import { small } from '../../sentence/plan-words.ts'

type Group = Pick<RescoredGroup, 'mean' | 'std' | 'decoupled'> & { rewards: readonly { total: number }[] }

export const three = (value: number) => decimal(value, 3)
const minus = (value: number) => (value < 0 ? `(${three(value)})` : three(value))

/** The mean of all rewards but one. */
function othersMean({ rewards, mean }: Group, reward: number): number {
  const k = rewards.length
  return k < 2 ? 0 : (mean * k - reward) / (k - 1)
}

/** Of the form `decoupled`: the terms in which the rollouts differ; the others add nothing. */
export function tellingTerms({ decoupled }: Pick<Group, 'decoupled'>): { name: string; weight: number; scores: number[] }[] {
  return (decoupled?.terms ?? []).filter(({ scores }) => scores.some((score) => score !== 0))
}

/** @param rollout its index in the group */
export function filledFormula(group: Group, rollout: number, { form, epsilon }: AdvantageOptions): string {
  const reward = group.rewards[rollout]?.total ?? 0
  switch (form) {
    case 'sample':
    case 'population':
      return `(${three(reward)} − ${minus(group.mean)}) / (${three(group.std)} + ${small(epsilon)})`
    case 'none':
      return `${three(reward)} − ${minus(group.mean)}`
    case 'leave-one-out':
      return `${three(reward)} − ${minus(othersMean(group, reward))}`
    case 'decoupled': {
      const sum = tellingTerms(group).map(({ weight, scores }) => `${three(weight)} · ${minus(scores[rollout] ?? 0)}`)
      return `(${sum.join(' + ')}) / (${three(group.decoupled?.std ?? 0)} + ${small(epsilon)})`
    }
  }
}
