import { line, within, type ChartSpec } from './spec.ts'

export const reward: ChartSpec = {
  group: 'earns',
  name: 'reward, group_reward_std',
  term: 'reward',
  unit: 'signed',
  lines: () => [line('reward', (step) => step.reward, { recorded: true, held: ({ summary }) => within(summary.reward.total, summary.intervals.reward.total) })],
  bands: [
    {
      id: 'group_reward_std',
      color: 'var(--chart-train)',
      opacity: 0.13,
      range: ({ reward: mean, group_reward_std: std }) => [mean - std, mean + std],
    },
  ],
}
