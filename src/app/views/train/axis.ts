// Axes: round ticks that the data lie between, all of an axis in one notation. Pure.
import { largestOf, smallestOf } from '../../../core/extremes.ts'

/** What the numbers of a chart are. share: of 1, written in percent. */
export type Unit = 'share' | 'number' | 'signed' | 'seconds'

const minus = '\u2212'
const signs = (text: string) => text.replaceAll('-', minus)

/** The smallest of 1, 2 and 5 times a power of ten that is not below. */
export function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  const digit = [1, 2, 5, 10].find((each) => each * power >= value * (1 - 1e-9)) ?? 10
  return digit * power
}

const clean = (value: number, unit: number) => Number((Math.round(value / unit) * unit).toPrecision(12))

/** Round places from one that is not above `low` to one that is not below `high`, about `count` steps apart. */
export function niceTicks(low: number, high: number, count = 4): number[] {
  const span = high - low
  if (!(span > 0)) {
    // Nothing varies: the value stands in the middle.
    const reach = Math.abs(low) / 2
    return low === 0 ? niceTicks(0, 1, count) : niceTicks(low - reach, low + reach, count)
  }
  const unit = roundUp(span / count)
  const first = Math.floor(low / unit + 1e-9)
  const last = Math.ceil(high / unit - 1e-9)
  return Array.from({ length: last - first + 1 }, (_, i) => clean((first + i) * unit, unit))
}

/** Powers of ten from one that is not above `low` to one that is not below `high`; with 2 and 5 times them where they are few. */
export function logTicks(low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low) + 1e-9)
  const last = Math.max(first + 1, Math.ceil(Math.log10(high) - 1e-9))
  const decades = Array.from({ length: last - first + 1 }, (_, i) => Number(`1e${first + i}`))
  if (decades.length > 7) return decades.filter((_, i) => (decades.length - 1 - i) % Math.ceil(decades.length / 7) === 0)
  if (decades.length > 2) return decades
  const [from = 1] = decades
  return [1, 2, 5, 10].map((digit) => Number((digit * from).toPrecision(3)))
}

/** The y axis: its ticks, the first and last of which are its ends. */
export interface YAxis {
  ticks: number[]
  log: boolean
}

/**
 * The axis that holds all of these values. A chart without a value above zero cannot be logarithmic, and is not.
 * @param ends where it begins and how far it goes at least; null: the data decide
 */
export function yAxisOf(values: readonly number[], ends: readonly [low: number | null, high: number | null], log: boolean, count = 4): YAxis {
  const above = values.filter((value) => value > 0)
  if (log && above.length > 0) return { ticks: logTicks(smallestOf(above), largestOf(above)), log: true }
  const [least, most] = ends
  if (values.length === 0) return { ticks: niceTicks(least ?? 0, most ?? 1, count), log: false }
  const low = least ?? smallestOf(values)
  const high = Math.max(low, most ?? -Infinity, largestOf(values))
  return { ticks: niceTicks(low, high, count), log: false }
}

/** Digits after the point that tell ticks of this distance apart. */
const digitsOf = (unit: number) => Math.max(0, Math.min(9, -Math.floor(Math.log10(unit) + 1e-9)))

/** All labels of an axis in one notation: as many digits as their distance needs, powers of ten where they are very small or large. */
export function tickLabels(ticks: readonly number[], unit: Unit): string[] {
  const sizes = ticks.map((tick) => Math.abs(tick)).filter((size) => size > 0)
  if (sizes.length === 0) return ticks.map(() => '0')
  const scale = unit === 'share' ? 100 : 1
  const gaps = ticks.slice(1).map((tick, i) => Math.abs(tick - (ticks[i] ?? tick)) * scale)
  const gap = Math.min(smallestOf(gaps.filter((each) => each > 0)), largestOf(sizes) * scale)
  const most = largestOf(sizes) * scale
  const powers = unit !== 'share' && (most < 0.01 || most >= 1e6)
  const power = Math.floor(Math.log10(most) + 1e-9)
  return ticks.map((tick) => {
    const value = tick * scale
    if (powers) return value === 0 ? '0' : signs(`${(value / 10 ** power).toFixed(digitsOf(gap / 10 ** power))}e${power}`)
    const text = signs(value.toFixed(digitsOf(gap)))
    if (unit === 'share') return `${text} %`
    if (unit === 'seconds') return `${text} s`
    return unit === 'signed' && value > 0 ? `+${text}` : text
  })
}

/** On a logarithmic axis each label has the digits that it needs itself. */
export function logLabels(ticks: readonly number[], unit: Unit): string[] {
  const small = ticks.some((tick) => tick < 0.001 || tick >= 1e5)
  return ticks.map((tick) => {
    if (unit === 'share') return `${signs(String(Number((100 * tick).toPrecision(3))))} %`
    const text = small ? signs(tick.toExponential(0).replace('e+', 'e')) : String(tick)
    return unit === 'seconds' ? `${text} s` : text
  })
}

export const labelsOf = ({ ticks, log }: YAxis, unit: Unit): string[] => (log ? logLabels(ticks, unit) : tickLabels(ticks, unit))

/** A value beside a line: three digits, with its unit. */
export function valueWords(value: number, unit: Unit): string {
  const size = Math.abs(value)
  switch (unit) {
    case 'share':
      return `${signs(String(Number((100 * value).toFixed(size < 0.1 ? 1 : 0))))} %`
    case 'signed':
      return `${value > 0 && Number(value.toFixed(2)) !== 0 ? '+' : ''}${Number(value.toFixed(2)) === 0 ? '0.00' : signs(value.toFixed(2))}`
    case 'number':
    case 'seconds': {
      const text = value === 0 ? '0' : size < 0.001 ? value.toExponential(1) : String(Number(value.toPrecision(3)))
      return `${signs(text)}${unit === 'seconds' ? ' s' : ''}`
    }
  }
}

/** What stands on the x axis. */
export type XMode = 'step' | 'time'

/** About `count` round places between the ends, whole steps only, or round spans of time in seconds. */
export function xTicks(first: number, last: number, mode: XMode, count = 5): number[] {
  const rough = (last - first) / count
  const unit = mode === 'step' ? Math.max(1, roundUp(Math.max(1e-9, rough))) : ([1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600].find((each) => each >= rough) ?? 3600 * roundUp(rough / 3600))
  const from = Math.ceil(first / unit - 1e-9)
  return Array.from({ length: Math.max(0, Math.floor(last / unit + 1e-9) - from + 1) }, (_, i) => (from + i) * unit)
}

/** "12", "1:30", "1:05:00" */
export function xLabel(value: number, mode: XMode): string {
  if (mode === 'step') return String(value)
  const whole = Math.round(value)
  const two = (part: number) => String(part).padStart(2, '0')
  const minutes = Math.floor(whole / 60) % 60
  return whole < 3600 ? `${minutes}:${two(whole % 60)}` : `${Math.floor(whole / 3600)}:${two(minutes)}:${two(whole % 60)}`
}
