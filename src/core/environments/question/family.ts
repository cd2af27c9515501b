// Questions about what was told before: of the invented world, of HotpotQA and MuSiQue, and the written scenarios.
import type { Family } from '../family.ts'
import { scriptedEnvironment } from '../environment.ts'
import { questionObservations, questionPhases } from './environment.ts'
import { taskSchema, type Task } from './task.ts'

export const question: Family<Task> = {
  schema: taskSchema,
  phases: questionPhases,
  open: (task, settings) => scriptedEnvironment(questionObservations(task, settings)),
  heard: questionObservations,
}
