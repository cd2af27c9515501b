// A policy under a condition, for training, comparison and command line: the same tasks with the same seeds, so that what
// changes is the policy.
import { AbortError } from '../policy/policy.ts'
import type { Trajectory } from '../record/trajectory.ts'
import { scoreTrajectory, type Scored } from '../reward/score.ts'
import { meanOf, rateOf } from './estimate.ts'
import type { EvaluationMetrics } from './evaluation-metrics.ts'
import { countHabits, habitEstimates } from './habits.ts'
import { contextTokensOf, hasViolation, ltmSizeOf, metricsOf } from './metrics.ts'
import { playRollouts, playTogether, type Condition, type PolicyFor, type RolloutHooks, type RolloutProgress } from './rollouts.ts'
import { summarise } from './summary.ts'

export interface Rollout {
  trajectory: Trajectory
  scored: Scored
}

export interface EvaluationHooks extends RolloutHooks {
  /** Monotonic clock, ms. */
  now(): number
}

export interface Evaluated {
  evaluation: EvaluationMetrics
  /** One episode a task, in order. */
  rollouts: Rollout[]
}

/** Episodes that run side by side. */
const together = 32

/**
 * Plays a few tasks at a time, in order, and scores them. After a signal nothing follows.
 * @param play what becomes of episodes that do not come to their end: they are partial, or it throws
 */
export async function* playInParts(
  { tasks, ...same }: Condition,
  policyFor: PolicyFor,
  { signal, onProgress, watch }: RolloutHooks,
  play: typeof playTogether = playTogether,
): AsyncGenerator<Rollout[]> {
  let tokens = 0
  for (let from = 0; from < tasks.length && !signal?.aborted; from += together) {
    const part = tasks.slice(from, from + together)
    const before = tokens
    const onPart = (progress: RolloutProgress) => {
      tokens = before + progress.tokens
      onProgress?.({ share: (from + progress.share * part.length) / tasks.length, tokens })
    }
    const trajectories = await play({ ...same, tasks: part }, policyFor, { signal, watch, onProgress: onPart })
    yield trajectories.map((trajectory) => ({ trajectory, scored: scoreTrajectory(trajectory, same.reward) }))
  }
}

/** Counts on finished episodes. @throws RangeError without episodes */
export function evaluationOf(rollouts: readonly Rollout[], { id, seed }: Pick<Condition, 'id' | 'seed'>, seconds: number): EvaluationMetrics {
  const summary = summarise(rollouts.map(({ trajectory, scored }) => metricsOf(trajectory, scored)))
  if (!summary) throw new RangeError('There is no finished episode to evaluate.')
  const trajectories = rollouts.map(({ trajectory }) => trajectory)
  const context = meanOf(trajectories.map(contextTokensOf))
  const ltm = meanOf(trajectories.map(ltmSizeOf))
  return {
    step: id.batch,
    tasks: rollouts.length,
    seed,
    summary,
    format_violations: rateOf(trajectories.flatMap(({ steps }) => steps.map(hasViolation))),
    habits: habitEstimates(countHabits(trajectories)),
    context_tokens: context.mean,
    ltm_size: ltm.mean,
    intervals: { context_tokens: [context.low, context.high], ltm_size: [ltm.low, ltm.high] },
    seconds,
  }
}

/** Plays every task to its end, and counts. @throws AbortError when the signal fires, Error when the policy fails */
export async function evaluate(condition: Condition, policyFor: PolicyFor, hooks: EvaluationHooks): Promise<Evaluated> {
  const started = hooks.now()
  const rollouts: Rollout[] = []
  for await (const part of playInParts(condition, policyFor, hooks, playRollouts)) rollouts.push(...part)
  if (hooks.signal?.aborted) throw new AbortError()
  return { evaluation: evaluationOf(rollouts, condition, (hooks.now() - started) / 1000), rollouts }
}
