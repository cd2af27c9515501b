// The families of tasks, one folder each: a new one is its folder and its line here.
import type { AnyTask } from '../record/task.ts'
import type { Family } from './family.ts'
import { question } from './question/family.ts'

export const families: Readonly<Record<string, Family>> = { question }

/** The family of a task; one that names none is a question. @throws RangeError naming those that there are */
export function familyOf({ family: name = 'question' }: AnyTask): Family {
  const found = Object.hasOwn(families, name) ? families[name] : undefined
  if (!found) throw new RangeError(`There is no family of tasks ${name}. The families are ${Object.keys(families).join(', ')}.`)
  return found
}
