// How fast this computer trains, as the last run in this browser showed, and how long a plan will take by that. Pure, but for
// the small thing that is remembered.
import { z } from 'zod'
import { fit } from '../../core/fit.ts'
import { questionOptionsOf } from '../../core/environments/question/training-tasks.ts'
import type { TrainConfig } from '../../core/training/config.ts'
import type { EvaluationMetrics, StepMetrics } from '../../core/training/metrics.ts'
import type { Remembered } from './ui.ts'

const seconds = z.number().finite().nonnegative()
/** Seconds for each message that an episode hears: played and scored, learnt from in one update, played in a test. */
const paceSchema = z.object({ rollout: seconds, update: seconds, evaluation: seconds })
export type MeasuredPace = z.infer<typeof paceSchema>

/** By the name of the model. */
export type Paces = Readonly<Record<string, MeasuredPace>>
const pacesSchema = z.record(z.string(), paceSchema)

/**
 * The embedded model on the two cores of a server, in Chromium: the mean over three runs of the preset quick, 11.6 s a step,
 * 42 % of it the update (README, "Does it learn?").
 */
export const nanoOnTwoCores: MeasuredPace = { rollout: (0.58 * 11.6) / 256, update: (0.42 * 11.6) / 256, evaluation: (0.58 * 11.6) / 256 }

/** Steps that a pace is taken from: the newest. */
const recent = 8
/** Messages of an episode whose tasks come from a file: they differ, and this is about right. */
const usualMessages = 6

/** Messages that an episode hears, about. */
export function messagesOf({ tasks }: Pick<TrainConfig, 'tasks'>): number {
  const options = questionOptionsOf(tasks)
  if (options?.source !== 'world') return usualMessages + (options && 'distractors' in options ? options.distractors : 0)
  const { facts, update_share: corrected, small_talk: talk, distractors } = options.difficulty
  return facts + corrected + talk + distractors + 1
}

/** Evaluations that are still to come: at every multiple of `every`, and at the end. */
export function evaluationsAhead({ steps, evaluation }: Pick<TrainConfig, 'steps' | 'evaluation'>, done: number): number {
  if (evaluation.every === 0 || done >= steps) return 0
  return Math.floor(steps / evaluation.every) - Math.floor(done / evaluation.every) + (steps % evaluation.every === 0 ? 0 : 1)
}

/** The pace that a run had; null before its first step. */
export function paceOfRun(config: TrainConfig, steps: readonly StepMetrics[], evaluations: readonly EvaluationMetrics[]): MeasuredPace | null {
  const newest = steps.slice(-recent)
  if (newest.length === 0) return null
  const messages = messagesOf(config)
  const mean = (value: (step: StepMetrics) => number) => newest.reduce((sum, step) => sum + value(step), 0) / newest.length
  const heard = config.b * config.k * messages
  const rollout = mean((step) => step.seconds.total - step.seconds.update) / heard
  const last = evaluations.at(-1)
  return {
    rollout,
    update: mean((step) => step.seconds.update) / (heard * config.epochs),
    evaluation: last && last.seconds > 0 ? last.seconds / (last.tasks * messages) : rollout,
  }
}

/** Seconds that a plan will take at that pace, tests included. */
export function durationOf(plan: TrainConfig, { rollout, update, evaluation }: MeasuredPace): number {
  const messages = messagesOf(plan)
  const step = plan.b * plan.k * messages * (rollout + update * plan.epochs)
  const tests = plan.evaluation.every === 0 ? 0 : evaluationsAhead(plan, 0) + 1
  return plan.steps * step + tests * plan.evaluation.tasks * messages * evaluation
}

const key = 'agemem.pace'

/** What the browser remembers; nothing of what is damaged. */
export function rememberedPaces(remembered: Remembered): Paces {
  try {
    const read = fit(pacesSchema, JSON.parse(remembered.get(key) ?? '{}'))
    return read.success ? read.data : {}
  } catch {
    return {}
  }
}

export function rememberPaces(remembered: Remembered, paces: Paces): void {
  remembered.set(key, JSON.stringify(paces))
}
