import type { Currency } from '../../../../core/environments/question/currency.ts'
import type { EvaluationMetrics } from '../../../../core/training/metrics.ts'
import { line, within, type ChartSpec } from './spec.ts'

const held = (value: Currency) => ({ summary: { currency, intervals } }: EvaluationMetrics) =>
  currency && intervals.currency ? within(currency[value], intervals.currency[value]) : null

/** Of held-out tasks that ask for something that has changed; a step has too few of them for a share of its own. */
export const currency: ChartSpec = {
  group: 'earns',
  name: 'currency',
  term: 'currency',
  unit: 'share',
  ends: [0, 1],
  lines: () => [
    line('currency_present', () => null, { held: held('present') }),
    line('currency_superseded', () => null, { color: 'var(--chart-quiet)', dash: '6 3', held: held('superseded') }),
  ],
}
