// One chart with its title, the values under the cursor, and its numbers as a table. Follows the cursor without drawing
// its lines anew.
import { Table2 } from 'lucide-react'
import { lazy, Suspense, useDeferredValue, useMemo, useRef, useState, type CSSProperties, type PointerEvent, type ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { Hint, Term } from '../../ui/term.tsx'
import { chartRows, heldOf, numberOf, readoutOf, rowAt, type Measured } from './chart-rows.ts'
import type { ChartSpec, LineSpec } from './chart-specs.ts'
import { ChartTable } from './chart-table.tsx'
import { summaryWords } from './chart-words.ts'
import { useAxis, useCursor } from './cursor.tsx'
import { useInView } from './in-view.ts'
import { plotInset, shareOf, stepUnder } from './plot-inset.ts'
import type { Row } from './series.ts'

const Plot = lazy(async () => ({ default: (await import('./plot.tsx')).Plot }))

/** A short piece of the line, as it is drawn. */
function Sample({ line: { color, dash } }: { line: LineSpec }) {
  return (
    <svg className="chart-sample" width="20" height="8" aria-hidden>
      <line x1="0" x2="20" y1="4" y2="4" stroke={color} strokeWidth="2" strokeDasharray={dash} />
    </svg>
  )
}

interface ReadoutsProps {
  spec: ChartSpec
  run: Measured
  other: Measured | null
  window: number
  rows: readonly Row[]
  onLight: (id: string | null) => void
}

/** What every line has at the cursor. */
function Readouts({ spec, run, other, window, rows, onLight }: ReadoutsProps) {
  const { step } = useCursor()
  const several = spec.lines.length > 1
  return (
    <ul className="chart-values">
      {spec.lines.map((line) => {
        const value = readoutOf(line, run, step, window)
        const beside = other ? readoutOf(line, other, step, window) : null
        const held = line.held ? numberOf(rowAt(rows, step, heldOf(line.id))?.cells[heldOf(line.id)]) : null
        return (
          <li key={line.id} onPointerEnter={several ? () => { onLight(line.id) } : undefined} onPointerLeave={several ? () => { onLight(null) } : undefined}>
            <Sample line={line} />
            <span className="quiet">{line.title}</span>
            <strong className="number">{value === null ? '–' : spec.show(value)}</strong>
            {beside !== null && (
              <span className="number quiet" title="The other run">
                ({spec.show(beside)})
              </span>
            )}
            {held !== null && (
              <span className="chart-held">
                <span className="chart-dot" aria-hidden />
                <Term name="heldOut" plain>
                  held-out
                </Term>{' '}
                <strong className="number">{spec.show(held)}</strong>
              </span>
            )}
          </li>
        )
      })}
    </ul>
  )
}

function CursorLine() {
  const { first, last } = useAxis()
  const { step, moved } = useCursor()
  if (!moved) return null
  return (
    <span className="chart-cursor" style={{ '--at': shareOf(step, first, last) }} aria-hidden>
      <span className="chart-cursor-step">{step}</span>
    </span>
  )
}

interface FrameProps {
  spec: ChartSpec
  run: Measured
  other: Measured | null
  /** Steps that lines are smoothed over. */
  window: number
  /** Choices of this chart alone. */
  controls?: ReactNode
}

const inset: CSSProperties = { '--plot-left': `${plotInset.left}px`, '--plot-right': `${plotInset.right}px`, '--plot-bottom': `${plotInset.bottom}px` }

export function ChartFrame({ spec, run, other, window, controls }: FrameProps) {
  const { first, last, cursor, onOpen } = useAxis()
  const [lit, setLit] = useState<string | null>(null)
  const [table, setTable] = useState(false)
  const rows = useMemo(() => chartRows(spec, run, other, window), [spec, run, other, window])
  // The page answers first; lines follow.
  const drawn = useDeferredValue(rows)
  const figure = useRef<HTMLElement>(null)
  const inView = useInView(figure)
  const stepAt = (event: PointerEvent<HTMLElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect()
    return stepUnder(event.clientX - left, width, first, last)
  }
  return (
    <figure className="chart" ref={figure} style={inset} aria-label={spec.title}>
      <figcaption>
        <h4>
          <Term name={spec.term} plain>
            {spec.title}
          </Term>
        </h4>
        <span className="chart-name wrote">{spec.name}</span>
        {controls}
        <Hint text={table ? 'Show the lines again.' : 'Show the numbers as a table.'}>
          <Button look="bare" size="small" shape="icon" aria-pressed={table} aria-label={`${spec.title} as a table`} onClick={() => { setTable(!table) }}>
            <Table2 aria-hidden />
          </Button>
        </Hint>
      </figcaption>
      <Readouts spec={spec} run={run} other={other} window={window} rows={rows} onLight={setLit} />
      {table ? (
        <ChartTable spec={spec} run={run} />
      ) : (
        <div
          className="chart-plot"
          role="img"
          aria-label={summaryWords(spec, run)}
          onPointerMove={(event) => { cursor.setState({ step: stepAt(event) }) }}
          onPointerLeave={() => { cursor.setState({ step: null }) }}
          onClick={(event) => {
            const { left, width } = event.currentTarget.getBoundingClientRect()
            onOpen(stepUnder(event.clientX - left, width, first, last))
          }}
        >
          <Suspense fallback={null}>
            {inView && <Plot spec={spec} rows={drawn} first={first} last={last} lit={lit} pale={window > 1} other={other !== null} />}
          </Suspense>
          <CursorLine />
        </div>
      )}
    </figure>
  )
}
