// The families of tasks, one folder each: a new one is its folder and its line here.
import { question } from './question/family.ts'
import type { Task } from './question/task.ts'

export const families = { question }

export type FamilyName = keyof typeof families

export function familyOf(_: Task) {
  return families.question
}
