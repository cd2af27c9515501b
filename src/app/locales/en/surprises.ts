import type { SurpriseKind } from '../../../core/reward/surprises.ts'

/** What the sentences are filled with; steps count from 1, points as they are shown. */
export interface Surprised {
  points: string
  total: string
  sum: string
  step: number
  memory: string
  used: string
  limit: string
}

const because: Record<SurpriseKind, (of: Surprised) => string> = {
  'paid-though-wrong': (of) =>
    `The answer earned nothing, and the total is ${of.total}: context and memory are paid whatever the answer.`,
  'right-but-not-paid': (of) => `The answer is right, and the total is ${of.total}: penalties took what it earned.`,
  clipped: (of) => `The terms add up to ${of.sum}. These weights cut the total off at ${of.total}.`,
  'any-update': (of) =>
    `Eq. 24 paid ${of.points} for changing ${of.memory} at step ${of.step}, ` +
    'though that made the memory no truer. The equation asks if there was an update or a deletion, not if it was right.',
  'nothing-to-update': () =>
    'Nothing was corrected in this task. Eq. 24 gives nothing for leaving the memory as it is, and pays a needless update.',
  'failed-update': (of) => `These weights pay ${of.points} for an update that failed, as the published code does.`,
  'short-since-empty': (of) =>
    `Eq. 19 paid ${of.points} for a short context. It is short because nothing was searched for the answer.`,
  'any-reduction': (of) =>
    `Eq. 20 paid ${of.points} for tidying the context at step ${of.step}, ` +
    `with ${of.used} of ${of.limit} tokens in use. Any filter or summary before an overflow counts.`,
}

export const surprises = {
  title: 'Worth knowing about this reward',
  because,
}
