// A comparison as a table for spreadsheets and pandas: one line a quantity and participant. Pure.
import type { Comparison } from '../../../core/evaluation/comparisons.ts'
import type { Trajectory } from '../../../core/record/trajectory.ts'
import { csv } from '../../runs/csv.ts'
import { answerGroups, answerMeasureNames } from './answers.ts'
import { compareGroups } from './rows.ts'

/** @param trajectories of each participant */
export function comparisonCsv({ participants, tasks, seed }: Comparison, trajectories: readonly (readonly Trajectory[])[]): string {
  const measured = compareGroups.flatMap(({ rows }) => rows.map(({ id, of }) => ({ quantity: id, estimates: participants.map(({ evaluation }) => of(evaluation)) })))
  const answers = answerGroups(trajectories).flatMap(({ category, estimates }) =>
    answerMeasureNames.map((name) => ({ quantity: category === null ? name : `${name}/${category}`, estimates: estimates[name] })),
  )
  const rows = [...measured, ...answers].flatMap(({ quantity, estimates }) =>
    participants.map(({ name, agent = 'agemem' }, who) => {
      const estimate = estimates[who]
      return new Map<string, string | number | null>([
        ['quantity', quantity],
        ['policy', name],
        ['agent', agent],
        ['mean', estimate?.mean ?? null],
        ['low', estimate?.low ?? null],
        ['high', estimate?.high ?? null],
        ['tasks', tasks],
        ['seed', seed],
      ])
    }),
  )
  return csv(rows)
}
