import { line, type ChartSpec } from './spec.ts'

export const learningRate: ChartSpec = {
  group: 'learns',
  name: 'learning_rate',
  term: 'learningRate',
  unit: 'number',
  ends: [0, null],
  // It is set and not measured: there is nothing to smooth.
  lines: () => [line('learning_rate', (step) => step.learning_rate, { measured: true, smooth: false })],
}
