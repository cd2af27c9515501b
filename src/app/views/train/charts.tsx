// All charts of a run: small multiples that share the x axis and a cursor, in three groups.
import { useMemo, useState } from 'react'
import { axisOf, type Measured } from './chart-rows.ts'
import { chartGroups, type ChartSpec, type RewardDetail, type ToolStages } from './chart-specs.ts'
import { ChartFrame } from './chart-frame.tsx'
import { CursorBar } from './cursor-bar.tsx'
import { AxisProvider } from './cursor.tsx'
import { Select } from '../../ui/select.tsx'

const detailNames: readonly { value: RewardDetail; name: string }[] = [
  { value: 'terms', name: 'terms' },
  { value: 'parts', name: 'parts' },
]
const stageNames: readonly { value: ToolStages; name: string }[] = [
  { value: 'total', name: 'all stages' },
  { value: 'stage1', name: 'stage 1' },
  { value: 'stage2', name: 'stage 2' },
  { value: 'stage3', name: 'stage 3' },
]

interface ChartsProps {
  run: Measured
  other: Measured | null
  /** Name of the run that is laid over. */
  otherName: string | null
  onOpen: (step: number) => void
}

/** Steps that the strong lines are means over. */
const windows = [1, 5, 20] as const

export function Charts({ run, other, otherName, onOpen }: ChartsProps) {
  const [detail, setDetail] = useState<RewardDetail>('terms')
  const [stages, setStages] = useState<ToolStages>('total')
  const [window, setWindow] = useState<number>(5)
  const groups = useMemo(() => chartGroups(detail, stages), [detail, stages])
  const axis = axisOf(other ? [run, other] : [run])
  const controls = ({ id }: ChartSpec) => {
    if (id === 'components') return <Select label="Detail of the reward" value={detail} choices={detailNames} onChange={setDetail} />
    if (id === 'tools') return <Select label="Stages" value={stages} choices={stageNames} onChange={setStages} />
    return undefined
  }
  return (
    <AxisProvider axis={axis} newest={run.steps.at(-1)?.step ?? axis[1]} onOpen={onOpen}>
      <section className="charts" aria-label="Charts">
        <CursorBar windows={windows} window={window} onWindow={setWindow} otherName={otherName} />
        {groups.map(({ title, charts }) => (
          <section key={title} className="chart-group" aria-label={title}>
            <h3>{title}</h3>
            <div className="chart-grid">
              {charts.map((spec) => (
                <ChartFrame key={spec.id} spec={spec} run={run} other={other} window={window} controls={controls(spec)} />
              ))}
            </div>
          </section>
        ))}
      </section>
    </AxisProvider>
  )
}
