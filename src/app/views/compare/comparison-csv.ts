// A comparison as a table for spreadsheets and pandas: one line a quantity and participant. Pure.
import type { Comparison } from '../../../core/evaluation/comparisons.ts'
import { csv } from '../../runs/csv.ts'
import { compareGroups } from './rows.ts'

export function comparisonCsv({ participants, tasks, seed }: Comparison): string {
  const rows = compareGroups.flatMap(({ rows: lines }) =>
    lines.flatMap(({ id, of }) =>
      participants.map(({ name, agent = 'agemem', evaluation }) => {
        const estimate = of(evaluation)
        return new Map<string, string | number | null>([
          ['quantity', id],
          ['policy', name],
          ['agent', agent],
          ['mean', estimate?.mean ?? null],
          ['low', estimate?.low ?? null],
          ['high', estimate?.high ?? null],
          ['tasks', tasks],
          ['seed', seed],
        ])
      }),
    ),
  )
  return csv(rows)
}
