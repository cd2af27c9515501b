// The result of an experiment as its table: rows are arms, columns data or measures; beside each number of ours the paper's,
// where it has one, and whether both go the same way from the arm that all are held against.
import { createRandom } from '../random.ts'
import { averageDifference, averageOf, estimateOf, pairedDifference, type Interval } from './analysis.ts'
import { dataOf, isDataName, type DataName } from './data.ts'
import type { Arm, ColumnName, Experiment, PaperNumber } from './experiment.ts'
import { measureOf, type Measure, type MeasureName } from './measures.ts'
import type { ExperimentCell, ExperimentResult } from './result.ts'

export interface TableColumn {
  name: ColumnName
  label: string
  measure: MeasureName
  /** Whose episodes it is over. */
  data: readonly DataName[]
}

/**
 * agrees: ours and the paper's differ from the same arm in the same direction, ours by more than chance (the interval is apart
 * from 0). open: ours may be chance, or the paper's is none.
 */
export type Agreement = 'agrees' | 'disagrees' | 'open'

export interface PaperBeside {
  model: PaperNumber['model']
  value: number
  /** From the paper's own number of the arm that all are held against; null: it has none. */
  difference: number | null
  agreement: Agreement | null
}

export interface TableCell {
  /** null: nothing was played yet. */
  ours: Interval | null
  /** Means of each seed; of an average none. */
  seeds: { seed: number; mean: number }[]
  /** To the arm that all are held against; null in its own row, and where no tasks are shared. */
  difference: Interval | null
  paper: PaperBeside[]
  /** Of one arm, whose episodes it is made of, in order of data and seed. */
  cells: ExperimentCell[]
}

export interface TableRow {
  arm: Arm
  cells: TableCell[]
}

export interface ExperimentTable {
  columns: TableColumn[]
  rows: TableRow[]
}

export const measureIn = ({ measure }: TableColumn): Measure => measureOf(measure)

/** Columns: those of what is planned, and those that the paper alone has. */
export function columnsOf({ columns, measures, data, beside = [], paper }: Experiment, planned: readonly string[]): TableColumn[] {
  const [first] = measures
  if (first === undefined) return []
  const ofMeasure = (measure: MeasureName): TableColumn => ({ name: measure, label: measureOf(measure).label, measure, data: data.filter((each) => planned.includes(each)) })
  if (columns === 'measures') return measures.map(ofMeasure)
  const wanted = data.filter((each) => planned.includes(each) || paper.some(({ column }) => column === each))
  const each = wanted.map((name): TableColumn => ({ name, label: dataOf(name).label, measure: first, data: [name] }))
  return [...each, { name: 'average', label: 'Average', measure: first, data: wanted.filter((name) => planned.includes(name)) }, ...beside.map(ofMeasure)]
}

/** Nothing of it was measured where it was played: it has no occasion there, or is younger than the result. The paper has none either. */
function unmeasured({ name, measure, data }: TableColumn, cells: readonly ExperimentCell[], { paper }: Experiment): boolean {
  const of = cells.filter((cell) => data.some((each) => each === cell.data))
  return of.length > 0 && of.every(({ values }) => (values[measure] ?? []).every((value) => value === null)) && !paper.some(({ column }) => column === name)
}

/** A mean over some of the data is no mean over all of them. */
const whole = (cells: readonly (readonly ExperimentCell[])[]) => cells.length > 0 && cells.every(({ length }) => length > 0)

const apart = ({ low, high }: Interval) => low > 0 || high < 0

function besides(arm: Arm, column: TableColumn, { paper, against }: Experiment, difference: Interval | null): PaperBeside[] {
  const at = paper.filter((each) => each.column === column.name)
  return at.flatMap(({ model, arm: of, value }): PaperBeside[] => {
    if (of !== arm.name) return []
    const base = arm.name === against ? undefined : at.find((each) => each.arm === against && each.model === model)
    const moved = base === undefined ? null : value - base.value
    if (moved === null) return [{ model, value, difference: null, agreement: null }]
    const open = difference === null || !apart(difference) || moved === 0
    return [{ model, value, difference: moved, agreement: open ? 'open' : Math.sign(difference.mean) === Math.sign(moved) ? 'agrees' : 'disagrees' }]
  })
}

/** Deterministic: the bootstrap is seeded by the names of arm and column. */
export function tableOf(experiment: Experiment, result: Pick<ExperimentResult, 'cells' | 'plan'> | null): ExperimentTable {
  const all = result?.cells ?? []
  const planned = result?.plan.data.map(({ name }) => name).filter(isDataName) ?? experiment.data
  const columns = columnsOf(experiment, planned).filter((column) => !unmeasured(column, all, experiment))
  const of = (arm: string, data: DataName) => all.filter((cell) => cell.arm === arm && cell.data === data)
  const rows = experiment.arms.map((arm): TableRow => {
    const cells = columns.map((column): TableCell => {
      const random = createRandom(`${arm.name}/${column.name}`)
      const own = column.data.map((data) => of(arm.name, data))
      const base = column.data.map((data) => of(experiment.against, data))
      const single = column.name !== 'average'
      const estimate = single ? estimateOf(own.flat(), column.measure, random.fork('ours')) : null
      const ours = single ? estimate : whole(own) ? averageOf(own, column.measure, random.fork('ours')) : null
      const compared = random.fork('difference')
      const difference =
        arm.name === experiment.against ? null : single ? pairedDifference(base.flat(), own.flat(), column.measure, compared) : whole(own) && whole(base) ? averageDifference(base, own, column.measure, compared) : null
      return { ours, seeds: estimate?.seeds ?? [], difference, paper: besides(arm, column, experiment, difference), cells: own.flat() }
    })
    return { arm, cells }
  })
  return { columns, rows }
}
