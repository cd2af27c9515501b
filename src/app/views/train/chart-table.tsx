// The numbers of a chart as a table: every step, or evenly chosen ones when there are very many.
import { t } from '../../locales/index.ts'
import { valueWords, type Unit } from './axis.ts'
import type { Measured } from './chart-rows.ts'
import { lineTitle, type LineSpec } from './charts/spec.ts'
import { useAxis } from './cursor.tsx'
import { bins } from './series.ts'

/** Rows at most; all numbers are in the CSV file of the chart. */
const maxRows = 200

interface ChartTableProps {
  title: string
  unit: Unit
  lines: readonly LineSpec[]
  run: Measured
}

export function ChartTable({ title, unit, lines, run }: ChartTableProps) {
  const { onOpen } = useAxis()
  const words = t().charts
  const chosen = bins(run.steps.length, maxRows).flatMap(([, to]) => run.steps[to - 1] ?? [])
  const write = (value: number | null | undefined) => (value === null || value === undefined || !Number.isFinite(value) ? '–' : valueWords(value, unit))
  // Where another program made some of them.
  const isForeign = run.steps.some(({ engine }) => engine !== undefined)
  const heldLines = lines.filter(({ held }) => held !== undefined)
  return (
    <div className="chart-table" tabIndex={0} role="region" aria-label={words.numbers(title)}>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.stepColumn}</th>
            {isForeign && <th scope="col">{words.makerColumn}</th>}
            {lines.map((line) => (
              <th key={line.id} scope="col">
                {lineTitle(line)}
              </th>
            ))}
            {heldLines.map(({ id }) => (
              <th key={id} scope="col">
                {words.heldOut}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {chosen.map((step) => {
            const evaluation = run.evaluations.find((each) => each.step === step.step)
            return (
              <tr key={step.step}>
                <th scope="row">
                  <button type="button" className="link" title={words.openStep} onClick={() => { onOpen(step.step) }}>
                    {step.step}
                  </button>
                </th>
                {isForeign && <td>{step.engine ?? words.here}</td>}
                {lines.map(({ id, value }) => (
                  <td key={id}>{write(value(step))}</td>
                ))}
                {heldLines.map(({ id, held }) => (
                  <td key={id}>{write(evaluation && held?.(evaluation)?.value)}</td>
                ))}
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
