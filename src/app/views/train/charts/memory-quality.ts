import { line, within, type ChartSpec } from './spec.ts'

export const memoryQuality: ChartSpec = {
  group: 'does',
  name: 'MQ, fact_recall, fact_precision',
  term: 'quality',
  unit: 'share',
  ends: [0, 1],
  lines: () => [
    line('memory_quality', (step) => step.memory_quality, { color: 'var(--ltm)', recorded: true, held: ({ summary }) => within(summary.memory_quality, summary.intervals.memory_quality) }),
    line('fact_recall', (step) => step.fact_recall, { color: 'var(--chart-quiet)', dash: '6 3', smooth: false }),
    line('fact_precision', (step) => step.fact_precision, { color: 'var(--chart-quiet)', dash: '2 3', smooth: false }),
  ],
}
