// Rows as a table for people.
import type { Row } from './measure.ts'
import { isDisturbed } from './timing.ts'

const digits = (value: number | null, places: number) =>
  value === null ? '' : value.toLocaleString('en', { minimumFractionDigits: places, maximumFractionDigits: places })
const percent = (value: number | null) => (value === null ? '' : `${digits(100 * value, 0)} %`)

/** Of the medians, and of the fastest times where these say something else. */
const both = (usual: string, fastest: string) => (usual === fastest ? usual : `${usual} (${fastest})`)

const columns: readonly { title: string; text: (row: Row) => string }[] = [
  { title: 'lane', text: (row) => row.lane },
  { title: 'job', text: (row) => row.job },
  { title: 'ms', text: ({ milliseconds }) => (milliseconds ? `${isDisturbed(milliseconds) ? '~' : ''}${digits(milliseconds.median, 1)}` : '') },
  { title: 'fastest–slowest', text: ({ milliseconds }) => (milliseconds ? `${digits(milliseconds.fastest, 0)}–${digits(milliseconds.slowest, 0)}` : '') },
  { title: 'tokens/s', text: (row) => digits(row.tokens_per_second, 0) },
  { title: 'GFLOPS', text: (row) => digits(row.gflops, 1) },
  { title: 'of MatMul', text: (row) => both(percent(row.of_matmul), percent(row.of_matmul_fastest)) },
  { title: 'outside runs', text: (row) => percent(row.outside_runs) },
  { title: 'graph ms', text: (row) => digits(row.graph_ms, 0) },
  { title: 'session ms', text: (row) => digits(row.session_ms, 0) },
  { title: '× the first', text: (row) => both(digits(row.times_the_first, 1), digits(row.times_the_first_fastest, 1)) },
]

/** A table of one group; columns that are empty throughout are left out. */
export function table(rows: readonly Row[]): string {
  const done = rows.filter(({ problem }) => problem === null)
  const used = columns.map((column) => ({ ...column, cells: done.map(column.text) })).filter(({ cells }) => cells.some((cell) => cell !== ''))
  const widths = used.map(({ title, cells }) => Math.max(title.length, ...cells.map((cell) => cell.length)))
  const line = (cells: readonly string[]) => cells.map((cell, i) => (i < 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ').trimEnd()
  const lines = done.length === 0 ? [] : [line(used.map(({ title }) => title)), ...done.map((_, i) => line(used.map(({ cells }) => cells[i] ?? '')))]
  const problems = rows.flatMap(({ lane, job, problem }) => (problem === null ? [] : [`${lane}, ${job}: ${problem.split('\n')[0] ?? ''}`]))
  const disturbed = done.some(({ milliseconds }) => milliseconds && isDisturbed(milliseconds))
  const note = disturbed ? ['~ The machine was busy with something else. In brackets: of the fastest times.'] : []
  return [...lines, ...note, ...problems].join('\n')
}

/** What it takes until everything of a group can run, in words. */
export function readiness(rows: readonly Row[]): string {
  const sum = (pick: (row: Row) => number | null) => digits(rows.reduce((total, row) => total + (pick(row) ?? 0), 0), 0)
  return `Ready after ${sum((row) => (row.graph_ms ?? 0) + (row.session_ms ?? 0))} ms: ${sum((row) => row.graph_ms)} ms to write the graphs, ${sum((row) => row.session_ms)} ms to create the sessions, the runtime's own start among them.`
}
