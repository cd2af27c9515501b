// The line that the list of recorded episodes shows for a trajectory.
import { familyOf } from '../core/environments/families.ts'
import { scoreTrajectory } from '../core/reward/score.ts'
import { rewardPresets } from '../core/reward/presets.ts'
import type { Trajectory } from '../core/record/trajectory.ts'
import type { EpisodeSummary } from './contracts.ts'

/** @param recorded ms since 1970. The reward is the paper's; a partial episode has none. */
export function summaryOf(key: string, trajectory: Trajectory, recorded: number): Omit<EpisodeSummary, 'saved'> {
  const scored = trajectory.status === 'complete' ? scoreTrajectory(trajectory, rewardPresets.paper) : null
  const { task } = trajectory
  const family = familyOf(task)
  return {
    key,
    recorded,
    query: family.title(task),
    source: task.source,
    policy: trajectory.policy,
    ...(trajectory.setup.agent === 'agemem' ? {} : { agent: trajectory.setup.agent }),
    seed: trajectory.seed,
    status: trajectory.status,
    answer: trajectory.answer,
    expected: family.expected(task),
    steps: trajectory.steps.length,
    reward: scored ? scored.reward.total : null,
  }
}
