// A small chart of a lesson: lines and dots over steps, drawn as SVG; in words for whoever does not see it.
import { t } from '../../locales/index.ts'

interface LessonLine {
  name: string
  color: string
  /** Few points, each of which counts: dots on the line. */
  dots: boolean
  points: readonly { step: number; value: number }[]
}

interface LessonChartProps {
  title: string
  unit: string
  lines: readonly LessonLine[]
  /** The end of the y axis; the data decide where null. */
  high: number | null
  show: (value: number) => string
}

const size = { width: 420, height: 180 }
const inset = { left: 44, right: 10, top: 8, bottom: 22 }

/** A round number at or above it. */
function roundUp(value: number): number {
  const digit = 10 ** Math.floor(Math.log10(Math.max(value, 1e-6)))
  return ([1, 2, 5, 10].find((each) => each * digit >= value) ?? 10) * digit
}

export function LessonChart({ title, unit, lines, high, show }: LessonChartProps) {
  const drawn = lines.filter(({ points }) => points.length > 0)
  const points = drawn.flatMap((line) => line.points)
  const last = Math.max(1, ...points.map(({ step }) => step))
  const top = high ?? roundUp(Math.max(1e-6, ...points.map(({ value }) => value)))
  const x = (step: number) => inset.left + ((size.width - inset.left - inset.right) * step) / last
  const y = (value: number) => size.height - inset.bottom - ((size.height - inset.top - inset.bottom) * Math.min(value, top)) / top
  const words = t().lesson.charts
  const said = drawn.map(({ name, points: of }) => ({ name, first: show(of[0]?.value ?? NaN), last: show(of.at(-1)?.value ?? NaN), step: of.at(-1)?.step ?? 0 }))
  return (
    <figure className="lesson-chart" aria-label={title}>
      <figcaption>
        <h4>{title}</h4> <span className="quiet">{unit}</span>
        <ul className="lesson-legend" aria-hidden>
          {drawn.map(({ name, color }) => (
            <li key={name}>
              <span style={{ background: color }} /> {name}
            </li>
          ))}
        </ul>
      </figcaption>
      <svg role="img" aria-label={words.summary(title, said)} viewBox={`0 0 ${size.width} ${size.height}`}>
        {[0, top / 2, top].map((value) => (
          <g key={value}>
            <line x1={inset.left} x2={size.width - inset.right} y1={y(value)} y2={y(value)} stroke="var(--line)" />
            <text x={inset.left - 6} y={y(value) + 4} textAnchor="end">{show(value)}</text>
          </g>
        ))}
        <text x={inset.left} y={size.height - 6}>0</text>
        <text x={size.width - inset.right} y={size.height - 6} textAnchor="end">{`${words.step} ${last}`}</text>
        {drawn.map(({ name, color, dots, points: of }) => (
          <g key={name}>
            <polyline points={of.map(({ step, value }) => `${x(step)},${y(value)}`).join(' ')} fill="none" stroke={color} strokeWidth={1.5} />
            {dots && of.map(({ step, value }) => <circle key={step} cx={x(step)} cy={y(value)} r={3} fill={color} />)}
          </g>
        ))}
      </svg>
    </figure>
  )
}
