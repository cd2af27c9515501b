// One step of step-wise GRPO (§3.4, Algorithms 1 and 2): rollouts, rewards, group advantages, packing, optimizer steps,
// metrics. Depends on nothing but configuration, step number and adapter; time and model are passed in.
import type { PolicySpec } from '../record/setup.ts'
import type { Trajectory } from '../record/trajectory.ts'
import { AbortError } from '../policy/policy.ts'
import type { Trainable, UpdateReport } from '../policy/trainable.ts'
import { noDataSets, type DataSets } from '../environments/family.ts'
import { scoreTrajectory, type Scored } from '../reward/score.ts'
import { batchStd, groupAdvantages, zeroVarianceShare, type GroupAdvantages } from './advantages.ts'
import type { StepBatch } from './batch.ts'
import { learningRateAt, temperatureAt, type TrainConfig } from './config.ts'
import { episodeMeans, meanBy, sampledTokens } from './episode-means.ts'
import { checkHealth, type Health } from './guard-rails.ts'
import type { Group, StepMetrics } from './metrics.ts'
import { termsOf } from './rescore.ts'
import type { Rollout } from '../evaluation/evaluate.ts'
import { playRollouts, type RolloutHooks } from '../evaluation/rollouts.ts'
import { learn, packStep, withOldOf, withReferenceOf } from './step-update.ts'
import { adapterOfRun } from './runs.ts'
import { lessonOfStep, tasksOfStep } from './tasks-of-step.ts'

/** Where a run stands. With the adapter's state it says all about what comes next. */
export interface RunState {
  /** Names the run in the ids of its trajectories. */
  run: string
  config: TrainConfig
  /** Steps finished. */
  step: number
  /** Metrics of the steps before, oldest first; only warnings depend on them. */
  before: readonly Health[]
}

type StepPart = 'rollout' | 'scoring' | 'update'

export interface StepProgress {
  /** The step that is being made, from 1. */
  step: number
  part: StepPart
  /** Of the part, from 0 to 1. */
  share: number
  /** Tokens sampled so far. */
  tokens: number
}

export interface StepHooks extends Omit<RolloutHooks, 'onProgress'> {
  /** Monotonic clock, ms. */
  now(): number
  onProgress?: (progress: StepProgress) => void
  /** What was imported; left out: nothing. */
  data?: DataSets
}

interface StepRollout extends Rollout {
  /** A_T. */
  advantage: number
}

export interface StepResult {
  metrics: StepMetrics
  /** Those of one task stand together, in the order of the tasks. */
  rollouts: StepRollout[]
}

/** Adds up what the parts of a step take. */
class PartClock {
  readonly seconds: Record<StepPart, number> = { rollout: 0, scoring: 0, update: 0 }
  readonly #now: () => number
  readonly #started: number

  constructor(now: () => number) {
    this.#now = now
    this.#started = now()
  }

  async time<T>(part: StepPart, work: () => Promise<T> | T): Promise<T> {
    const from = this.#now()
    const result = await work()
    this.seconds[part] += (this.#now() - from) / 1000
    return result
  }

  /** With what is none of the parts as `other`. */
  shares(): StepMetrics['seconds'] {
    const total = (this.#now() - this.#started) / 1000
    const { rollout, scoring, update } = this.seconds
    return { rollout, scoring, update, other: Math.max(0, total - rollout - scoring - update), total }
  }
}

interface ScoredGroup {
  task: string
  /** Index of its first rollout. */
  from: number
  rewards: number[]
  advantages: GroupAdvantages
}

function groupsOf(trajectories: readonly Trajectory[], scored: readonly Scored[], { k, advantage, reward: { weights } }: TrainConfig): ScoredGroup[] {
  return Array.from({ length: trajectories.length / k }, (_, g) => {
    const own = scored.slice(g * k, (g + 1) * k).map(({ reward }) => reward)
    const rewards = own.map(({ total }) => total)
    return { task: trajectories[g * k]?.task.id ?? '', from: g * k, rewards, advantages: groupAdvantages(rewards, advantage, termsOf(own, weights)) }
  })
}

function recorded({ task, from, rewards, advantages: { advantages, mean, std, zero_variance } }: ScoredGroup): Group {
  return { task, rollouts: rewards.map((_, i) => from + i), rewards, advantages, mean, std, zero_variance }
}

/** What a step measures on its rollouts, which stand group by group: rewards, advantages, means. Wherever they were played. */
export function rolloutMeasures(trajectories: readonly Trajectory[], config: TrainConfig, step: number) {
  const scored = trajectories.map((trajectory) => scoreTrajectory(trajectory, config.reward.weights))
  const scoredGroups = groupsOf(trajectories, scored, config)
  const groups = scoredGroups.map(recorded)
  const rollouts = trajectories.flatMap((trajectory, i): StepRollout[] => {
    const of = scored[i]
    return of ? [{ trajectory, scored: of, advantage: groups[Math.floor(i / config.k)]?.advantages[i % config.k] ?? 0 }] : []
  })
  const advantages = scoredGroups.map((group) => group.advantages)
  const measured = {
    step,
    phase: lessonOfStep(config, step),
    ...episodeMeans(rollouts),
    reward_std: batchStd(groups.flatMap(({ rewards }) => rewards)),
    group_reward_std: meanBy(advantages, ({ std }) => std),
    frac_reward_zero_std: zeroVarianceShare(advantages),
    groups,
  }
  return { rollouts, groups, measured }
}

type UpdateMetrics = Pick<StepMetrics, 'loss' | 'surrogate_loss' | 'kl' | 'entropy' | 'clip_ratio' | 'mean_ratio' | 'grad_norm' | 'learning_rate' | 'updates' | 'tokens' | 'sequences'>

function updateMetrics(reports: readonly UpdateReport[], batch: StepBatch, sampled: number, { config, step }: RunState): UpdateMetrics {
  const applied = reports.filter((report) => report.applied)
  // Of ratios beyond what 32 bits hold there is no mean, though the clipped loss is one.
  const mean = (value: (report: UpdateReport) => number) => {
    const of = applied.length === 0 ? NaN : meanBy(applied, value)
    return Number.isFinite(of) ? of : null
  }
  return {
    loss: mean(({ loss }) => loss),
    surrogate_loss: mean(({ surrogate_loss }) => surrogate_loss),
    kl: config.beta > 0 ? mean(({ kl }) => kl) : null,
    entropy: mean(({ entropy }) => entropy),
    clip_ratio: mean(({ clip_ratio }) => clip_ratio),
    mean_ratio: mean(({ mean_ratio }) => mean_ratio),
    grad_norm: mean(({ grad_norm }) => grad_norm),
    learning_rate: learningRateAt(config, step + 1),
    updates: { applied: applied.length, skipped: reports.length - applied.length },
    tokens: {
      sampled,
      packed: batch.sequences.reduce((sum, { ids }) => sum + ids.length, 0),
      loss: batch.sequences.reduce((sum, { targets }) => sum + targets.length, 0),
      padded: reports[0]?.padded_tokens ?? 0,
    },
    sequences: { packed: batch.sequences.length, without_variance: batch.withoutVariance, too_long: batch.tooLong },
  }
}

/**
 * Makes the step after `state.step`; training must have begun on the model. Until the update it can be aborted and
 * nothing has changed; an update that has begun is brought to its end, so that adapters are always those of whole steps.
 * @throws AbortError when the signal fires, MissingDataError, Error when the model fails
 */
export async function oneStep(state: RunState, model: Trainable, hooks: StepHooks): Promise<StepResult> {
  const { run, config } = state
  const step = state.step + 1
  const clock = new PartClock(() => hooks.now())
  let tokens = 0
  const tell = (part: StepPart, share: number) => hooks.onProgress?.({ step, part, share, tokens })

  tell('rollout', 0)
  const { signal, watch, data = noDataSets } = hooks
  const tasks = await tasksOfStep(config, step, data)
  const settings = { ...config.episode, temperature: temperatureAt(config, step) }
  const policy: PolicySpec = { kind: 'onnx', model: model.name, source: null, adapter: adapterOfRun(run, state.step) }
  const condition = { id: { run, batch: step }, tasks, k: config.k, policy, agent: config.agent, reward: config.reward.weights, seed: config.seed, settings }
  const onProgress = (progress: { share: number; tokens: number }) => {
    tokens = progress.tokens
    tell('rollout', progress.share)
  }
  const trajectories = await clock.time('rollout', () => playRollouts(condition, () => model, { signal, watch, onProgress }))

  tell('scoring', 0)
  const { rollouts, groups, measured: ofRollouts } = await clock.time('scoring', () => rolloutMeasures(trajectories, config, step))
  const { batch } = packStep(trajectories, groups, config, model)
  const { sequences, sampling } = await clock.time('scoring', async () => {
    const old = await withOldOf(model, batch.sequences, config)
    return { ...old, sequences: await withReferenceOf(model, old.sequences, config.beta) }
  })
  if (signal?.aborted) throw new AbortError()

  const reports = await clock.time('update', () => learn(sequences, learningRateAt(config, step), config, model, (share) => tell('update', share)))
  tell('update', 1)
  const measured = {
    ...ofRollouts,
    ...updateMetrics(reports, batch, sampledTokens(trajectories), state),
    ...(sampling ? { sampling } : {}),
    seconds: clock.shares(),
  }
  return { metrics: { ...measured, ...checkHealth(measured, state.before) }, rollouts }
}
