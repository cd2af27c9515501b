// The rows of one chart: a run's lines and bands, its held-out evaluations, and a second run laid over. Pure.
import { largestOf, smallestOf } from '../../../core/extremes.ts'
import type { EvaluationMetrics, StepMetrics } from '../../../core/training/metrics.ts'
import type { ChartSpec, LineSpec } from './chart-specs.ts'
import { finite, joined, renamed, rowsOf, smoothed, type Cell, type Row } from './series.ts'

export interface Measured {
  steps: readonly StepMetrics[]
  evaluations: readonly EvaluationMetrics[]
}

export const heldOf = (id: string) => `${id}:held`
/** Whiskers: how far the interval goes below and above. */
export const whiskersOf = (id: string) => `${id}:whiskers`
/** The same quantity of the run that is laid over. */
export const otherOf = (id: string) => `other:${id}`

function heldRows(lines: readonly LineSpec[], evaluations: readonly EvaluationMetrics[]): Row[] {
  return evaluations.map((evaluation) => {
    const cells: Record<string, Cell> = {}
    for (const { id, held } of lines) {
      const found = held?.(evaluation)
      if (!found || !Number.isFinite(found.value)) continue
      cells[heldOf(id)] = found.value
      cells[whiskersOf(id)] = [Math.max(0, found.value - found.low), Math.max(0, found.high - found.value)]
    }
    return { step: evaluation.step, cells }
  })
}

/** @param window steps that lines are smoothed over */
export function chartRows({ lines, bands = [] }: ChartSpec, run: Measured, other: Measured | null, window: number): Row[] {
  const own = joined(rowsOf(run.steps, lines, bands, window), heldRows(lines, run.evaluations))
  if (!other) return own
  return joined(own, renamed(joined(rowsOf(other.steps, lines, [], window), heldRows(lines, other.evaluations)), otherOf))
}

/** First and last place on the shared axis. */
export function axisOf(runs: readonly Measured[]): [first: number, last: number] {
  const places = runs.flatMap(({ steps, evaluations }) => [...steps, ...evaluations].map(({ step }) => step))
  const last = largestOf(places, 1)
  return [smallestOf(places, 1), Math.max(last, 2)]
}

/**
 * What a line has at a place: at the newest step up to it, at the first where there is none before; null where that step
 * measured nothing. A smoothed line has the mean of the `window` steps that end there, as it is drawn.
 */
export function readoutOf({ value, smooth, measured = false }: LineSpec, { steps }: Measured, step: number, window: number): number | null {
  const at = Math.max(0, steps.findLastIndex((each) => each.step <= step))
  const numbers = steps.slice(smooth && !measured ? Math.max(0, at - window + 1) : at, at + 1).map((each) => finite(value(each)))
  return smoothed(numbers, window).at(-1) ?? null
}

/** A number of a cell; null of ranges and gaps. */
export const numberOf = (cell: Cell | undefined): number | null => (typeof cell === 'number' ? cell : null)

/** The nearest row at or before a place that has this series; the first one after it where there is none before. */
export function rowAt(rows: readonly Row[], step: number, id: string): Row | null {
  const has = (row: Row) => numberOf(row.cells[id]) !== null
  return rows.findLast((row) => row.step <= step && has(row)) ?? rows.find(has) ?? null
}
