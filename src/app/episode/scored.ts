// The reward of the episode on show under the weights in force. Null while it runs or when it was stopped.
import { useMemo } from 'react'
import { rewardPresets } from '../../core/reward/presets.ts'
import type { RewardWeights } from '../../core/reward/reward.ts'
import { scoreTrajectory, type Scored } from '../../core/reward/score.ts'
import type { Trajectory } from '../../core/record/trajectory.ts'
import { derive, deriveQuality, type Derivation } from '../reward/derivation.ts'
import { useConfig } from '../state/context.tsx'

export interface ScoredEpisode extends Scored {
  weights: RewardWeights
  derivations: Derivation[]
  qualityWords: ReturnType<typeof deriveQuality>
}

export function useScored(trajectory: Trajectory | null): ScoredEpisode | null {
  const preset = useConfig((state) => state.reward)
  return useMemo(() => {
    if (trajectory?.status !== 'complete') return null
    const weights: RewardWeights = rewardPresets[preset]
    const scored = scoreTrajectory(trajectory, weights)
    return { ...scored, weights, derivations: derive(trajectory, scored.components, weights), qualityWords: deriveQuality(scored.quality) }
  }, [trajectory, preset])
}
