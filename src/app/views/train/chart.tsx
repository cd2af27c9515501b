// One chart: its title, what can be chosen of it, the values under the cursor, its lines or its numbers as a table; alone and
// large in a dialog.
import { ChartSpline, Maximize2, Table2 } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { useMemo, useRef, useState } from 'react'
import { t } from '../../locales/index.ts'
import { Button } from '../../ui/button.tsx'
import { Select } from '../../ui/select.tsx'
import { Hint, Term } from '../../ui/term.tsx'
import { ChartMenu } from './chart-menu.tsx'
import { chartRows, type Measured, type OverRun } from './chart-rows.ts'
import { ChartTable } from './chart-table.tsx'
import { summaryWords } from './chart-words.ts'
import { chartTitle, choiceName, type ChartSpec } from './charts/spec.ts'
import { useAxis } from './cursor.tsx'
import { Multiples } from './multiples.tsx'
import { PlotArea } from './plot-area.tsx'
import { plotInset } from './plot-inset.ts'
import { Readouts } from './readouts.tsx'

export interface ChartData {
  run: Measured
  others: readonly OverRun[]
  /** Runs of the same plan: their least and most lie behind. */
  recorded: readonly Measured[]
  /** Of the smoothing. */
  weight: number
}

interface ChartProps {
  id: string
  spec: ChartSpec
  data: ChartData
}

interface BodyProps extends ChartProps {
  /** Fills what there is. */
  large?: boolean
  onEnlarge?: () => void
}

function ChartBody({ id, spec, data, large = false, onEnlarge }: BodyProps) {
  const { mode, range } = useAxis()
  const figure = useRef<HTMLElement>(null)
  const choices = spec.choices ?? []
  const [choice, setChoice] = useState(choices[0] ?? '')
  const [lit, setLit] = useState<string | null>(null)
  const [table, setTable] = useState(false)
  const [log, setLog] = useState(false)
  const { run, others, recorded, weight } = data
  const lines = useMemo(() => spec.lines(choice), [spec, choice])
  const rows = useMemo(() => chartRows({ lines, bands: spec.bands, run, others, recorded, weight, mode, range }), [lines, spec, run, others, recorded, weight, mode, range])
  const words = t().charts
  const title = chartTitle(id)
  const common = { lines, unit: spec.unit, run, others, weight }
  return (
    <figure className="chart" data-large={large} data-multiples={spec.multiples === true && !table} ref={figure} aria-label={title}>
      <figcaption>
        <h4>
          <Term name={spec.term} plain>
            {title}
          </Term>
        </h4>
        <span className="chart-name wrote">{spec.name}</span>
        {choices.length > 0 && <Select label={words.choiceOf(title)} value={choice} choices={choices.map((value) => ({ value, name: choiceName(value) }))} onChange={setChoice} />}
        <Hint text={table ? words.showLines : words.showTable}>
          <Button look="bare" size="small" shape="icon" aria-pressed={table} aria-label={words.asTable(title)} onClick={() => { setTable(!table) }}>
            {table ? <ChartSpline aria-hidden /> : <Table2 aria-hidden />}
          </Button>
        </Hint>
        {onEnlarge && (
          <Hint text={words.enlargeHint}>
            <Button look="bare" size="small" shape="icon" aria-label={words.enlarge(title)} onClick={onEnlarge}>
              <Maximize2 aria-hidden />
            </Button>
          </Hint>
        )}
        <ChartMenu id={id} title={title} lines={lines} runs={[{ key: '', name: words.thisRun, color: '', ...run }, ...others]} figure={figure} log={log} onLog={setLog} />
      </figcaption>
      {table ? (
        <ChartTable title={title} unit={spec.unit} lines={lines} run={run} />
      ) : spec.multiples ? (
        <Multiples {...common} ends={spec.ends} rows={rows} log={log} large={large} recorded={recorded.length > 0 && mode === 'step'} />
      ) : (
        <>
          <Readouts {...common} recorded={recorded.length > 0 && mode === 'step'} onLight={setLit} />
          <PlotArea {...common} bands={spec.bands} ends={spec.ends} rows={rows} log={log} lit={lit} pale={weight > 0} inset={plotInset} ticks={large ? largeTicks : undefined} label={summaryWords(title, spec, lines, run)} />
        </>
      )}
    </figure>
  )
}

const largeTicks = [10, 8] as const

export function Chart(props: ChartProps) {
  const [large, setLarge] = useState(false)
  return (
    <>
      <ChartBody {...props} onEnlarge={() => { setLarge(true) }} />
      <Dialog.Root open={large} onOpenChange={setLarge}>
        <Dialog.Portal>
          <Dialog.Overlay className="veil" />
          <Dialog.Content className="modal chart-dialog" aria-describedby={undefined}>
            <header>
              <Dialog.Title className="unseen">{chartTitle(props.id)}</Dialog.Title>
              <Dialog.Close asChild>
                <Button size="small">{t().charts.close}</Button>
              </Dialog.Close>
            </header>
            <ChartBody {...props} large />
          </Dialog.Content>
        </Dialog.Portal>
      </Dialog.Root>
    </>
  )
}
