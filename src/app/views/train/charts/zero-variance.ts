import { line, type ChartSpec } from './spec.ts'

export const zeroVariance: ChartSpec = {
  group: 'learns',
  name: 'frac_reward_zero_std',
  term: 'zeroVariance',
  unit: 'share',
  ends: [0, 1],
  lines: () => [line('frac_reward_zero_std', (step) => step.frac_reward_zero_std)],
}
