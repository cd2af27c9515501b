import { line, type ChartSpec } from './spec.ts'

export const formatViolations: ChartSpec = {
  group: 'does',
  name: 'format_violations, clipped_replies',
  term: 'violation',
  unit: 'share',
  ends: [0, 1],
  lines: () => [
    line('format_violations', (step) => step.format_violations, {
      color: 'var(--warn)',
      held: ({ format_violations: { mean, low, high } }) => ({ value: mean, low, high }),
    }),
    line('clipped_replies', (step) => step.clipped_replies, { color: 'var(--chart-quiet)', dash: '2 3', smooth: false }),
  ],
}
