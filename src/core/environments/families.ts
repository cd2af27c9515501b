// The families of tasks, one folder each: a new one is its folder and its line here.
import { z } from 'zod'
import type { AnyTask } from '../record/task.ts'
import type { Family } from './family.ts'
import { question } from './question/family.ts'

export const families: Readonly<Record<string, Family>> = { question }

export const familyNames = Object.keys(families)

/** The family of a task; one that names none is a question. @throws RangeError naming those that there are */
export function familyOf({ family = 'question' }: AnyTask): Family {
  return familyNamed(family)
}

/** @throws RangeError naming those that there are */
export function familyNamed(name: string): Family {
  const found = Object.hasOwn(families, name) ? families[name] : undefined
  if (!found) throw new RangeError(`There is no family of tasks ${name}. The families are ${Object.keys(families).join(', ')}.`)
  return found
}

/** Configurations of earlier releases knew the world alone. */
const before = z.looseObject({ source: z.literal('world'), family: z.undefined().optional() })

/** A family, and which of its tasks in its own options; reads what earlier releases wrote, too. */
export const taskChoiceSchema = z.preprocess(
  (given) => (before.safeParse(given).success ? { family: 'question', options: given } : given),
  z.union(Object.entries(families).map(([name, { options }]) => z.object({ family: z.literal(name), options }))),
)
export type TaskChoice = z.infer<typeof taskChoiceSchema>
