// The lines of one chart, drawn by Recharts. A picture only: cursor, values and clicks are the frame's. Loaded when a
// chart is first shown.
import { memo } from 'react'
import { Area, CartesianGrid, ComposedChart, ErrorBar, Line, ReferenceLine, ResponsiveContainer, XAxis as XLine, YAxis as YLine } from 'recharts'
import { labelsOf, xLabel, xTicks, type Unit, type XMode, type YAxis } from './axis.ts'
import { heldOf, otherOf, recordedOf, whiskersOf, type OverRun } from './chart-rows.ts'
import type { BandSpec, LineSpec } from './charts/spec.ts'
import type { Mark } from './makers.ts'
import { edge, shareOf, type Inset } from './plot-inset.ts'
import { rawOf, type Row } from './series.ts'

interface PlotProps {
  lines: readonly LineSpec[]
  bands: readonly BandSpec[]
  unit: Unit
  y: YAxis
  rows: Row[]
  shown: readonly [first: number, last: number]
  /** There is more of the run beside it. */
  zoomed: boolean
  mode: XMode
  /** Id of the line that the pointer rests on; the others step back. */
  lit: string | null
  /** Smoothed lines stand over what was measured. */
  pale: boolean
  others: readonly OverRun[]
  /** Where another goes on with the run. */
  marks: readonly Mark[]
  inset: Inset
  /** About so many labels on the x axis. */
  ticks: number
}

const still = { isAnimationActive: false, dot: false, activeDot: false, connectNulls: true, type: 'linear' } as const
const tick = { fontSize: 11, fill: 'var(--ink-3)' } as const
/** Readable where lines run through it. */
const markLabel = { fontSize: 11, fill: 'var(--ink-2)', stroke: 'var(--paper)', strokeWidth: 3, paintOrder: 'stroke', offset: 4 } as const

/** A line through one point alone would not be seen: after the first step there is a dot. */
const dotOf = (rows: readonly Row[], id: string, fill: string) => (rows.filter(({ cells }) => typeof cells[id] === 'number').length === 1 ? { r: 2.25, fill, strokeWidth: 0 } : false)

/** What was measured: a thin line, or an area where a row stands for several steps. */
function Raw({ line, rows, opacity, cell }: { line: LineSpec; rows: readonly Row[]; opacity: number; cell: CellOf }) {
  const id = rawOf(line.id)
  const ranges = rows.some(({ cells }) => Array.isArray(cells[id]))
  return ranges ? (
    <Area {...still} dataKey={cell(id)} stroke="none" fill={line.color} fillOpacity={0.16 * opacity} />
  ) : (
    <Line {...still} dataKey={cell(id)} stroke={line.color} strokeWidth={1} strokeOpacity={0.3 * opacity} />
  )
}

type CellOf = (id: string) => (row: Row) => number | [number, number] | undefined

/** On a logarithmic axis there is no place for 0 and below; areas begin at its lower end. */
function cellOf({ log, ticks }: YAxis): CellOf {
  const [floor = 0] = ticks
  return (id) => ({ cells }) => {
    const found = cells[id] ?? undefined
    if (!log || found === undefined) return found
    if (typeof found === 'number') return found > 0 ? found : undefined
    return found[1] > 0 ? [Math.max(floor, found[0]), found[1]] : undefined
  }
}

export const Plot = memo(function Plot({ lines, bands, unit, y, rows, shown, zoomed, mode, lit, pale, others, marks, inset, ticks }: PlotProps) {
  const opacityOf = (id: string) => (lit === null || lit === id ? 1 : 0.2)
  const cell = cellOf(y)
  const [low = 0] = y.ticks
  const labels = labelsOf(y, unit)
  /** They end where the axis does. */
  const whiskers = (id: string) => ({ cells }: Row) => {
    const [middle, reach] = [cells[heldOf(id)], cells[whiskersOf(id)]]
    return typeof middle === 'number' && Array.isArray(reach) && middle >= low ? [Math.min(reach[0], middle - low), reach[1]] : undefined
  }
  // Recharts listens for the focus of its layers, and Chromium stops at whatever listens: 78 times on the way through Train.
  return (
    <div className="chart-picture" inert>
      <ResponsiveContainer width="100%" height="100%" debounce={50}>
        <ComposedChart data={rows} margin={{ top: inset.top, right: inset.right - edge, bottom: 0, left: 0 }} accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XLine dataKey="x" type="number" padding={{ left: edge, right: edge }} domain={[...shown]} allowDataOverflow={zoomed} ticks={xTicks(shown[0], shown[1], mode, ticks)} tickFormatter={(value: number) => xLabel(value, mode)} height={inset.bottom} tick={tick} tickLine={false} axisLine={{ stroke: 'var(--line-strong)' }} minTickGap={12} />
          <YLine width={inset.left - edge} scale={y.log ? 'log' : 'linear'} domain={[low, y.ticks.at(-1) ?? 1]} ticks={y.ticks} interval={0} tick={tick} tickLine={false} axisLine={false} tickFormatter={(value: number) => labels[y.ticks.indexOf(value)] ?? ''} />
          {low < 0 && !y.log && <ReferenceLine y={0} stroke="var(--line-strong)" />}
          {marks.map(({ x, label }) => (
            <ReferenceLine key={x} x={x} stroke="var(--ink-3)" strokeDasharray="2 3" label={{ ...markLabel, value: label, position: shareOf(x, shown) < 0.8 ? 'insideTopLeft' : 'insideTopRight' }} />
          ))}
          {lines.map(({ id, recorded }) => recorded && <Area key={id} {...still} dataKey={cell(recordedOf(id))} stroke="var(--chart-quiet)" strokeOpacity={0.5} strokeWidth={0.75} strokeDasharray="3 2" fill="var(--chart-quiet)" fillOpacity={0.12} />)}
          {bands.map(({ id, color, opacity }) => <Area key={id} {...still} dataKey={cell(id)} stroke="none" fill={color} fillOpacity={opacity} />)}
          {pale && lines.map((line) => line.smooth && <Raw key={line.id} line={line} rows={rows} opacity={opacityOf(line.id)} cell={cell} />)}
          {others.flatMap(({ key, color }) => lines.map(({ id, dash }) => <Line key={otherOf(key, id)} {...still} dataKey={cell(otherOf(key, id))} stroke={color} strokeWidth={1.25} strokeDasharray={dash} strokeOpacity={0.9 * opacityOf(id)} />))}
          {lines.map(({ id, color, dash }) => (
            <Line key={id} {...still} dot={dotOf(rows, id, color)} dataKey={cell(id)} stroke={color} strokeWidth={lit === id ? 2.5 : 1.75} strokeDasharray={dash} strokeOpacity={opacityOf(id)} />
          ))}
          {lines.map(({ id, held }) =>
            held ? (
              <Line key={id} {...still} dataKey={cell(heldOf(id))} stroke="var(--chart-held)" strokeWidth={1} dot={{ r: 2.75, fill: 'var(--chart-held)', strokeWidth: 0 }} strokeOpacity={0.6}>
                <ErrorBar dataKey={whiskers(id)} width={3} strokeWidth={1.25} stroke="var(--chart-held)" isAnimationActive={false} />
              </Line>
            ) : null,
          )}
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  )
})
