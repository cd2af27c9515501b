// From the metrics of a run to the points of a chart: smoothed, few enough to draw at once, several runs on one axis. Pure.
import { largestOf, smallestOf } from '../../../core/extremes.ts'

/** A number, a range from low to high, or nothing to draw. */
export type Cell = number | [low: number, high: number] | null

/** One place on the x axis with what every series has there, by the series' id. */
export interface Row {
  x: number
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

/**
 * The exponential moving average: each value weighs 1 − weight, what was before it the rest. Divided by the sum of its
 * weights, so that it does not begin at 0; gaps are left out.
 * @param weight from 0, which changes nothing, to below 1
 */
export function smoothed(values: readonly (number | null)[], weight: number): (number | null)[] {
  let average = 0
  let weights = 0
  return values.map((value) => {
    if (value === null) return null
    average = weight * average + (1 - weight) * value
    weights = weight * weights + (1 - weight)
    return average / weights
  })
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

interface RowsParts<T> {
  items: readonly T[]
  /** Where an item stands on the axis; grows from item to item. */
  xOf: (item: T) => number
  series: readonly Series<T>[]
  bands?: readonly Band<T>[]
  /** Of the smoothing. */
  weight: number
  /** What of the axis is on show; left out: all. */
  range?: readonly [from: number, to: number] | null
  limit?: number
}

/** Places of the items on show, with a neighbour on each side, so that lines go on to the edge. */
function shownOf(places: readonly number[], range: readonly [number, number] | null): [from: number, to: number] {
  if (!range) return [0, places.length]
  const first = places.findIndex((x) => x >= range[0])
  const last = places.findLastIndex((x) => x <= range[1])
  return [Math.max(0, (first < 0 ? places.length : first) - 1), Math.min(places.length, last + 2)]
}

/**
 * Rows of a chart: one an item, or one a bin of items when more than `limit` are on show. A bin's value is the mean of its
 * smoothed values; what was measured in it is the range of its values, so that no spike is lost.
 */
export function rowsOf<T>({ items, xOf, series, bands = [], weight, range = null, limit = maxPoints }: RowsParts<T>): Row[] {
  const places = items.map(xOf)
  const columns = series.map(({ id, value, smooth }) => {
    const measured = items.map((item) => finite(value(item)))
    return { id, smooth, measured, line: smooth && weight > 0 ? smoothed(measured, weight) : measured }
  })
  const [start, end] = shownOf(places, range)
  return bins(end - start, limit).map(([left, right]) => {
    const [from, to] = [start + left, start + right]
    const cells: Record<string, Cell> = {}
    for (const { id, smooth, measured, line } of columns) {
      cells[id] = meanOf(line.slice(from, to))
      const known = measured.slice(from, to).filter((value) => value !== null)
      if (smooth && known.length > 0) cells[rawOf(id)] = to - from === 1 ? (known[0] ?? null) : [smallestOf(known), largestOf(known)]
    }
    for (const { id, range: rangeOf } of bands) cells[id] = binRange(items.slice(from, to).map(rangeOf))
    return { x: meanOf(places.slice(from, to)) ?? 0, cells }
  })
}

/** Rows of several tables on one axis; rows of the same place become one. */
export function joined(...tables: readonly (readonly Row[])[]): Row[] {
  const byPlace = new Map<number, Row>()
  for (const { x, cells } of tables.flat()) byPlace.set(x, { x, cells: { ...byPlace.get(x)?.cells, ...cells } })
  return [...byPlace.values()].sort((a, b) => a.x - b.x)
}

/** The same rows under other ids. */
export function renamed(rows: readonly Row[], name: (id: string) => string): Row[] {
  return rows.map(({ x, cells }) => ({ x, cells: Object.fromEntries(Object.entries(cells).map(([id, cell]) => [name(id), cell])) }))
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
