// From the metrics of a run to the points of a chart: smoothed, few enough to draw at once, two runs on one axis. Pure.
import { largestOf, smallestOf } from '../../../core/extremes.ts'

/** A number, a range from low to high, or nothing to draw. */
export type Cell = number | [low: number, high: number] | null

/** One place on the x axis with what every series has there, by the series' id. */
export interface Row {
  step: number
  cells: Record<string, Cell>
}

/** Points of a line at most: about one for two pixels. */
const maxPoints = 160

/** A number that can be drawn, or none. */
export const finite = (value: number | null) => (value !== null && Number.isFinite(value) ? value : null)

function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length
}

/** Each value becomes the mean of itself and the `window` − 1 before it; gaps are left out. */
export function smoothed(values: readonly (number | null)[], window: number): (number | null)[] {
  return values.map((value, i) => (value === null ? null : meanOf(values.slice(Math.max(0, i - window + 1), i + 1))))
}

/** Cuts n items into at most `limit` runs of all but equal length. */
export function bins(n: number, limit: number): [from: number, to: number][] {
  const count = Math.min(n, limit)
  return Array.from({ length: count }, (_, i) => [Math.floor((i * n) / count), Math.floor(((i + 1) * n) / count)])
}

export interface Series<T> {
  id: string
  value: (item: T) => number | null
  /** It is drawn smoothed, over what was measured. */
  smooth: boolean
}

/** A range that is drawn as an area. */
export interface Band<T> {
  id: string
  range: (item: T) => [low: number, high: number] | null
}

/** What was measured, beside the smoothed line of the same series. */
export const rawOf = (id: string) => `${id}:raw`

function binRange(ranges: readonly ([number, number] | null)[]): [number, number] | null {
  const low = meanOf(ranges.map((range) => finite(range?.[0] ?? null)))
  const high = meanOf(ranges.map((range) => finite(range?.[1] ?? null)))
  return low === null || high === null ? null : [low, high]
}

/**
 * Rows of a chart: one a step, or one a bin of steps when there are more than `limit`. A bin's value is the mean of its
 * smoothed values; what was measured in it is the range of its values, so that no spike is lost.
 */
export function rowsOf<T extends { step: number }>(items: readonly T[], series: readonly Series<T>[], bands: readonly Band<T>[], window: number, limit = maxPoints): Row[] {
  const columns = series.map(({ id, value, smooth }) => {
    const measured = items.map((item) => finite(value(item)))
    return { id, smooth, measured, line: smooth && window > 1 ? smoothed(measured, window) : measured }
  })
  return bins(items.length, limit).map(([from, to]) => {
    const cells: Record<string, Cell> = {}
    for (const { id, smooth, measured, line } of columns) {
      cells[id] = meanOf(line.slice(from, to))
      const known = measured.slice(from, to).filter((value) => value !== null)
      if (smooth && known.length > 0) cells[rawOf(id)] = to - from === 1 ? (known[0] ?? null) : [smallestOf(known), largestOf(known)]
    }
    for (const { id, range } of bands) cells[id] = binRange(items.slice(from, to).map(range))
    return { step: Math.round(meanOf(items.slice(from, to).map(({ step }) => step)) ?? 0), cells }
  })
}

/** Rows of several tables on one axis; rows of the same step become one. */
export function joined(...tables: readonly (readonly Row[])[]): Row[] {
  const byStep = new Map<number, Row>()
  for (const { step, cells } of tables.flat()) byStep.set(step, { step, cells: { ...byStep.get(step)?.cells, ...cells } })
  return [...byStep.values()].sort((a, b) => a.step - b.step)
}

/** The same rows under other ids. */
export function renamed(rows: readonly Row[], name: (id: string) => string): Row[] {
  return rows.map(({ step, cells }) => ({ step, cells: Object.fromEntries(Object.entries(cells).map(([id, cell]) => [name(id), cell])) }))
}

/** The value of a sorted list below which a share of it lies, between neighbours by proportion. NaN of nothing. */
export function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share
  const low = sorted[Math.floor(place)] ?? NaN
  const high = sorted[Math.ceil(place)] ?? NaN
  return low + (high - low) * (place - Math.floor(place))
}

/** The item at a step, else the one nearest to it. */
export function nearest<T extends { step: number }>(items: readonly T[], step: number): T | null {
  return items.reduce<T | null>((best, item) => (best === null || Math.abs(item.step - step) < Math.abs(best.step - step) ? item : best), null)
}
