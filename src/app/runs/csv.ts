// Metrics as a table for spreadsheets and pandas: one row a step, one column a quantity. Pure.
import { warningWords } from '../../core/training/health-words.ts'
import type { EvaluationMetrics, StepMetrics } from '../../core/training/metrics.ts'

export type Value = string | number | boolean | null

/** Nested objects become columns with a slash between; lists are left out, but for warnings. */
function flat(value: unknown, path: string, into: Map<string, Value>): void {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') into.set(path, value)
  else if (Array.isArray(value)) {
    const numbers = value.filter((each) => typeof each === 'number')
    // An interval.
    if (numbers.length === 2 && value.length === 2) {
      into.set(`${path}/low`, numbers[0] ?? null)
      into.set(`${path}/high`, numbers[1] ?? null)
    }
  } else if (typeof value === 'object') for (const [name, each] of Object.entries(value)) flat(each, path === '' ? name : `${path}/${name}`, into)
}

/** RFC 4180: quotes where a comma, a quote or a line break is inside. */
function cell(value: Value | undefined): string {
  if (value === null || value === undefined) return ''
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** A table of rows that may lack columns; columns in the order in which they first come. */
export function csv(rows: readonly ReadonlyMap<string, Value>[]): string {
  const columns = [...new Set(rows.flatMap((row) => [...row.keys()]))]
  return [columns, ...rows.map((row) => columns.map((column) => row.get(column)))].map((line) => `${line.map(cell).join(',')}\n`).join('')
}

/** One row a step; names as in the record, "components/task", "tool_calls/total/Add_memory". */
export function metricsCsv(steps: readonly StepMetrics[]): string {
  return csv(
    steps.map(({ groups, warnings, ...rest }) => {
      const row = new Map<string, Value>()
      flat(rest, '', row)
      row.set('groups', groups.length)
      row.set('warnings', warnings.map((warning) => warningWords(warning)).join(' '))
      return row
    }),
  )
}

/** One row an evaluation on held-out tasks, intervals as low and high. */
export function evaluationsCsv(evaluations: readonly EvaluationMetrics[]): string {
  return csv(
    evaluations.map((evaluation) => {
      const row = new Map<string, Value>()
      flat(evaluation, '', row)
      return row
    }),
  )
}
