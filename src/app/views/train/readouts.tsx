// What every line of a chart has at the cursor, in the run on show and in those that are drawn over it.
import type { LineSpec } from './charts/spec.ts'
import { lineTitle } from './charts/spec.ts'
import { valueWords, type Unit } from './axis.ts'
import { evaluationAt, readoutOf, type Measured, type OverRun } from './chart-rows.ts'
import { useCursor } from './cursor.tsx'
import { t } from '../../locales/index.ts'
import { Hint, Term } from '../../ui/term.tsx'

/** A short piece of the line, as it is drawn. */
export function Sample({ color, dash }: { color: string; dash?: string }) {
  return (
    <svg className="chart-sample" width="20" height="8" aria-hidden>
      <line x1="0" x2="20" y1="4" y2="4" stroke={color} strokeWidth="2" strokeDasharray={dash} />
    </svg>
  )
}

interface ReadoutsProps {
  lines: readonly LineSpec[]
  unit: Unit
  run: Measured
  others: readonly OverRun[]
  /** Recorded runs lie behind some of its lines. */
  recorded: boolean
  weight: number
  onLight: (id: string | null) => void
}

export function Readouts({ lines, unit, run, others, recorded, weight, onLight }: ReadoutsProps) {
  const { step } = useCursor()
  const words = t().charts
  const several = lines.length > 1
  const say = (value: number | null) => (value === null ? '–' : valueWords(value, unit))
  const test = evaluationAt(run, step)
  return (
    <ul className="chart-values">
      {lines.map((line) => {
        const held = test && line.held?.(test)?.value
        return (
          <li key={line.id} onPointerEnter={several ? () => { onLight(line.id) } : undefined} onPointerLeave={several ? () => { onLight(null) } : undefined}>
            <Sample color={line.color} dash={line.dash} />
            <span className="quiet">{lineTitle(line)}</span>
            <strong className="number">{say(readoutOf(line, run, step, weight))}</strong>
            {others.map((other) => {
              const value = say(readoutOf(line, other, step, weight))
              return (
                <span key={other.key} className="number" style={{ color: other.color }} title={words.otherRun(other.name, value)}>
                  {value}
                </span>
              )
            })}
            {typeof held === 'number' && Number.isFinite(held) && (
              <span className="chart-held">
                <span className="chart-dot" aria-hidden />
                <Term name="heldOut" plain>
                  {words.heldOut}
                </Term>
                <strong className="number">{say(held)}</strong>
              </span>
            )}
          </li>
        )
      })}
      {recorded && lines.some((line) => line.recorded) && (
        <li>
          <span className="chart-recorded" aria-hidden />
          <Hint text={words.recordedHint}>
            <span className="quiet" tabIndex={0}>
              {words.recorded}
            </span>
          </Hint>
        </li>
      )}
    </ul>
  )
}
