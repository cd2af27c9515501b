// From a trajectory to its reward: measures every component once, then puts them together.
import type { Trajectory } from '../episode/trajectory.ts'
import { composite } from './composite.ts'
import { compression, preservation, preventive } from './context-reward.ts'
import { ruleJudge, type InstantJudge, type Judge, type Verdict } from './judge.ts'
import { maintenance, relevance, storage, toolUse } from './memory-reward.ts'
import { memoryQuality, type MemoryQuality } from './memory-quality.ts'
import { exceeded } from './penalty.ts'
import type { Reward, RewardComponents, RewardWeights } from './reward.ts'
import { awaitVerdict, judgeAnswer, taskReward } from './task-reward.ts'

export interface Scored {
  /** null without an answer. */
  verdict: Verdict | null
  components: RewardComponents
  reward: Reward
  quality: MemoryQuality
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

/** Every component of eq. 16 to 26. On a partial trajectory: of what was played. */
export function measure(trajectory: Trajectory, judge: InstantJudge = ruleJudge): RewardComponents {
  return measureWith(trajectory, judgeAnswer(trajectory, judge))
}

function assemble(trajectory: Trajectory, weights: RewardWeights, verdict: Verdict | null): Scored {
  const components = measureWith(trajectory, verdict)
  return { verdict, components, reward: composite(components, weights), quality: memoryQuality(trajectory) }
}

/** Components, reward and memory quality under these weights. */
export function scoreTrajectory(trajectory: Trajectory, weights: RewardWeights, judge: InstantJudge = ruleJudge): Scored {
  return assemble(trajectory, weights, judgeAnswer(trajectory, judge))
}

/** The same with a judge that takes its time; rejects as the judge does. */
export async function scoreWithJudge(trajectory: Trajectory, weights: RewardWeights, judge: Judge): Promise<Scored> {
  return assemble(trajectory, weights, await awaitVerdict(trajectory, judge))
}
