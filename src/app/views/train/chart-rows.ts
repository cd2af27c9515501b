// The rows of one chart: a run's lines and bands, its held-out evaluations, other runs over it, and what runs of the same
// plan had. Pure.
import { largestOf, smallestOf } from '../../../core/extremes.ts'
import type { EvaluationMetrics, StepMetrics } from '../../../core/training/metrics.ts'
import type { XMode } from './axis.ts'
import type { BandSpec, LineSpec } from './charts/spec.ts'
import { finite, joined, renamed, rowsOf, smoothed, type Cell, type Row } from './series.ts'

export interface Measured {
  steps: readonly StepMetrics[]
  evaluations: readonly EvaluationMetrics[]
}

/** A run that is drawn over the one on show. */
export interface OverRun extends Measured {
  key: string
  name: string
  /** A CSS colour: what tells runs apart. */
  color: string
}

export const heldOf = (id: string) => `${id}:held`
/** Whiskers: how far the interval goes below and above. */
export const whiskersOf = (id: string) => `${id}:whiskers`
/** The same quantity of a run that is drawn over. */
export const otherOf = (run: string, id: string) => `${run}/${id}`
/** What recorded runs of the same plan had. */
export const recordedOf = (id: string) => `${id}:recorded`

/** Where steps and evaluations of a run stand on the x axis: at their number, or at the seconds that had gone by. */
export interface Places {
  step: (step: number) => number
  evaluation: (step: number) => number
}

export function placesOf({ steps, evaluations }: Measured, mode: XMode): Places {
  if (mode === 'step') return { step: (step) => step, evaluation: (step) => step }
  const atStep = new Map<number, number>()
  const atEvaluation = new Map<number, number>()
  let seconds = 0
  let next = 0
  const test = (before: number) => {
    for (let each = evaluations[next]; each && each.step < before; each = evaluations[++next]) {
      seconds += each.seconds
      atEvaluation.set(each.step, seconds)
    }
  }
  for (const { step, seconds: took } of steps) {
    test(step)
    seconds += took.total
    atStep.set(step, seconds)
  }
  test(Infinity)
  return { step: (step) => atStep.get(step) ?? 0, evaluation: (step) => atEvaluation.get(step) ?? 0 }
}

function heldRows(lines: readonly LineSpec[], evaluations: readonly EvaluationMetrics[], places: Places): Row[] {
  return evaluations.map((evaluation) => {
    const cells: Record<string, Cell> = {}
    for (const { id, held } of lines) {
      const found = held?.(evaluation)
      if (!found || !Number.isFinite(found.value)) continue
      cells[heldOf(id)] = found.value
      cells[whiskersOf(id)] = [Math.max(0, found.value - found.low), Math.max(0, found.high - found.value)]
    }
    return { x: places.evaluation(evaluation.step), cells }
  })
}

/** Steps around one that the band of recorded runs is taken over. */
const reach = 2

/** The least and the most that recorded runs measured around each step, of those that have one there. */
export function recordedRows(lines: readonly LineSpec[], recorded: readonly Measured[]): Row[] {
  const of = lines.filter((line) => line.recorded)
  const steps = [...new Set(recorded.flatMap((run) => run.steps.map(({ step }) => step)))].sort((a, b) => a - b)
  if (of.length === 0) return []
  return steps.map((step) => {
    const near = recorded.flatMap((run) => run.steps.filter((each) => Math.abs(each.step - step) <= reach))
    const cells: Record<string, Cell> = {}
    for (const { id, value } of of) {
      const known = near.flatMap((each) => finite(value(each)) ?? [])
      if (known.length > 0) cells[recordedOf(id)] = [smallestOf(known), largestOf(known)]
    }
    return { x: step, cells }
  })
}

export interface ChartParts {
  lines: readonly LineSpec[]
  bands?: readonly BandSpec[]
  run: Measured
  others?: readonly OverRun[]
  recorded?: readonly Measured[]
  /** Of the smoothing, from 0 to below 1. */
  weight: number
  mode: XMode
  /** What of the x axis is on show; null: all. */
  range?: readonly [from: number, to: number] | null
}

export function chartRows({ lines, bands = [], run, others = [], recorded = [], weight, mode, range = null }: ChartParts): Row[] {
  const rowsOfRun = (of: Measured, withBands: readonly BandSpec[]) => {
    const places = placesOf(of, mode)
    const drawn = rowsOf({ items: of.steps, xOf: ({ step }) => places.step(step), series: lines, bands: withBands, weight, range })
    return joined(drawn, heldRows(lines, of.evaluations, places).filter(({ x }) => !range || (x >= range[0] && x <= range[1])))
  }
  const over = others.map((other) => renamed(rowsOfRun(other, []), (id) => otherOf(other.key, id)))
  const behind = mode === 'step' ? recordedRows(lines, recorded).filter(({ x }) => !range || (x >= range[0] && x <= range[1])) : []
  return joined(behind, rowsOfRun(run, bands), ...over)
}

/** First and last place on the shared axis. */
export function axisOf(runs: readonly Measured[], mode: XMode): [first: number, last: number] {
  const ends = runs.flatMap((run) => {
    const places = placesOf(run, mode)
    return [...run.steps.map(({ step }) => places.step(step)), ...run.evaluations.map(({ step }) => places.evaluation(step))]
  })
  const first = mode === 'time' ? 0 : smallestOf(ends, 1)
  return [first, Math.max(largestOf(ends, 1), first + 1)]
}

/** Every number of the rows that a chart must hold: lines, bands, whiskers. */
export function extentOf(rows: readonly Row[]): number[] {
  return rows.flatMap(({ cells }) =>
    Object.entries(cells).flatMap(([id, cell]) => {
      if (cell === null) return []
      if (!id.endsWith(':whiskers')) return cell
      const middle = cells[id.replace(/whiskers$/, 'held')]
      return typeof middle === 'number' && Array.isArray(cell) ? [middle - cell[0], middle + cell[1]] : []
    }),
  )
}

/** The newest step of a run that is not after a place; its first where there is none; null without steps. */
export function stepAt({ steps }: Measured, places: Places, x: number): number | null {
  return (steps.findLast(({ step }) => places.step(step) <= x + 1e-9) ?? steps[0])?.step ?? null
}

/**
 * What a line has at a place: at the newest step up to it, at the first where there is none before; null where that step
 * measured nothing. A smoothed line has what is drawn.
 */
export function readoutOf({ value, smooth, measured = false }: LineSpec, { steps }: Measured, step: number, weight: number): number | null {
  const at = Math.max(0, steps.findLastIndex((each) => each.step <= step))
  if (!smooth || measured || weight === 0) {
    const found = steps[at]
    return found ? finite(value(found)) : null
  }
  return smoothed(steps.slice(0, at + 1).map((each) => finite(value(each))), weight).at(-1) ?? null
}

/** The newest evaluation up to a place; the first one where there is none before. */
export function evaluationAt({ evaluations }: Measured, step: number): EvaluationMetrics | null {
  return evaluations.findLast((each) => each.step <= step) ?? evaluations[0] ?? null
}
