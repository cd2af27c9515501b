// Rows as a table for people.
import type { Row } from './measure.ts'

const digits = (value: number | null, places: number) =>
  value === null ? '' : value.toLocaleString('en', { minimumFractionDigits: places, maximumFractionDigits: places })
const percent = (value: number | null) => (value === null ? '' : `${digits(100 * value, 0)} %`)

const columns: readonly { title: string; text: (row: Row) => string }[] = [
  { title: 'lane', text: (row) => row.lane },
  { title: 'job', text: (row) => row.job },
  { title: 'ms', text: ({ milliseconds }) => digits(milliseconds?.median ?? null, 1) },
  { title: 'fastest–slowest', text: ({ milliseconds }) => (milliseconds ? `${digits(milliseconds.fastest, 0)}–${digits(milliseconds.slowest, 0)}` : '') },
  { title: 'tokens/s', text: (row) => digits(row.tokens_per_second, 0) },
  { title: 'GFLOPS', text: (row) => digits(row.gflops, 1) },
  { title: 'of MatMul', text: (row) => percent(row.of_matmul) },
  { title: 'outside runs', text: (row) => percent(row.outside_runs) },
  { title: 'graph ms', text: (row) => digits(row.graph_ms, 0) },
  { title: 'session ms', text: (row) => digits(row.session_ms, 0) },
  { title: '× the first', text: (row) => digits(row.times_the_first, 2) },
]

/** A table of one group; columns that are empty throughout are left out. */
export function table(rows: readonly Row[]): string {
  const done = rows.filter(({ problem }) => problem === null)
  const used = columns.map((column) => ({ ...column, cells: done.map(column.text) })).filter(({ cells }) => cells.some((cell) => cell !== ''))
  const widths = used.map(({ title, cells }) => Math.max(title.length, ...cells.map((cell) => cell.length)))
  const line = (cells: readonly string[]) => cells.map((cell, i) => (i < 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ').trimEnd()
  const lines = done.length === 0 ? [] : [line(used.map(({ title }) => title)), ...done.map((_, i) => line(used.map(({ cells }) => cells[i] ?? '')))]
  const problems = rows.flatMap(({ lane, job, problem }) => (problem === null ? [] : [`${lane}, ${job}: ${problem.split('\n')[0] ?? ''}`]))
  return [...lines, ...problems].join('\n')
}
