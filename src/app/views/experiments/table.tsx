// An experiment's table: ours with intervals, the paper's beside it; each number opens its episodes.
import { Check, CircleHelp, X } from 'lucide-react'
import type { Experiment } from '../../../core/experiments/experiment.ts'
import { measureIn, type Agreement, type ExperimentTable, type TableCell, type TableColumn, type TableRow } from '../../../core/experiments/table.ts'
import { t } from '../../locales/index.ts'
import { IntervalMark } from './interval.tsx'
import { changeOf, numberOf, scaleOf } from './numbers.ts'

export interface ChosenCell {
  arm: string
  column: string
}

export function columnWords({ name }: TableColumn): string {
  const { data, measures } = t().experiments
  const words: Readonly<Record<string, string>> = { ...data, ...measures }
  return words[name] ?? name
}

const icons = { agrees: Check, disagrees: X, open: CircleHelp } as const

function Agrees({ agreement, model }: { agreement: Agreement; model: string }) {
  const Icon = icons[agreement]
  const words = t().experiments.table[agreement]
  return (
    <span className="experiment-agrees" data-agreement={agreement} title={`${model}: ${words}`}>
      <Icon aria-label={words} />
    </span>
  )
}

interface CellProps {
  row: TableRow
  column: TableColumn
  cell: TableCell
  scale: readonly [number, number]
  against: string
  chosen: boolean
  onChoose: () => void
}

function Cell({ row, column, cell, scale, against, chosen, onChoose }: CellProps) {
  const words = t().experiments.table
  const measure = measureIn(column)
  const show = (value: number) => numberOf(value, measure)
  const { ours, difference, paper, seeds } = cell
  const label = `${row.arm.label}, ${columnWords(column)}`
  return (
    <td data-chosen={chosen}>
      {ours && (
        <button type="button" className="experiment-number" aria-label={`${label}: ${show(ours.mean)}. ${words.episodes(ours.n)}`} aria-pressed={chosen} title={[words.interval(show(ours.low), show(ours.high)), ...(seeds.length > 1 ? [words.seeds(seeds.map(({ mean }) => show(mean)))] : []), words.episodes(ours.n)].join('\n')} onClick={onChoose}>
          <span className="number">{show(ours.mean)}</span> <span className="quiet experiment-interval">{`${show(ours.low)}…${show(ours.high)}`}</span>
        </button>
      )}
      {(ours || paper.length > 0) && <IntervalMark cell={cell} scale={scale} />}
      {difference && (
        <span className="experiment-difference" data-apart={difference.low > 0 || difference.high < 0} title={words.difference(changeOf(difference.mean, measure), changeOf(difference.low, measure), changeOf(difference.high, measure), against)}>
          {words.against(changeOf(difference.mean, measure), against)}
        </span>
      )}
      {paper.map(({ model, value, agreement }) => (
        <span key={model} className="experiment-theirs" data-model={model}>
          <span className="experiment-diamond" aria-hidden /> {words.paperOf(model, show(value))} {agreement && ours && <Agrees agreement={agreement} model={model} />}
        </span>
      ))}
      {!ours && paper.length === 0 && <span className="quiet">–</span>}
    </td>
  )
}

interface Props {
  experiment: Experiment
  table: ExperimentTable
  label: string
  chosen: ChosenCell | null
  onChoose: (cell: ChosenCell | null) => void
}

/** Arms below each other; side by side where there are more columns than arms. */
export function ResultTable({ experiment, table: { columns, rows }, label, chosen, onChoose }: Props) {
  const words = t().experiments
  const shown = rows.filter(({ cells }) => cells.some(({ ours, paper }) => ours !== null || paper.length > 0))
  const against = experiment.arms.find(({ name }) => name === experiment.against)?.label ?? experiment.against
  const scales = columns.map((_, i) => scaleOf(shown.flatMap(({ cells }) => cells[i] ?? [])))
  const field = (row: TableRow, i: number) => {
    const [column, cell] = [columns[i], row.cells[i]]
    if (!column || !cell) return null
    const is = chosen?.arm === row.arm.name && chosen.column === column.name
    return <Cell key={`${row.arm.name} ${column.name}`} row={row} column={column} cell={cell} scale={scales[i] ?? [0, 1]} against={against} chosen={is} onChoose={() => { onChoose(is ? null : { arm: row.arm.name, column: column.name }) }} />
  }
  const turned = columns.length > shown.length + 1
  return (
    <div className="experiment-scroll" role="region" aria-label={label} tabIndex={0}>
      <table className="experiment-table">
        <thead>
          <tr>
            <th scope="col">{turned ? <span className="unseen">{words.arms}</span> : words.arms}</th>
            {turned ? shown.map(({ arm }) => <th key={arm.name} scope="col">{arm.label}</th>) : columns.map((column) => <th key={column.name} scope="col">{columnWords(column)}</th>)}
          </tr>
        </thead>
        <tbody>
          {turned
            ? columns.map((column, i) => (
                <tr key={column.name}>
                  <th scope="row">{columnWords(column)}</th>
                  {shown.map((row) => field(row, i))}
                </tr>
              ))
            : shown.map((row) => (
                <tr key={row.arm.name}>
                  <th scope="row">{row.arm.label}</th>
                  {columns.map((_, i) => field(row, i))}
                </tr>
              ))}
        </tbody>
      </table>
    </div>
  )
}
