// A small chart for each line, side by side on one scale: how often each tool is called.
import { useMemo } from 'react'
import { readoutOf, type Measured, type OverRun } from './chart-rows.ts'
import { valueWords, type Unit } from './axis.ts'
import { summaryWords } from './chart-words.ts'
import { lineTitle, type LineSpec } from './charts/spec.ts'
import { useCursor } from './cursor.tsx'
import { PlotArea } from './plot-area.tsx'
import { smallInset } from './plot-inset.ts'
import { Sample } from './readouts.tsx'
import type { Row } from './series.ts'
import { t } from '../../locales/index.ts'
import { Hint } from '../../ui/term.tsx'

interface MultiplesProps {
  lines: readonly LineSpec[]
  unit: Unit
  ends?: readonly [low: number | null, high: number | null]
  rows: Row[]
  run: Measured
  others: readonly OverRun[]
  recorded: boolean
  weight: number
  log: boolean
  large: boolean
}

const smallTicks = [3, 2] as const
const largeTicks = [5, 4] as const

function ValueAt({ line, unit, run, weight }: { line: LineSpec; unit: Unit; run: Measured; weight: number }) {
  const { step } = useCursor()
  const value = readoutOf(line, run, step, weight)
  return <strong className="number">{value === null ? '–' : valueWords(value, unit)}</strong>
}

/** What of the rows one line is drawn from. */
const ofLine = (rows: readonly Row[], id: string): Row[] =>
  rows.map(({ x, cells }) => ({ x, cells: Object.fromEntries(Object.entries(cells).filter(([name]) => name === id || name.startsWith(`${id}:`) || name.endsWith(`/${id}`) || name.includes(`/${id}:`))) }))

export function Multiples({ lines, unit, ends, rows, run, others, recorded, weight, log, large }: MultiplesProps) {
  const panels = useMemo(() => lines.map((line) => ({ line, rows: ofLine(rows, line.id) })), [lines, rows])
  const words = t().charts
  return (
    <>
      <ul className="chart-multiples">
        {panels.map(({ line, rows: own }) => (
          <li key={line.id}>
            <p className="chart-values">
              <Sample color={line.color} />
              <span className="quiet">{lineTitle(line)}</span>
              <ValueAt line={line} unit={unit} run={run} weight={weight} />
            </p>
            <PlotArea lines={[line]} unit={unit} ends={ends} rows={own} scaledBy={rows} log={log} pale={weight > 0} others={others} inset={smallInset} ticks={large ? largeTicks : smallTicks} label={summaryWords(lineTitle(line), { unit }, [line], run)} />
          </li>
        ))}
      </ul>
      {recorded && lines.some((line) => line.recorded) && (
        <p className="chart-values">
          <span className="chart-recorded" aria-hidden />
          <Hint text={words.recordedHint}>
            <span className="quiet" tabIndex={0}>
              {words.recorded}
            </span>
          </Hint>
        </p>
      )}
    </>
  )
}
