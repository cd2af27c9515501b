// From a trajectory to its reward: measures every term once, then puts them together.
import type { Trajectory } from '../record/trajectory.ts'
import { recordOf } from '../table.ts'
import { composite } from './composite.ts'
import type { Verdict } from '../environments/family.ts'
import { memoryQuality, type MemoryQuality } from './memory-quality.ts'
import { exceeded } from './penalty.ts'
import { qualityOn, verdictOn } from './recorded-verdict.ts'
import type { Reward, RewardComponents, RewardWeights } from './reward.ts'
import { measureTerm, terms, termsButTask } from './terms.ts'

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

/** Every component of eq. 16 to 26, by the recorded verdict or by rule. On a partial trajectory: of what was played. */
export function measure(trajectory: Trajectory): RewardComponents {
  const over = exceeded(trajectory)
  return {
    ...recordOf(termsButTask.filter((name) => terms[name].applies(trajectory.task)), (name) => measureTerm(name, trajectory).value),
    task: measureTerm('task', trajectory).value,
    maintenance_attempted: measureTerm('maintenance', trajectory).attempted,
    rounds_exceeded: over.rounds,
    context_exceeded: over.context,
  }
}

/** Components, reward and memory quality under these weights, by the recorded verdicts or by rule. */
export function scoreTrajectory(trajectory: Trajectory, weights: RewardWeights): Scored {
  const verdict = verdictOn(trajectory)
  const components = measure(trajectory)
  const quality = memoryQuality(trajectory)
  return { verdict, components, reward: composite(components, weights), quality, memoryQuality: qualityOn(trajectory, quality.value) }
}
