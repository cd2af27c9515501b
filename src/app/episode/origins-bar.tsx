// The context by origin: a stacked bar on the scale of the gauge above it, and its legend in words and numbers.
import type { Trajectory } from '../../core/record/trajectory.ts'
import { integer, wholePercent } from '../format.ts'
import { t } from '../locales/index.ts'
import { Term } from '../ui/term.tsx'
import { originsAt } from './origins.ts'

export function OriginsBar({ trajectory, at }: { trajectory: Trajectory; at: number }) {
  const origins = originsAt(trajectory, at)
  const words = t().episode.shortTerm.origins
  const used = origins.reduce((sum, { tokens }) => sum + tokens, 0)
  if (used === 0) return null
  // As the gauge: the limit is the whole width, until more is in use.
  const whole = Math.max(trajectory.settings.t_max, used)
  return (
    <div className="origins">
      <div className="origins-bar" aria-hidden>
        {origins.map(({ origin, tokens }) => (
          <span key={origin} className="origin-segment" data-origin={origin} style={{ width: `${(100 * tokens) / whole}%` }} />
        ))}
      </div>
      <ul className="origins-legend" aria-label={words.title}>
        {origins.map(({ origin, tokens }) => (
          <li key={origin} title={words.figure(tokens, wholePercent(tokens / used))}>
            <span className="origin-key" data-origin={origin} aria-hidden />
            <Term name="origins" plain value={words.figure(tokens, wholePercent(tokens / used))}>
              {words[origin]}
            </Term>
            <span className="number quiet">{integer(tokens)}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
