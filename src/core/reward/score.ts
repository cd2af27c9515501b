// From a trajectory to its reward: measures every component once, then puts them together.
import type { Trajectory } from '../episode/trajectory.ts'
import { composite } from './composite.ts'
import { compression, preservation, preventive } from './context-reward.ts'
import type { Verdict } from './judge.ts'
import { maintenance, relevance, storage, toolUse } from './memory-reward.ts'
import { memoryQuality, type MemoryQuality } from './memory-quality.ts'
import { exceeded } from './penalty.ts'
import type { Reward, RewardComponents, RewardWeights } from './reward.ts'
import { qualityOn, verdictOn } from './recorded-verdict.ts'
import { taskReward } from './task-reward.ts'

export interface Scored {
  /** null without an answer. */
  verdict: Verdict | null
  components: RewardComponents
  reward: Reward
  /** By rule, fact by fact. */
  quality: MemoryQuality
  /** MQ as it counts: a language model's, where it was recorded. */
  memoryQuality: number
}

function measureWith(trajectory: Trajectory, verdict: Verdict | null): RewardComponents {
  const upkeep = maintenance(trajectory)
  const over = exceeded(trajectory)
  return {
    task: taskReward(verdict),
    compression: compression(trajectory).value,
    preventive: preventive(trajectory).value,
    preservation: preservation(trajectory).value,
    storage: storage(trajectory).value,
    maintenance: upkeep.value,
    maintenance_attempted: upkeep.attempted,
    relevance: relevance(trajectory).value,
    tool_use: toolUse(trajectory).value,
    rounds_exceeded: over.rounds,
    context_exceeded: over.context,
  }
}

/** Every component of eq. 16 to 26, by the recorded verdict or by rule. On a partial trajectory: of what was played. */
export function measure(trajectory: Trajectory): RewardComponents {
  return measureWith(trajectory, verdictOn(trajectory))
}

/** Components, reward and memory quality under these weights, by the recorded verdicts or by rule. */
export function scoreTrajectory(trajectory: Trajectory, weights: RewardWeights): Scored {
  const verdict = verdictOn(trajectory)
  const components = measureWith(trajectory, verdict)
  const quality = memoryQuality(trajectory)
  return { verdict, components, reward: composite(components, weights), quality, memoryQuality: qualityOn(trajectory, quality.value) }
}
