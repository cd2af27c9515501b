// How fast a run goes and how long it will take, from the steps that it has made. Pure.
import type { TrainConfig } from '../../../core/training/config.ts'
import type { EvaluationMetrics, StepMetrics } from '../../../core/training/metrics.ts'
import { evaluationsAhead } from '../../state/training-pace.ts'

export interface Pace {
  /** null before the first step. */
  stepsPerMinute: number | null
  /** Tokens a second: sampled in the rollouts, through the model in the updates; null where there were none. */
  rollout: number | null
  update: number | null
  /** Seconds until the planned steps are made; null before the first step. */
  left: number | null
  /** Seconds that a step spends on each part, for a bar of it. */
  parts: { rollout: number; scoring: number; update: number; other: number } | null
}

/** Steps that the pace is taken from: the newest. */
const window = 8

const sum = <T>(items: readonly T[], value: (item: T) => number) => items.reduce((total, item) => total + value(item), 0)
const rate = (amount: number, seconds: number) => (seconds > 0 && amount > 0 ? amount / seconds : null)

export function paceOf(config: Pick<TrainConfig, 'steps' | 'evaluation'>, steps: readonly StepMetrics[], evaluations: readonly EvaluationMetrics[]): Pace {
  const recent = steps.slice(-window)
  if (recent.length === 0) return { stepsPerMinute: null, rollout: null, update: null, left: null, parts: null }
  const mean = (value: (step: StepMetrics) => number) => sum(recent, value) / recent.length
  const each = mean(({ seconds }) => seconds.total)
  const done = steps.at(-1)?.step ?? 0
  const evaluation = evaluations.at(-1)?.seconds ?? 0
  return {
    stepsPerMinute: each > 0 ? 60 / each : null,
    rollout: rate(sum(recent, ({ tokens }) => tokens.sampled), sum(recent, ({ seconds }) => seconds.rollout)),
    update: rate(sum(recent, ({ tokens, updates }) => tokens.padded * (updates.applied + updates.skipped)), sum(recent, ({ seconds }) => seconds.update)),
    left: Math.max(0, config.steps - done) * each + evaluationsAhead(config, done) * evaluation,
    parts: { rollout: mean(({ seconds }) => seconds.rollout), scoring: mean(({ seconds }) => seconds.scoring), update: mean(({ seconds }) => seconds.update), other: mean(({ seconds }) => seconds.other) },
  }
}

/** "40 s", "4 min 10 s", "1 h 20 min" */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`
  const rest = Math.round(whole / 60) % 60
  const hours = Math.floor(Math.round(whole / 60) / 60)
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`
}

/** The same, only as exact as a guess deserves: "under a minute", "about 4 min". */
export function guess(seconds: number): string {
  if (seconds < 60) return `${Math.max(5, Math.ceil(seconds / 5) * 5)} s`
  return duration(Math.round(seconds / 60) * 60)
}

/** Steps at the beginning and the end that a figure is the mean of. */
export const ends = 5

interface Change {
  first: number
  last: number
}

/** A quantity at the start of a run and now: means over so many steps; null without steps. */
export function changeOf(steps: readonly StepMetrics[], value: (step: StepMetrics) => number, over = ends): Change | null {
  if (steps.length === 0) return null
  const mean = (of: readonly StepMetrics[]) => sum(of, value) / of.length
  return { first: mean(steps.slice(0, over)), last: mean(steps.slice(-over)) }
}
