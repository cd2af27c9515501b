// One quantity of all who took part on one scale: a dot each with its 95 % interval, and a line from the lowest to the highest.
import { largestOf, smallestOf } from '../../../core/extremes.ts'
import type { Estimated } from './rows.ts'

interface DumbbellProps {
  estimates: readonly (Estimated | null)[]
  scale: readonly [low: number, high: number]
}

export function Dumbbell({ estimates, scale: [from, to] }: DumbbellProps) {
  const share = (value: number) => Math.min(100, Math.max(0, (100 * (value - from)) / (to - from)))
  const means = estimates.flatMap((each) => (each ? [each.mean] : []))
  if (means.length === 0) return null
  const [low, high] = [share(smallestOf(means)), share(largestOf(means))]
  return (
    <span className="dumbbell" style={{ height: `${0.5 * estimates.length + 0.4}rem` }} aria-hidden>
      {from < 0 && to > 0 && <span className="interval-zero" style={{ left: `${share(0)}%` }} />}
      <span className="dumbbell-bar" style={{ left: `${low}%`, width: `${high - low}%` }} />
      {estimates.map((estimate, who) => {
        if (!estimate) return null
        const top = `${((who + 0.5) / estimates.length) * 100}%`
        return (
          <span key={who} className="dumbbell-who" data-who={who} style={{ top }}>
            <span className="interval-line" style={{ left: `${share(estimate.low)}%`, width: `${share(estimate.high) - share(estimate.low)}%` }} />
            <span className="interval-dot" style={{ left: `${share(estimate.mean)}%` }} />
          </span>
        )
      })}
    </span>
  )
}
