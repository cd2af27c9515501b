// The numbers of a chart as a table: one row a step of a run, as they were measured. Pure.
import { csv, type Value } from '../../runs/csv.ts'
import { placesOf, type OverRun } from './chart-rows.ts'
import type { LineSpec } from './charts/spec.ts'

/** With the seconds of training that had gone by, and what held-out tasks gave at that step; who made it, where an engine outside made one. */
export function chartCsv(lines: readonly LineSpec[], runs: readonly OverRun[]): string {
  const isForeign = runs.some(({ steps }) => steps.some(({ engine }) => engine !== undefined))
  const rows = runs.flatMap((run) => {
    const times = placesOf(run, 'time')
    const steps = [...new Set([...run.steps, ...run.evaluations].map(({ step }) => step))].sort((a, b) => a - b)
    return steps.map((step) => {
      const metrics = run.steps.find((each) => each.step === step)
      const test = run.evaluations.find((each) => each.step === step)
      const row = new Map<string, Value>([['run', run.name], ['step', step], ['seconds', Math.round(1000 * (metrics ? times.step(step) : times.evaluation(step))) / 1000]])
      if (isForeign) row.set('engine', metrics?.engine ?? null)
      for (const { id, value, held } of lines) {
        row.set(id, metrics ? value(metrics) : null)
        const found = test && held?.(test)
        if (!found) continue
        row.set(`${id}/held_out`, found.value)
        row.set(`${id}/held_out/low`, found.low)
        row.set(`${id}/held_out/high`, found.high)
      }
      return row
    })
  })
  return csv(rows)
}
