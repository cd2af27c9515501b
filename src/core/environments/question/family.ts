// Questions about what was told before: of the invented world, of HotpotQA and MuSiQue, and the written scenarios.
import { scriptedEnvironment } from '../environment.ts'
import { family } from '../family.ts'
import { questionObservations, questionPhases } from './environment.ts'
import { ruleJudge } from './judge.ts'
import { isQuestion, taskSchema } from './task.ts'
import { lessonOf, questionOptionsSchema, questionOrigin, questionTasks } from './training-tasks.ts'

export const question = family('question', {
  schema: taskSchema,
  is: isQuestion,
  options: questionOptionsSchema,
  phases: questionPhases,
  title: ({ query }) => query,
  expected: ({ answer }) => answer,
  open: (task, settings) => scriptedEnvironment(questionObservations(task, settings)),
  heard: questionObservations,
  judge: (task, answer) => ruleJudge.score(answer, task),
  tasks: questionTasks,
  origin: questionOrigin,
  lesson: lessonOf,
})
