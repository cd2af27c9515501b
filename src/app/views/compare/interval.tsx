// A mean with its 95 % interval, drawn on the common scale of its line.
import type { Estimated } from './rows.ts'

interface IntervalProps {
  estimate: Estimated
  scale: readonly [low: number, high: number]
  /** Which of those compared it is: 0 is the base model. */
  who: number
}

export function Interval({ estimate: { mean, low, high }, scale: [from, to], who }: IntervalProps) {
  const at = (value: number) => `${Math.min(100, Math.max(0, (100 * (value - from)) / (to - from)))}%`
  const width = Math.max(0, Math.min(to, high) - Math.max(from, low))
  return (
    <span className="interval" data-who={who} aria-hidden>
      {from < 0 && to > 0 && <span className="interval-zero" style={{ left: at(0) }} />}
      <span className="interval-line" style={{ left: at(low), width: `${(100 * width) / (to - from)}%` }} />
      <span className="interval-dot" style={{ left: at(mean) }} />
    </span>
  )
}
