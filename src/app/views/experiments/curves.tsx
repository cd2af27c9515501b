// Rewards over the steps of the trainings of an experiment: a line each, seeds of one training in its colour.
import type { ExperimentTrained } from '../../../core/experiments/result.ts'
import { decimal } from '../../format.ts'
import { t } from '../../locales/index.ts'

const [width, height] = [420, 160]
const pad = { left: 36, right: 8, top: 8, bottom: 22 }
/** Steps that a point is the mean of: single steps of 32 episodes jump. */
const span = 5

function smoothed(values: readonly number[]): number[] {
  return values.map((_, i) => {
    const near = values.slice(Math.max(0, i - span + 1), i + 1)
    return near.reduce((sum, value) => sum + value, 0) / near.length
  })
}

function Plot({ trainings, of, title }: { trainings: readonly ExperimentTrained[]; of: 'task' | 'reward'; title: string }) {
  const words = t().experiments
  const lines = trainings.map(({ training, seed, points }) => ({ training, seed, steps: points.map(({ step }) => step), values: smoothed(points.map((point) => point[of])) }))
  const all = lines.flatMap(({ values }) => values)
  const [low, high] = [Math.min(...all), Math.max(...all)]
  const last = Math.max(1, ...lines.flatMap(({ steps }) => steps))
  const x = (step: number) => pad.left + ((step - 1) / Math.max(1, last - 1)) * (width - pad.left - pad.right)
  const y = (value: number) => pad.top + (1 - (value - low) / Math.max(1e-9, high - low)) * (height - pad.top - pad.bottom)
  const names: Readonly<Record<string, string>> = words.trainings
  const label = (training: string, seed: number) => words.curves.seed(names[training] ?? training, seed)
  return (
    <figure className="experiment-curves">
      <figcaption>{title}</figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={words.curves.label(title)}>
        {[low, high].map((value) => (
          <text key={value} x={pad.left - 4} y={y(value) + 3} textAnchor="end">
            {decimal(value)}
          </text>
        ))}
        <text x={width - pad.right} y={height - 6} textAnchor="end">{`${words.curves.step} ${last}`}</text>
        <line x1={pad.left} x2={width - pad.right} y1={height - pad.bottom} y2={height - pad.bottom} />
        {lines.map(({ training, seed, steps, values }) => (
          <path key={`${training} ${seed}`} data-training={training} d={values.map((value, i) => `${i === 0 ? 'M' : 'L'}${x(steps[i] ?? 1).toFixed(1)} ${y(value).toFixed(1)}`).join(' ')}>
            <title>{label(training, seed)}</title>
          </path>
        ))}
      </svg>
      <ul className="experiment-key">
        {lines.map(({ training, seed, values }) => (
          <li key={`${training} ${seed}`} data-training={training}>
            <span aria-hidden /> {label(training, seed)}: {decimal(values[0] ?? 0)} → {decimal(values.at(-1) ?? 0)}
          </li>
        ))}
      </ul>
    </figure>
  )
}

export function Curves({ trainings }: { trainings: readonly ExperimentTrained[] }) {
  const words = t().experiments.curves
  const drawn = trainings.filter(({ points }) => points.length > 1)
  if (drawn.length === 0) return null
  return (
    <section aria-label={words.title}>
      <h3>{words.title}</h3>
      <div className="experiment-plots">
        <Plot trainings={drawn} of="task" title={words.task} />
        <Plot trainings={drawn} of="reward" title={words.reward} />
      </div>
    </section>
  )
}
