// Who made the steps of a run: this program, or an engine outside that went on with it. Pure.
import { t } from '../../locales/index.ts'
import type { StepMetrics } from '../../../core/training/metrics.ts'
import type { Places } from './chart-rows.ts'

interface Span {
  /** Name and version; null: made here. */
  engine: string | null
  first: number
  last: number
}

/** The steps, cut where another goes on. */
export function spansOf(steps: readonly StepMetrics[]): Span[] {
  const spans: Span[] = []
  for (const { step, engine = null } of steps) {
    const open = spans.at(-1)
    if (open?.engine === engine) open.last = step
    else spans.push({ engine, first: step, last: step })
  }
  return spans
}

export interface Mark {
  /** Between the last step of one and the first of the other. */
  x: number
  label: string
}

/** Where another goes on, for a line in the chart; none in a run that was made here alone. */
export function marksOf(steps: readonly StepMetrics[], { step: place }: Pick<Places, 'step'>): Mark[] {
  return spansOf(steps).flatMap(({ engine, first }, i, spans) => {
    const before = spans[i - 1]
    if (!before && engine === null) return []
    // Its version is in words that have room for it.
    return { x: before ? (place(before.last) + place(first)) / 2 : place(first), label: engine?.split(' ')[0] ?? t().charts.here }
  })
}
