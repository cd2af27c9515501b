import type { StepMetrics } from '../../../../core/training/metrics.ts'
import { quantile } from '../series.ts'
import { line, type ChartSpec } from './spec.ts'

const sorted = ({ groups }: StepMetrics) => groups.flatMap(({ advantages: of }) => of).sort((a, b) => a - b)
const at = (step: StepMetrics, share: number) => quantile(sorted(step), share)

export const advantages: ChartSpec = {
  group: 'learns',
  name: 'A_T',
  term: 'advantage',
  unit: 'signed',
  lines: () => [
    line('advantage_max', (step) => at(step, 1), { color: 'var(--advantage-up)', smooth: false }),
    line('advantage_median', (step) => at(step, 0.5), { color: 'var(--chart-quiet)', dash: '2 3', smooth: false }),
    line('advantage_min', (step) => at(step, 0), { color: 'var(--advantage-down)', dash: '6 3', smooth: false }),
  ],
  bands: [
    { id: 'advantage_upper', color: 'var(--advantage-up)', opacity: 0.16, range: (step) => [at(step, 0.75), at(step, 1)] },
    { id: 'advantage_middle', color: 'var(--chart-quiet)', opacity: 0.22, range: (step) => [at(step, 0.25), at(step, 0.75)] },
    { id: 'advantage_lower', color: 'var(--advantage-down)', opacity: 0.16, range: (step) => [at(step, 0), at(step, 0.25)] },
  ],
}
