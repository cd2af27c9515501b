import { line, within, type ChartSpec } from './spec.ts'

export const success: ChartSpec = {
  group: 'earns',
  name: 'success, answered',
  term: 'success',
  unit: 'share',
  ends: [0, 1],
  lines: () => [
    line('success', (step) => step.success, { recorded: true, held: ({ summary }) => within(summary.success_rate, summary.intervals.success_rate) }),
    line('answered', (step) => step.answered, { color: 'var(--chart-quiet)', dash: '2 3', smooth: false }),
  ],
}
