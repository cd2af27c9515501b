// What a language model's recorded verdicts say of an episode. A verdict that is there comes before the rule; without
// one, or where its words were none, the rule holds.
import { isQuestion } from '../environments/question/task.ts'
import type { RecordedVerdict, Trajectory } from '../record/trajectory.ts'
import type { Verdict } from '../environments/family.ts'
import { familyOf } from '../environments/families.ts'
import { ruleJudge } from '../environments/question/judge.ts'
import { memoryQuality } from './memory-quality.ts'

type Rubric = RecordedVerdict['rubric']

/** As it was recorded, readable or not; null: nobody was asked. */
export function verdictBy(trajectory: Pick<Trajectory, 'verdicts'>, rubric: Rubric): RecordedVerdict | null {
  return trajectory.verdicts?.find((each) => each.rubric === rubric) ?? null
}

/** The verdict that counts for the answer; null without an answer. */
export function verdictOn(trajectory: Pick<Trajectory, 'answer' | 'task' | 'verdicts' | 'steps'>): Verdict | null {
  const { answer, task, steps } = trajectory
  if (answer === null) return null
  const ruled = familyOf(task).judge(task, answer, steps)
  const recorded = verdictBy(trajectory, 'answer')
  return recorded === null || recorded.score === null ? ruled : { score: recorded.score, how: 'model', against: ruled.against, by: recorded.judge }
}

/** MQ as it counts; `value` is that of the rule. */
export function qualityOn(trajectory: Pick<Trajectory, 'verdicts'>, value: number): number {
  return verdictBy(trajectory, 'memories')?.score ?? value
}

/** What there is to ask a model: the expected words themselves, and no memories at all, need no opinion. */
export function openRubrics(trajectory: Trajectory): Rubric[] {
  const { answer, task } = trajectory
  const { entries, facts } = memoryQuality(trajectory)
  const open: Rubric[] = []
  if (answer !== null && answer.trim() !== '' && isQuestion(task) && ruleJudge.score(answer, task).how !== 'exact') open.push('answer')
  if (entries.length > 0 && facts.length > 0) open.push('memories')
  return open
}
