// A plot that one can point at: the cursor follows, a click opens the rollouts there, dragging across zooms in.
import { lazy, Suspense, useDeferredValue, useMemo, useRef, useState, type PointerEvent } from 'react'
import { xLabel, yAxisOf, type Unit } from './axis.ts'
import { extentOf, stepAt, type OverRun } from './chart-rows.ts'
import type { BandSpec, LineSpec } from './charts/spec.ts'
import { useAxis, useCursor, type Range } from './cursor.tsx'
import { marksOf } from './makers.ts'
import { insetStyle, placeUnder, shareOf, type Inset } from './plot-inset.ts'
import { useInView } from './in-view.ts'
import type { Row } from './series.ts'

const Plot = lazy(async () => ({ default: (await import('./plot.tsx')).Plot }))

/** The place under the cursor, as a line over the chart. */
function CursorLine() {
  const { shown, mode } = useAxis()
  const { x, moved } = useCursor()
  if (!moved || x < shown[0] || x > shown[1]) return null
  return (
    <span className="chart-cursor" style={{ '--at': shareOf(x, shown) }} aria-hidden>
      <span className="chart-cursor-step">{xLabel(mode === 'step' ? Math.round(x) : x, mode)}</span>
    </span>
  )
}

interface PlotAreaProps {
  lines: readonly LineSpec[]
  bands?: readonly BandSpec[]
  unit: Unit
  ends?: readonly [low: number | null, high: number | null]
  rows: Row[]
  /** Rows of all charts that share its y axis; left out: its own. */
  scaledBy?: readonly Row[]
  log: boolean
  lit?: string | null
  pale: boolean
  others: readonly OverRun[]
  inset: Inset
  /** About so many labels on the axes. */
  ticks?: readonly [x: number, y: number]
  label: string
}

/** Pointers move by so many px before it is a drag. */
const slip = 6

export function PlotArea({ lines, bands = [], unit, ends = [null, null], rows, scaledBy = rows, log, lit = null, pale, others, inset, ticks = [5, 4], label }: PlotAreaProps) {
  const { shown, range, mode, cursor, zoom, run, places, onOpen } = useAxis()
  const area = useRef<HTMLDivElement>(null)
  const inView = useInView(area)
  const [dragged, setDragged] = useState<{ from: number; to: number; start: number; px: number } | null>(null)
  // The page answers first; lines follow.
  const drawn = useDeferredValue(rows)
  const marks = useMemo(() => marksOf(run.steps, places), [run, places])
  const [low, high] = ends
  const y = useMemo(() => yAxisOf(extentOf(scaledBy), [low, high], log, ticks[1]), [scaledBy, low, high, log, ticks])
  const placeAt = (event: PointerEvent<HTMLElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect()
    return placeUnder(event.clientX - left, width, shown, inset)
  }
  const selection: Range | null = dragged && Math.abs(dragged.px) > slip ? [Math.min(dragged.from, dragged.to), Math.max(dragged.from, dragged.to)] : null
  return (
    <div
      className="chart-plot"
      ref={area}
      style={insetStyle(inset)}
      role="img"
      aria-label={label}
      onPointerDown={(event) => {
        if (event.button !== 0) return
        const at = placeAt(event)
        event.currentTarget.setPointerCapture(event.pointerId)
        setDragged({ from: at, to: at, start: event.clientX, px: 0 })
      }}
      onPointerMove={(event) => {
        const at = placeAt(event)
        cursor.setState({ x: mode === 'step' ? Math.round(at) : at })
        if (dragged) setDragged({ ...dragged, to: at, px: event.clientX - dragged.start })
      }}
      onPointerUp={() => {
        setDragged(null)
        if (selection) {
          zoom(selection)
          return
        }
        const step = dragged && stepAt(run, places, mode === 'step' ? Math.round(dragged.to) : dragged.to)
        if (step !== null) onOpen(step)
      }}
      onPointerCancel={() => { setDragged(null) }}
      onPointerLeave={() => { cursor.setState({ x: null }) }}
    >
      <Suspense fallback={null}>{inView && <Plot lines={lines} bands={bands} unit={unit} y={y} rows={drawn} shown={shown} zoomed={range !== null} mode={mode} lit={lit} pale={pale} others={others} marks={marks} inset={inset} ticks={ticks[0]} />}</Suspense>
      {selection && <span className="chart-selection" style={{ '--from': shareOf(selection[0], shown), '--to': shareOf(selection[1], shown) }} aria-hidden />}
      <CursorLine />
    </div>
  )
}
