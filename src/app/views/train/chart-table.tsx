// The numbers of a chart as a table: every step, or evenly chosen ones when there are very many.
import type { Measured } from './chart-rows.ts'
import type { ChartSpec } from './chart-specs.ts'
import { useAxis } from './cursor.tsx'
import { bins } from './series.ts'

/** Rows at most; all numbers are in the CSV file of the run. */
const maxRows = 200

export function ChartTable({ spec, run }: { spec: ChartSpec; run: Measured }) {
  const { onOpen } = useAxis()
  const chosen = bins(run.steps.length, maxRows).flatMap(([, to]) => run.steps[to - 1] ?? [])
  const write = (value: number | null | undefined) => (value === null || value === undefined || !Number.isFinite(value) ? '–' : spec.show(value))
  const heldLines = spec.lines.filter(({ held }) => held !== undefined)
  return (
    <div className="chart-table" tabIndex={0} role="region" aria-label={`${spec.title}, numbers`}>
      <table>
        <thead>
          <tr>
            <th scope="col">step</th>
            {spec.lines.map(({ id, title }) => (
              <th key={id} scope="col">
                {title}
              </th>
            ))}
            {heldLines.map(({ id }) => (
              <th key={id} scope="col">
                held-out
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
                  <button type="button" className="link" title="The rollouts of this step" onClick={() => { onOpen(step.step) }}>
                    {step.step}
                  </button>
                </th>
                {spec.lines.map(({ id, value }) => (
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
