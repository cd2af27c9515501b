// How those who are compared answered the questions of a data set, by their words: all of it, and by category. Pure.
import { isDataSource, isQuestion } from '../../../core/environments/question/task.ts'
import { measureAnswers, type MeasuredAnswers } from '../../../core/evaluation/answer-measures.ts'
import type { Trajectory } from '../../../core/record/trajectory.ts'
import type { Estimated } from './rows.ts'

export const answerMeasureNames = ['f1', 'bleu_1', 'exact_match'] as const satisfies readonly (keyof MeasuredAnswers)[]
export type AnswerMeasureName = (typeof answerMeasureNames)[number]

export interface AnswerGroup {
  /** Of the data set's own; null: all of them. */
  category: string | null
  /** Of each participant; null where none of its episodes counts. */
  estimates: Record<AnswerMeasureName, (Estimated | null)[]>
}

/** Of tasks that are made here the judge of the reward says all. */
const ofDataSet = ({ task }: Trajectory) => isQuestion(task) && isDataSource(task.source) && task.source !== 'own'

const estimated = ({ mean, low, high, n }: MeasuredAnswers['f1']): Estimated => ({ mean, low, high, alone: n < 2 && low === high })

/** @param trajectories of each participant. All first, then category by category where there are several; empty: no questions of a data set */
export function answerGroups(trajectories: readonly (readonly Trajectory[])[]): AnswerGroup[] {
  const measured = trajectories.map((each) => measureAnswers(each.filter(ofDataSet)))
  const categories = [...new Set(measured.flatMap((each) => (each ? Object.keys(each.by_kind) : [])))].sort()
  if (categories.length === 0) return []
  return [null, ...(categories.length > 1 ? categories : [])].map((category) => {
    const of = (name: AnswerMeasureName) =>
      measured.map((each) => {
        const found = category === null ? each?.all : each?.by_kind[category]
        return found ? estimated(found[name]) : null
      })
    return { category, estimates: { f1: of('f1'), bleu_1: of('bleu_1'), exact_match: of('exact_match') } }
  })
}
