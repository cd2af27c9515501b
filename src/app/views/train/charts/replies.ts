import { line, type ChartSpec } from './spec.ts'

export const replies: ChartSpec = {
  group: 'does',
  name: 'replies, tool_errors',
  term: 'step',
  unit: 'number',
  ends: [0, null],
  lines: () => [
    line('replies', (step) => step.replies),
    line('tool_errors', (step) => step.tool_errors, { color: 'var(--bad)', dash: '2 3', smooth: false }),
  ],
}
