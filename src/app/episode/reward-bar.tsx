// The reward as one stacked bar: what each component brings, penalties and a missing answer left of zero.
import { decimal, signed } from '../format.ts'
import { explain } from '../glossary.ts'
import { t } from '../locales/index.ts'
import { bestTotal } from '../../core/reward/composite.ts'
import { rewardColor } from '../reward/catalogue.ts'
import type { Component } from '../reward/derivation.ts'
import type { ScoredEpisode } from './scored.ts'

interface RewardBarProps {
  scored: ScoredEpisode
  /** Without it the bar is a picture. */
  onChoose?: (component: Component) => void
  chosen?: Component | null
}

export function RewardBar({ scored, onChoose, chosen = null }: RewardBarProps) {
  const parts = scored.derivations
    .map((each) => ({ component: each.component, points: each.contribution ?? 0 }))
    .filter(({ points }) => points !== 0)
  const below = parts.filter(({ points }) => points < 0)
  const above = parts.filter(({ points }) => points > 0)
  const low = below.reduce((sum, { points }) => sum + points, 0)
  const high = Math.max(
    bestTotal(scored.weights),
    above.reduce((sum, { points }) => sum + points, 0),
  )
  const span = high - low
  const words = t().episode.reward
  const share = (points: number) => `${(Math.abs(points) / span) * 100}%`
  const label = words.bar(signed(scored.reward.total), decimal(high))
  const segment = ({ component, points }: (typeof parts)[number]) => {
    const style = { width: share(points), background: rewardColor(component) }
    const title = words.segment(explain(component).title, signed(points))
    return onChoose ? (
      <button
        key={component}
        type="button"
        className="reward-segment"
        style={style}
        data-chosen={chosen === component}
        data-below={points < 0}
        title={title}
        aria-label={words.show(title)}
        onClick={() => { onChoose(component) }}
      />
    ) : (
      <span key={component} className="reward-segment" style={style} data-below={points < 0} />
    )
  }
  const zero = `${(-low / span) * 100}%`
  return (
    <div className="reward-bar" role={onChoose ? 'group' : 'img'} aria-label={label}>
      <div className="reward-bar-segments">
        {below.map(segment)}
        <span className="reward-zero" />
        {above.map(segment)}
        <span className="reward-rest" />
      </div>
      {low < 0 && <span className="reward-tick number" data-end="low" aria-hidden>{decimal(low)}</span>}
      <span className="reward-tick number" data-end={low < 0 ? undefined : 'low'} style={{ left: zero }} aria-hidden>
        {words.zero}
      </span>
      <span className="reward-tick number" data-end="high" style={{ left: '100%' }} aria-hidden>{decimal(high)}</span>
    </div>
  )
}
