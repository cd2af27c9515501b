// All charts of a run: small multiples that share the x axis and a cursor, in the groups of the table of charts.
import { useState } from 'react'
import type { RunRecord } from '../../../core/training/runs.ts'
import { namesOf } from '../../../core/table.ts'
import { t } from '../../locales/index.ts'
import type { XMode } from './axis.ts'
import { Chart } from './chart.tsx'
import type { Measured, OverRun } from './chart-rows.ts'
import { charts } from './charts/index.ts'
import { chartGroups, isFor } from './charts/spec.ts'
import { CursorBar } from './cursor-bar.tsx'
import { AxisProvider } from './cursor.tsx'
import { OverRuns, type Over } from './over-runs.tsx'

interface ChartsProps {
  record: RunRecord
  run: Measured
  over: readonly (Over & { measured: Measured })[]
  recorded: readonly Measured[]
  onOpen: (step: number) => void
}

/** How strongly lines are smoothed until somebody moves the slider. */
const usualWeight = 0.6

export function Charts({ record, run, over, recorded, onOpen }: ChartsProps) {
  const [weight, setWeight] = useState(usualWeight)
  const [mode, setMode] = useState<XMode>('step')
  const others: OverRun[] = over.map(({ run: { key, name }, color, measured }) => ({ key, name, color, ...measured }))
  const data = { run, others, recorded, weight }
  const words = t().charts
  return (
    <AxisProvider run={run} others={others} mode={mode} onOpen={onOpen}>
      <section className="charts" aria-label={words.region}>
        <CursorBar weight={weight} onWeight={setWeight} onMode={setMode} />
        <OverRuns run={record} over={over} />
        {chartGroups.map((group) => (
          <section key={group} className="chart-group" aria-label={words.groups[group]}>
            <h3>{words.groups[group]}</h3>
            <div className="chart-grid">
              {namesOf(charts).flatMap((id) => {
                const spec = charts[id]
                return spec?.group === group && isFor(spec, [run, ...others]) ? [<Chart key={id} id={id} spec={spec} data={data} />] : []
              })}
            </div>
          </section>
        ))}
      </section>
    </AxisProvider>
  )
}
