// What may go wrong in training, found in a step's metrics: a warning, or a reason to pause. Knows only numbers and no words for
// them; changes none.
import type { Pause, Warning } from './health.ts'
import type { StepMetrics } from './metrics.ts'

/** D_KL per token, nats: from here on worth a warning, and out of hand. */
const kl = { high: 0.5, exploded: 5 }
/** Share of replies outside the protocol. */
const format = { high: 0.1, lost: 0.5 }
/** Share of episodes with an answer. */
const answers = { low: 0.5, lost: 0.1 }
/** So many steps in a row without an update, or lost, are a reason to pause. */
const patience = { 'not-finite': 3, 'no-variance': 5, 'no-answers': 2, format: 2 } as const

export type UncheckedMetrics = Omit<StepMetrics, 'warnings' | 'pause'>
/** What is looked at in the steps before. */
export type Health = Pick<StepMetrics, 'updates' | 'frac_reward_zero_std' | 'answered' | 'format_violations'>

const notFinite = ({ updates }: Health) => updates.skipped > 0
const withoutVariance = ({ frac_reward_zero_std }: Health) => frac_reward_zero_std === 1
const lostAnswers = ({ answered }: Health) => answered < answers.lost
const lostFormat = ({ format_violations }: Health) => format_violations > format.lost

/** The steps up to this one that have it are `times` in a row, or a multiple: who goes on all the same is left alone for as long. */
function lasts(step: Health, before: readonly Health[], times: number, holds: (step: Health) => boolean): boolean {
  const all = [...before, step]
  const streak = all.length - 1 - all.findLastIndex((each) => !holds(each))
  return streak > 0 && streak % times === 0
}

function warningsOf(step: UncheckedMetrics): Warning[] {
  const { kl: divergence, answered, format_violations, sequences: { too_long } } = step
  const found: Warning[] = []
  if (notFinite(step)) found.push({ kind: 'not-finite' })
  if (divergence !== null && divergence > kl.high) found.push({ kind: 'kl', kl: divergence })
  if (withoutVariance(step)) found.push({ kind: 'no-variance' })
  if (answered < answers.low) found.push({ kind: 'no-answers', answered })
  if (format_violations > format.high) found.push({ kind: 'format', format_violations })
  if (too_long > 0) found.push({ kind: 'too-long', too_long })
  return found
}

function pauseOf(step: UncheckedMetrics, before: readonly Health[]): Pause | null {
  const { kl: divergence, answered, format_violations } = step
  if (lasts(step, before, patience['not-finite'], notFinite)) return { kind: 'not-finite', steps: patience['not-finite'] }
  if (divergence !== null && !(divergence <= kl.exploded)) return { kind: 'kl', kl: divergence }
  if (lasts(step, before, patience['no-answers'], lostAnswers)) return { kind: 'no-answers', answered }
  if (lasts(step, before, patience.format, lostFormat)) return { kind: 'format', format_violations }
  if (lasts(step, before, patience['no-variance'], withoutVariance)) return { kind: 'no-variance', steps: patience['no-variance'] }
  return null
}

/** @param before metrics of the steps before, oldest first; as many as there are */
export function checkHealth(step: UncheckedMetrics, before: readonly Health[]): Pick<StepMetrics, 'warnings' | 'pause'> {
  return { warnings: warningsOf(step), pause: pauseOf(step, before) }
}
