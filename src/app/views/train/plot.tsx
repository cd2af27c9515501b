// The lines of one chart, drawn by Recharts. A picture only: cursor, values and clicks are the frame's. Loaded when a
// chart is first shown.
import { memo } from 'react'
import { Area, CartesianGrid, ComposedChart, ErrorBar, Line, ReferenceLine, ResponsiveContainer, XAxis, YAxis } from 'recharts'
import { heldOf, otherOf, whiskersOf } from './chart-rows.ts'
import type { ChartSpec, LineSpec } from './chart-specs.ts'
import { plotInset, ticksOf } from './plot-inset.ts'
import { rawOf, type Row } from './series.ts'

interface PlotProps {
  spec: ChartSpec
  rows: Row[]
  first: number
  last: number
  /** Id of the line that the pointer rests on; the others step back. */
  lit: string | null
  /** Smoothed lines stand over what was measured. */
  pale: boolean
  /** A second run is laid over. */
  other: boolean
}

const cell = (id: string) => (row: Row) => row.cells[id] ?? undefined
const still = { isAnimationActive: false, dot: false, activeDot: false, connectNulls: true, type: 'linear' } as const
const tick = { fontSize: 11, fill: 'var(--ink-3)' } as const

/** A line through one point alone would not be seen: after the first step there is a dot. */
const dotOf = (rows: readonly Row[], id: string, fill: string) => (rows.filter(({ cells }) => typeof cells[id] === 'number').length === 1 ? { r: 2.25, fill, strokeWidth: 0 } : false)

/** What was measured: a thin line, or an area where a row stands for several steps. */
function Measured({ line, rows, opacity }: { line: LineSpec; rows: readonly Row[]; opacity: number }) {
  const id = rawOf(line.id)
  const ranges = rows.some(({ cells }) => Array.isArray(cells[id]))
  return ranges ? (
    <Area {...still} dataKey={cell(id)} stroke="none" fill={line.color} fillOpacity={0.16 * opacity} />
  ) : (
    <Line {...still} dataKey={cell(id)} stroke={line.color} strokeWidth={1} strokeOpacity={0.3 * opacity} />
  )
}

export const Plot = memo(function Plot({ spec, rows, first, last, lit, pale, other }: PlotProps) {
  const opacityOf = (id: string) => (lit === null || lit === id ? 1 : 0.2)
  const [low = null, high = null] = spec.ends ?? []
  return (
    <ResponsiveContainer width="100%" height="100%" debounce={50}>
      <ComposedChart data={rows} margin={{ top: plotInset.top, right: plotInset.right, bottom: 0, left: 0 }} accessibilityLayer={false}>
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis dataKey="step" type="number" domain={[first, last]} ticks={ticksOf(first, last)} height={plotInset.bottom} tick={tick} tickLine={false} axisLine={{ stroke: 'var(--line-strong)' }} minTickGap={24} />
        <YAxis width={plotInset.left} domain={[low ?? 'auto', high ?? 'auto']} tickCount={5} tick={tick} tickLine={false} axisLine={false} tickFormatter={(value: number) => spec.show(value)} />
        {low === null && <ReferenceLine y={0} stroke="var(--line-strong)" ifOverflow="hidden" />}
        {spec.bands?.map(({ id, color, opacity }) => <Area key={id} {...still} dataKey={cell(id)} stroke="none" fill={color} fillOpacity={opacity} />)}
        {pale && spec.lines.map((line) => line.smooth && <Measured key={line.id} line={line} rows={rows} opacity={opacityOf(line.id)} />)}
        {other && spec.lines.map(({ id, color }) => <Line key={id} {...still} dataKey={cell(otherOf(id))} stroke={color} strokeWidth={1.25} strokeDasharray="1 3" strokeLinecap="round" strokeOpacity={0.9 * opacityOf(id)} />)}
        {spec.lines.map(({ id, color, dash }) => (
          <Line key={id} {...still} dot={dotOf(rows, id, color)} dataKey={cell(id)} stroke={color} strokeWidth={lit === id ? 2.5 : 1.75} strokeDasharray={dash} strokeOpacity={opacityOf(id)} />
        ))}
        {spec.lines.map(({ id, held }) =>
          held ? (
            <Line key={id} {...still} dataKey={cell(heldOf(id))} stroke="var(--chart-held)" strokeWidth={1} dot={{ r: 2.75, fill: 'var(--chart-held)', strokeWidth: 0 }} strokeOpacity={0.6}>
              <ErrorBar dataKey={cell(whiskersOf(id))} width={3} strokeWidth={1.25} stroke="var(--chart-held)" isAnimationActive={false} />
            </Line>
          ) : null,
        )}
      </ComposedChart>
    </ResponsiveContainer>
  )
})
