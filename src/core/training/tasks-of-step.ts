// Which tasks a step plays, and an evaluation: they follow from the configuration and the step's number alone. Knows no
// policy.
import { familyNamed } from '../environments/families.ts'
import type { DataSets, TaskRequest } from '../environments/family.ts'
import type { DrawnTask } from '../evaluation/rollouts.ts'
import type { TrainConfig } from './config.ts'

/** The part of the curriculum that a step is in. @param step from 1 */
export function lessonOfStep({ tasks: { family, options }, steps }: Pick<TrainConfig, 'tasks' | 'steps'>, step: number): string {
  return familyNamed(family).lesson(options, step / steps)
}

async function draw({ family, options }: TrainConfig['tasks'], request: TaskRequest, data: DataSets): Promise<DrawnTask[]> {
  const of = familyNamed(family)
  const tasks = await of.tasks(options, request, data)
  return tasks.map((task, i) => ({ task, source: of.origin(options, request, i) }))
}

/** The B tasks of a step, of the train split. @param step from 1. @throws what the family has to say against them */
export function tasksOfStep({ tasks, steps, seed, b }: Pick<TrainConfig, 'tasks' | 'steps' | 'seed' | 'b'>, step: number, data: DataSets): Promise<DrawnTask[]> {
  return draw(tasks, { seed, batch: step - 1, count: b, split: 'train', progress: step / steps }, data)
}

/** The held-out tasks of an evaluation: always the same ones, at full difficulty; fewer where there are not so many. */
export function evaluationTasks({ tasks, evaluation: { seed, tasks: count } }: Pick<TrainConfig, 'tasks' | 'evaluation'>, data: DataSets): Promise<DrawnTask[]> {
  return draw(tasks, { seed, batch: 0, count, split: 'held-out', progress: 1 }, data)
}
