// How the numbers of a measure are written, and where they lie on a column's scale. Pure.
import type { Measure } from '../../../core/experiments/measures.ts'
import type { TableCell } from '../../../core/experiments/table.ts'
import { decimal, integer } from '../../format.ts'
import { t } from '../../locales/index.ts'

type Form = Pick<Measure, 'form'>

/** 54.4 %, 0.533, 1.64, 2,117 */
export function numberOf(value: number, { form }: Form): string {
  switch (form) {
    case 'share':
      return `${decimal(100 * value, 1)} %`
    case 'number':
      return decimal(value, 3)
    case 'calls':
      return decimal(value)
    case 'count':
      return integer(value)
  }
}

/** A difference: shares differ by points of a hundred. */
export function changeOf(value: number, measure: Form): string {
  const text = measure.form === 'share' ? t().experiments.table.points(decimal(Math.abs(100 * value), 1)) : numberOf(Math.abs(value), measure)
  // What is written as nothing has no direction.
  return /[1-9]/.test(text) ? `${value < 0 ? '−' : '+'}${text}` : text
}

/** From 0, or below it, to the largest of ours and of the paper's. */
export function scaleOf(cells: readonly TableCell[]): [from: number, to: number] {
  const all = cells.flatMap(({ ours, paper }) => [...(ours ? [ours.low, ours.high] : []), ...paper.map(({ value }) => value)])
  const from = Math.min(0, ...all)
  const to = Math.max(0, ...all)
  return [from, to > from ? to : from + 1]
}
