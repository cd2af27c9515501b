// The reward of the episode on show under the weights in force. Null while it runs or when it was stopped.
import { useMemo } from 'react'
import { composite } from '../../core/reward/composite.ts'
import { rewardPresets } from '../../core/reward/presets.ts'
import type { RewardWeights } from '../../core/reward/reward.ts'
import { scoreTrajectory, type Scored } from '../../core/reward/score.ts'
import type { Trajectory } from '../../core/record/trajectory.ts'
import { derive, deriveQuality, type Derivation } from '../reward/derivation.ts'
import { weightsOf } from '../state/config.ts'
import { useConfig } from '../state/context.tsx'

export interface ScoredEpisode extends Scored {
  weights: RewardWeights
  derivations: Derivation[]
  qualityWords: ReturnType<typeof deriveQuality>
}

export function useScored(trajectory: Trajectory | null): ScoredEpisode | null {
  const weights = useConfig(weightsOf)
  // Measured once: a slider only weighs what was found.
  const measured = useMemo(() => {
    if (trajectory?.status !== 'complete') return null
    const scored = scoreTrajectory(trajectory, rewardPresets.paper)
    return { ...scored, trajectory, qualityWords: deriveQuality(scored.quality) }
  }, [trajectory])
  return useMemo(
    () =>
      measured && {
        ...measured,
        weights,
        reward: composite(measured.components, weights),
        derivations: derive(measured.trajectory, measured.components, weights),
      },
    [measured, weights],
  )
}
