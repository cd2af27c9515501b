// Currency of the answer, which the paper does not have: the reward of "Supersede" (arXiv 2606.27472).
import { currencyOf, supersededIn, type Currency } from '../../environments/question/currency.ts'
import { isQuestion, questionIn } from '../../environments/question/task.ts'
import type { Trajectory } from '../../record/trajectory.ts'
import { verdictOn } from '../recorded-verdict.ts'
import { term } from '../term.ts'

interface CurrencyOfAnswer {
  value: 1 | 0 | -1
  gives: Currency
  /** What changed: as it was told first, and as it is. */
  changed: { before: string; now: string }[]
}

const values = { present: 1, neither: 0, superseded: -1 } as const

/** A judge's score from which an answer counts as right. */
const rightFrom = 0.999

/** 1 when the answer gives the value that holds, −1 when it gives one that was superseded, else 0, as without an answer. */
function measure(trajectory: Trajectory): CurrencyOfAnswer {
  const task = questionIn(trajectory.task)
  const gives = currencyOf(task, trajectory.answer, (verdictOn(trajectory)?.score ?? 0) >= rightFrom)
  return { value: values[gives], gives, changed: supersededIn(task).map(({ before, now }) => ({ before: before.text, now: now.text })) }
}

export const currency = term({
  group: null,
  equation: null,
  kind: 'quantity',
  added: true,
  applies: (task) => isQuestion(task) && supersededIn(task).length > 0,
  measure: measure,
})
