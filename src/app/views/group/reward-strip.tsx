// A rollout's reward as a stacked bar on the group's common scale: penalties and a missing answer left of zero.
import { contributions } from '../../../core/reward/composite.ts'
import type { RewardComponents, RewardWeights } from '../../../core/reward/reward.ts'
import { termNames } from '../../../core/reward/terms.ts'
import { signed } from '../../format.ts'
import { explain } from '../../glossary.ts'
import { t } from '../../locales/index.ts'
import { rewardColor } from '../../reward/catalogue.ts'
import type { Component } from '../../reward/derivation.ts'

export interface RewardPart {
  part: Component
  points: number
}

/** What each component brings, in the order of the paper; what brings nothing is left out. */
export function partsOf(components: RewardComponents, weights: RewardWeights): RewardPart[] {
  const points = contributions(components, weights)
  return [...termNames, 'penalty' as const].flatMap((part) => (points[part] ? [{ part, points: points[part] }] : []))
}

/** The lowest and highest end of the bars of a group. */
export function scaleOf(group: readonly (readonly RewardPart[])[]): { low: number; high: number } {
  const sum = (parts: readonly RewardPart[], sign: 1 | -1) => parts.reduce((total, { points }) => (points * sign > 0 ? total + points : total), 0)
  return { low: Math.min(0, ...group.map((parts) => sum(parts, -1))), high: Math.max(0.01, ...group.map((parts) => sum(parts, 1))) }
}

export function RewardStrip({ parts, scale: { low, high }, total }: { parts: readonly RewardPart[]; scale: { low: number; high: number }; total: number }) {
  const span = high - low
  const below = parts.filter(({ points }) => points < 0)
  const above = parts.filter(({ points }) => points > 0)
  const reach = below.reduce((sum, { points }) => sum + points, 0)
  const said = parts.map(({ part, points }) => `${explain(part).title} ${signed(points)}`).join(', ')
  const segment = ({ part, points }: RewardPart) => (
    <span key={part} className="reward-segment" data-below={points < 0} style={{ width: `${(Math.abs(points) / span) * 100}%`, background: rewardColor(part) }} title={`${explain(part).title} ${signed(points)}`} />
  )
  return (
    <div className="reward-strip" role="img" aria-label={t().group.bar.reward(signed(total), said === '' ? t().group.bar.nothing : said)}>
      <span style={{ width: `${((reach - low) / span) * 100}%` }} />
      {below.map(segment)}
      {low < 0 && <span className="reward-zero" />}
      {above.map(segment)}
      <span className="reward-zero-label" style={{ left: `${(-low / span) * 100}%` }}>
        0
      </span>
    </div>
  )
}
