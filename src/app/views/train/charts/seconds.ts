import { line, type ChartSpec } from './spec.ts'

export const seconds: ChartSpec = {
  group: 'learns',
  name: 'seconds',
  term: 'stepTime',
  unit: 'seconds',
  ends: [0, null],
  lines: () => [
    line('seconds_rollout', (step) => step.seconds.rollout, { color: 'var(--stage-3)', smooth: false }),
    line('seconds_update', (step) => step.seconds.update, { color: 'var(--stage-3)', dash: '6 3', smooth: false }),
    line('seconds_total', (step) => step.seconds.total, { color: 'var(--chart-quiet)', dash: '2 3', smooth: false }),
  ],
}
