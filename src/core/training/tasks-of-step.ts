// Which tasks a step plays: they follow from the configuration and the step's number alone. Knows no policy.
import { familyNamed } from '../environments/families.ts'
import type { DataSets, TaskRequest } from '../environments/family.ts'
import type { TaskOrigin } from '../record/setup.ts'
import type { AnyTask } from '../record/task.ts'
import type { TrainConfig } from './config.ts'

type OfStep = Pick<TrainConfig, 'tasks' | 'steps' | 'seed' | 'b'>
type OfEvaluation = Pick<TrainConfig, 'tasks' | 'evaluation'>

const ofStep = ({ steps, seed, b }: OfStep, step: number): TaskRequest =>
  ({ seed, batch: step - 1, count: b, split: 'train', progress: step / steps })

const ofEvaluation = ({ evaluation: { seed, tasks: count } }: OfEvaluation): TaskRequest =>
  ({ seed, batch: 0, count, split: 'held-out', progress: 1 })

function originsOf({ family, options }: TrainConfig['tasks'], request: TaskRequest): TaskOrigin[] {
  return Array.from({ length: request.count }, (_, i) => familyNamed(family).origin(options, request, i))
}

/** The part of the curriculum that a step is in. @param step from 1 */
export function lessonOfStep({ tasks: { family, options }, steps }: Pick<TrainConfig, 'tasks' | 'steps'>, step: number): string {
  return familyNamed(family).lesson(options, step / steps)
}

/** The B tasks of a step, of the train split. @param step from 1. @throws what the family has to say against them */
export function tasksOfStep(config: OfStep, step: number, data: DataSets): Promise<AnyTask[]> {
  const { family, options } = config.tasks
  return familyNamed(family).tasks(options, ofStep(config, step), data)
}

/** Where each of them comes from. */
export const originsOfStep = (config: OfStep, step: number): TaskOrigin[] => originsOf(config.tasks, ofStep(config, step))

/** The held-out tasks of an evaluation: always the same ones, at full difficulty; fewer where there are not so many. */
export function evaluationTasks(config: OfEvaluation, data: DataSets): Promise<AnyTask[]> {
  const { family, options } = config.tasks
  return familyNamed(family).tasks(options, ofEvaluation(config), data)
}

/** Where each of them comes from. */
export const evaluationOrigins = (config: OfEvaluation): TaskOrigin[] => originsOf(config.tasks, ofEvaluation(config))
