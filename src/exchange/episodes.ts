// Episodes on their way out: with what they were rewarded, and in training with their step and advantage.
import type { Trajectory } from '../core/record/trajectory.ts'
import { composite, rewardTerms } from '../core/reward/composite.ts'
import type { Reward, RewardComponents, RewardWeights } from '../core/reward/reward.ts'
import { measure } from '../core/reward/score.ts'
import type { TrainConfig } from '../core/training/config.ts'
import { scoreGroup } from '../core/training/rescore.ts'

interface Scored {
  reward: number
  /** What the reward is the weighted sum of, before it is clipped. */
  terms: { name: string; weight: number; value: number }[]
  components: RewardComponents
}

export interface ShownEpisode {
  trajectory: Trajectory
  /** null: it did not come to its end. */
  scored: Scored | null
  /** Within its group; null: it was played outside of training. */
  advantage: number | null
}

export interface ShownStep {
  /** From 1; 0: episodes that were not played in training. */
  step: number
  /** In order of task and rollout. */
  episodes: ShownEpisode[]
}

/** What is exported, a step at a time. */
export interface Shown {
  /** Name of the run, or of the collection. */
  name: string
  steps: AsyncIterable<ShownStep>
}

const scoredOf = (components: RewardComponents, reward: Reward, weights: RewardWeights): Scored => ({ reward: reward.total, terms: rewardTerms(reward, weights), components })

/** The rollouts of a step; those of one task are a group. */
export function shownStep(step: number, trajectories: readonly Trajectory[], { reward: { weights }, advantage }: Pick<TrainConfig, 'reward' | 'advantage'>): ShownStep {
  const groups = new Map<string, Trajectory[]>()
  for (const trajectory of trajectories) groups.set(trajectory.id.task, [...(groups.get(trajectory.id.task) ?? []), trajectory])
  const episodes = [...groups.values()].flatMap((group) => {
    const components = group.map(measure)
    const { rewards, advantages } = scoreGroup(components, weights, advantage)
    return group.map((trajectory, i): ShownEpisode => {
      const [measured, reward] = [components[i], rewards[i]]
      return { trajectory, scored: measured && reward ? scoredOf(measured, reward, weights) : null, advantage: advantages[i] ?? null }
    })
  })
  return { step, episodes }
}

/** Episodes that were played one by one. */
export function shownAlone(trajectories: readonly Trajectory[], weights: RewardWeights): ShownStep {
  return {
    step: 0,
    episodes: trajectories.map((trajectory): ShownEpisode => {
      if (trajectory.status !== 'complete') return { trajectory, scored: null, advantage: null }
      const components = measure(trajectory)
      return { trajectory, scored: scoredOf(components, composite(components, weights), weights), advantage: null }
    }),
  }
}

/** A name for a file or a record, unique in its export. */
export const keyOf = ({ id }: Trajectory, place: number): string => `${id.batch}-${place}-${id.task}-${id.rollout}`.replace(/[^\w.-]+/g, '_').slice(0, 100)
