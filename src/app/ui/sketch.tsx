// What a view will show, drawn in outline, for where there is nothing to show yet.
import type { ReactNode } from 'react'
import './sketch.css'

/** A line of text of this width. */
const line = (x: number, y: number, width: number, key?: number) => (
  <rect key={key} x={x} y={y} width={width} height={5} rx={2.5} />
)

const rows = [0, 1, 2, 3]

/** Rows with a question, an answer and a bar of reward. */
const episodes = rows.map((row) => (
  <g key={row}>
    {line(8, 12 + 22 * row, 86 - 11 * (row % 3))}
    {line(122, 12 + 22 * row, 34 + 8 * (row % 2))}
    <rect className="sketch-strong" x={188} y={11 + 22 * row} width={[40, 22, 46, 30][row]} height={7} rx={2} />
    <path d={`M8 ${26 + 22 * row}H236`} />
  </g>
))

/** Rollouts side by side: tools, an answer, an advantage above or below the mean. */
const group = rows.map((column) => (
  <g key={column}>
    <rect className="sketch-frame" x={8 + 59 * column} y={6} width={50} height={86} rx={5} />
    <rect
      className="sketch-strong"
      x={(column % 2 === 0 ? 33 : 33 - 14) + 59 * column}
      y={14}
      width={column % 2 === 0 ? 18 - 4 * column : 14}
      height={7}
      rx={2}
    />
    {[0, 1, 2].map((tool) => (
      <circle key={tool} cx={18 + 59 * column + 13 * tool} cy={36} r={4} />
    ))}
    {line(16 + 59 * column, 52, 34)}
    {line(16 + 59 * column, 64, 26)}
    {line(16 + 59 * column, 76, 18 + 6 * (column % 2))}
  </g>
))

/** Before and after, on one scale a row. */
const compare = rows.map((row) => (
  <g key={row}>
    {line(8, 12 + 22 * row, 52 - 9 * (row % 2))}
    <path d={`M84 ${14 + 22 * row}H236`} />
    <path className="sketch-link" d={`M${104 + 8 * row} ${14 + 22 * row}h${44 + 10 * (row % 3)}`} />
    <circle cx={104 + 8 * row} cy={14 + 22 * row} r={5} />
    <circle className="sketch-strong" cx={148 + 8 * row + 10 * (row % 3)} cy={14 + 22 * row} r={5} />
  </g>
))

/** Adapters along a training, a better one after the other. */
const checkpoints = (
  <>
    <path d="M8 84H236" />
    <path className="sketch-link" d="M12 74C60 70 84 44 124 42S190 22 232 18" />
    {[12, 84, 158, 232].map((x, i) => (
      <circle key={x} className={i === 0 ? undefined : 'sketch-strong'} cx={x} cy={[74, 54, 32, 18][i]} r={6} />
    ))}
  </>
)

const drawings = { episodes, group, compare, checkpoints } satisfies Record<string, ReactNode>

export function Sketch({ of }: { of: keyof typeof drawings }) {
  return (
    <svg className="sketch" viewBox="0 0 244 98" aria-hidden>
      {drawings[of]}
    </svg>
  )
}
