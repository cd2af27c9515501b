// What may go wrong in training, found in a step's metrics and said in words: a warning, or a reason to pause. Knows only
// numbers; changes none.
import { percent } from '../percent.ts'
import type { StepMetrics, Warning } from './metrics.ts'

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
  const found: Warning[] = []
  const warn = (kind: Warning['kind'], message: string) => found.push({ kind, message })
  if (notFinite(step)) warn('not-finite', 'Loss or gradient was not a finite number. The update was left out and the adapter is as it was before.')
  if (step.kl !== null && step.kl > kl.high) warn('kl', `The policy is far from the base model: KL ${step.kl.toFixed(2)} nats a token.`)
  if (withoutVariance(step)) warn('no-variance', 'The rollouts of each task all got the same reward: there was nothing to learn from.')
  if (step.answered < answers.low) warn('no-answers', `Only ${percent(step.answered)} of the episodes ended with an answer.`)
  if (step.format_violations > format.high) warn('format', `${percent(step.format_violations)} of the replies broke the protocol.`)
  if (step.sequences.too_long > 0) warn('too-long', `${step.sequences.too_long} replies were longer than the model's window and were not learnt from.`)
  return found
}

function pauseOf(step: UncheckedMetrics, before: readonly Health[]): string | null {
  if (lasts(step, before, patience['not-finite'], notFinite)) {
    return `Loss or gradient was not a finite number ${patience['not-finite']} steps in a row. Go back to a checkpoint and use a smaller learning rate.`
  }
  if (step.kl !== null && !(step.kl <= kl.exploded)) {
    return `The KL divergence from the base model exploded (${step.kl.toFixed(1)} nats a token). Go back to a checkpoint; use a smaller learning rate or a larger β.`
  }
  if (lasts(step, before, patience['no-answers'], lostAnswers)) {
    return `The model has stopped answering: ${percent(step.answered)} of the episodes ended with an answer. Go back to a checkpoint and use a smaller learning rate.`
  }
  if (lasts(step, before, patience.format, lostFormat)) {
    return `The model has lost the protocol: ${percent(step.format_violations)} of the replies broke it. Go back to a checkpoint; use a smaller learning rate or a larger β.`
  }
  if (lasts(step, before, patience['no-variance'], withoutVariance)) {
    return `No group had any variance for ${patience['no-variance']} steps: the model has learnt all that these tasks can teach, or none of its rollouts succeeds. Change the difficulty or the temperature.`
  }
  return null
}

/** @param before metrics of the steps before, oldest first; as many as there are */
export function checkHealth(step: UncheckedMetrics, before: readonly Health[]): Pick<StepMetrics, 'warnings' | 'pause'> {
  return { warnings: warningsOf(step), pause: pauseOf(step, before) }
}
