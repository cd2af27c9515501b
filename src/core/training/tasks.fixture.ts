// Tasks of the invented world for tests of training: those of the preset quick, with changes. Only tests import it.
import type { TaskChoice } from '../environments/families.ts'
import { questionOptionsOf, type WorldOptions } from '../environments/question/training-tasks.ts'
import { trainPresets } from './config.ts'

export function quickWorld(changes: Partial<WorldOptions['difficulty']> = {}, curriculum: WorldOptions['curriculum'] = 'none'): WorldOptions {
  const options = questionOptionsOf(trainPresets.quick.tasks)
  if (options?.source !== 'world') throw new Error('The preset quick trains in the invented world.')
  return { ...options, difficulty: { ...options.difficulty, ...changes }, curriculum }
}

export const quickTasks = (...changes: Parameters<typeof quickWorld>): TaskChoice => ({ family: 'question', options: quickWorld(...changes) })
