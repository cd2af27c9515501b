// The reward of the episode on show under the weights in force. Null while it runs or when it was stopped.
import { useMemo } from 'react'
import { derive, deriveQuality } from '../../core/reward/derivation.ts'
import { rewardPresets } from '../../core/reward/presets.ts'
import type { Derivation, RewardWeights } from '../../core/reward/reward.ts'
import { scoreTrajectory, type Scored } from '../../core/reward/score.ts'
import type { Trajectory } from '../../core/episode/trajectory.ts'
import { useConfig } from '../stores/context.tsx'

export interface ScoredEpisode extends Scored {
  weights: RewardWeights
  derivations: Derivation[]
  qualityWords: ReturnType<typeof deriveQuality>
}

export function useScored(trajectory: Trajectory | null): ScoredEpisode | null {
  const preset = useConfig((state) => state.reward)
  return useMemo(() => {
    if (trajectory?.status !== 'complete') return null
    const weights = rewardPresets[preset]
    const scored = scoreTrajectory(trajectory, weights)
    return { ...scored, weights, derivations: derive(trajectory, scored.components, weights, scored.verdict), qualityWords: deriveQuality(scored.quality) }
  }, [trajectory, preset])
}

/** The most that the weights can give: every component at 1, no penalty. */
export function bestTotal(weights: RewardWeights): number {
  const sum = (shares: Record<string, number>) => Object.values(shares).reduce((a, b) => a + b, 0)
  const best = weights.task + weights.context * sum(weights.alpha) + weights.memory * sum(weights.beta) + weights.tool_use
  return weights.clip ? Math.min(weights.clip[1], best) : best
}

/** What a component weighs in the total: its own share times its group's. */
export function weightOf(component: Derivation['component'], weights: RewardWeights): number | null {
  switch (component) {
    case 'task':
    case 'tool_use':
      return weights[component]
    case 'compression':
    case 'preventive':
    case 'preservation':
      return weights.context * weights.alpha[component]
    case 'storage':
    case 'maintenance':
    case 'relevance':
      return weights.memory * weights.beta[component]
    case 'penalty':
      return null
  }
}
