// An advantage as a bar left or right of zero, on the group's common scale: sign and size at a glance.
import { ArrowDown, ArrowUp, Minus } from 'lucide-react'
import { signed } from '../../format.ts'
import { t } from '../../locales/index.ts'

interface AdvantageBarProps {
  value: number
  /** The largest size of the group. */
  largest: number
  /** What it was under the weights of the training. */
  then: number
}

/** Below this it is written as zero. */
const nothing = 0.005

export function AdvantageBar({ value, largest, then }: AdvantageBarProps) {
  const share = (of: number) => (largest > 0 ? Math.min(1, Math.abs(of) / largest) * 50 : 0)
  const sign = Math.abs(value) < nothing ? 'none' : value > 0 ? 'up' : 'down'
  const Icon = sign === 'none' ? Minus : sign === 'up' ? ArrowUp : ArrowDown
  const left = value < 0 ? 50 - share(value) : 50
  const moved = Math.abs(then - value) >= nothing
  const { bar } = t().group
  const said = bar.advantage(signed(value), bar.effects[sign]) + (moved ? bar.then(signed(then)) : '')
  return (
    <div className="advantage" data-sign={sign} role="img" aria-label={said}>
      <span className="advantage-value">
        <Icon aria-hidden /> {signed(value)} {moved && <span className="quiet" title={bar.thenTitle}>({signed(then)})</span>}
      </span>
      <span className="advantage-track">
        <span className="advantage-fill" style={{ left: `${left}%`, width: `${share(value)}%` }} />
        <span className="advantage-zero" />
        {moved && <span className="advantage-then" style={{ left: `${50 + Math.sign(then) * share(then)}%` }} />}
      </span>
    </div>
  )
}
