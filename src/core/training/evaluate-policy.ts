// A policy on held-out tasks, always the same ones with the same seeds, so that what changes is the policy. Counts with
// core/evaluation; knows nothing of training.
import type { AdapterRef, Played, PolicySpec } from '../record/setup.ts'
import type { Trajectory } from '../record/trajectory.ts'
import { meanOf, rateOf } from '../evaluation/estimate.ts'
import { summarise } from '../evaluation/evaluate.ts'
import { countHabits, habitEstimates } from '../evaluation/habits.ts'
import { metricsOf } from '../evaluation/metrics.ts'
import { scoreTrajectory } from '../reward/score.ts'
import type { AnyTask } from '../record/task.ts'
import { evaluationTemperature, type TrainConfig } from './config.ts'
import { contextTokensOf, hasViolation, ltmSizeOf, type Rollout } from './episode-means.ts'
import type { EvaluationMetrics } from './metrics.ts'
import { noDataSets, type DataSets } from '../environments/family.ts'
import { playRollouts, type CountingPolicy, type RolloutHooks } from './rollouts.ts'
import { evaluationOrigins, evaluationTasks } from './tasks-of-step.ts'

export interface EvaluationRequest {
  /** Names the episodes' run. */
  run: string
  /** Steps finished; 0: the model before training. */
  step: number
  /** What the policy plays with; null: the base model. */
  adapter: AdapterRef | null
  config: Pick<TrainConfig, 'tasks' | 'evaluation' | 'episode' | 'reward'>
}

export interface EvaluationHooks extends RolloutHooks {
  /** Monotonic clock, ms. */
  now(): number
  /** What was imported; left out: nothing. */
  data?: DataSets
}

export interface Evaluated {
  evaluation: EvaluationMetrics
  /** One episode a task, in order. */
  rollouts: Rollout[]
}

/** Episodes that run side by side. */
const together = 32

async function playAll(tasks: readonly AnyTask[], { run, step, adapter, config }: EvaluationRequest, policy: CountingPolicy, hooks: EvaluationHooks): Promise<Trajectory[]> {
  const settings = { ...config.episode, temperature: evaluationTemperature(config) }
  const spec: PolicySpec = { kind: 'onnx', model: policy.name, source: null, adapter }
  const setups = evaluationOrigins(config).map((source): Played => ({ policy: spec, reward: config.reward.weights, source }))
  const played: Trajectory[] = []
  let tokens = 0
  for (let from = 0; from < tasks.length; from += together) {
    const part = tasks.slice(from, from + together)
    const before = tokens
    const onProgress = (progress: { share: number; tokens: number }) => {
      tokens = before + progress.tokens
      hooks.onProgress?.({ share: (from + progress.share * part.length) / tasks.length, tokens })
    }
    const request = { id: { run, batch: step }, tasks: part, setups: setups.slice(from, from + together), k: 1, seed: config.evaluation.seed, settings }
    played.push(...(await playRollouts(request, policy, { signal: hooks.signal, gate: hooks.gate, onProgress })))
  }
  return played
}

/** Counts on finished episodes. @throws RangeError without episodes */
export function evaluationOf(rollouts: readonly Rollout[], { step, config }: Pick<EvaluationRequest, 'step' | 'config'>, seconds: number): EvaluationMetrics {
  const summary = summarise(rollouts.map(({ trajectory, scored }) => metricsOf(trajectory, scored)))
  if (!summary) throw new RangeError('There is no finished episode to evaluate.')
  const trajectories = rollouts.map(({ trajectory }) => trajectory)
  const context = meanOf(trajectories.map(contextTokensOf))
  const ltm = meanOf(trajectories.map(ltmSizeOf))
  return {
    step,
    tasks: rollouts.length,
    seed: config.evaluation.seed,
    summary,
    format_violations: rateOf(trajectories.flatMap(({ steps }) => steps.map(hasViolation))),
    habits: habitEstimates(countHabits(trajectories)),
    context_tokens: context.mean,
    ltm_size: ltm.mean,
    intervals: { context_tokens: [context.low, context.high], ltm_size: [ltm.low, ltm.high] },
    seconds,
  }
}

/**
 * Plays the held-out tasks of the configuration, one episode each, at its temperature of evaluation.
 * @throws AbortError when the signal fires, MissingDataError, Error when the policy fails
 */
export async function evaluatePolicy(request: EvaluationRequest, policy: CountingPolicy, hooks: EvaluationHooks): Promise<Evaluated> {
  const started = hooks.now()
  const trajectories = await playAll(await evaluationTasks(request.config, hooks.data ?? noDataSets), request, policy, hooks)
  const rollouts = trajectories.map((trajectory) => ({ trajectory, scored: scoreTrajectory(trajectory, request.config.reward.weights) }))
  return { evaluation: evaluationOf(rollouts, request, (hooks.now() - started) / 1000), rollouts }
}

/** Is an evaluation due after so many finished steps? Before the first, every n-th, and behind the last planned one. */
export function evaluationDue({ evaluation, steps }: Pick<TrainConfig, 'evaluation' | 'steps'>, step: number): boolean {
  return evaluation.every > 0 && (step % evaluation.every === 0 || step === steps)
}
