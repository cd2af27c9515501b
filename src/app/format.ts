// Numbers and dates as the page writes them: few digits, a real minus sign, units elsewhere.

const minus = '\u2212'

/** 0.82, −0.50: two decimals. */
export function decimal(value: number, digits = 2): string {
  const text = Math.abs(value).toFixed(digits)
  return value < 0 && Number(text) !== 0 ? minus + text : text
}

/** +0.74, −0.50, 0.00 */
export function signed(value: number, digits = 2): string {
  const text = decimal(value, digits)
  return Number(Math.abs(value).toFixed(digits)) !== 0 && value > 0 ? `+${text}` : text
}

/** 83 %, 0.4 %: a probability; small ones with a digit more. */
export function percent(share: number): string {
  const value = 100 * share
  return `${value === 0 || value >= 10 ? value.toFixed(0) : value >= 0.1 ? value.toFixed(1) : value.toExponential(0).replace('-', minus)} %`
}

/** A share in whole percent: 0.347 is 35 %. */
export const wholePercent = (share: number): string => `${Math.round(100 * share)} %`

const integers = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** 1,024 */
export function integer(value: number): string {
  return integers.format(value)
}

/** "3 facts", "1 fact", "no facts" */
export function count(value: number, one: string, many = `${one}s`): string {
  return value === 0 ? `no ${many}` : `${integer(value)} ${value === 1 ? one : many}`
}

const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** 879 MB, 2.5 GB: two or three digits, in powers of 1,024. */
export function size(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${value >= 10 || unit === 0 ? integer(value) : value.toFixed(1)} ${units[unit] ?? ''}`
}

const moments = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
const times = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' })

/** The time of day for today, else date and time. */
export function moment(ms: number, now: number): string {
  const sameDay = new Date(ms).toDateString() === new Date(now).toDateString()
  return (sameDay ? times : moments).format(ms)
}
