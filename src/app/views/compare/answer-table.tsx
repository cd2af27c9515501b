// How papers on conversational memory score answers, by their words, for everybody who took part.
import { useMemo } from 'react'
import type { Trajectory } from '../../../core/record/trajectory.ts'
import { decimal, wholePercent } from '../../format.ts'
import { t } from '../../locales/index.ts'
import { answerGroups, answerMeasureNames, type AnswerMeasureName } from './answers.ts'
import { CompareTable } from './result-table.tsx'
import { points, type RowLook } from './rows.ts'

const look = (name: AnswerMeasureName): RowLook => {
  const shared = { id: name, title: () => t().compare.answers.measures[name], term: null, ends: [0, 1], better: 'more' } as const
  return name === 'exact_match' ? { ...shared, show: wholePercent, showChange: points } : { ...shared, show: (value) => decimal(value), showChange: (value) => decimal(value) }
}

export function AnswerTable({ policies }: { policies: readonly { name: string; trajectories: readonly Trajectory[] }[] }) {
  const groups = useMemo(() => answerGroups(policies.map(({ trajectories }) => trajectories)), [policies])
  if (groups.length === 0) return null
  const words = t().compare.answers
  return (
    <section className="compare-result" aria-label={words.label}>
      <h3>{words.title}</h3>
      <p className="quiet">{words.about}</p>
      <CompareTable
        names={policies.map(({ name }) => name)}
        groups={groups.map(({ category, estimates }) => ({
          id: category ?? '',
          title: category === null ? words.all : words.category(category),
          lines: answerMeasureNames.map((name) => ({ row: look(name), estimates: estimates[name] })),
        }))}
      />
    </section>
  )
}
