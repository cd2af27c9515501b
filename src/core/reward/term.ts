// What a term of the reward is. Each is a file of terms/ and a line of terms/index.ts; everything else loops over them.
import type { Trajectory } from '../record/trajectory.ts'
import type { AnyTask } from '../record/task.ts'

/** Terms of eq. 16 that are made of several: their equation, and what the shares of their parts are called. */
export const termGroups = {
  context: { equation: 18, shares: 'alpha' },
  memory: { equation: 22, shares: 'beta' },
} as const
export type GroupName = keyof typeof termGroups

/** A value with the evidence that it rests on: plain data, from which the page makes a sentence. */
export interface Measured {
  value: number
}

export interface Term<M extends Measured = Measured, G extends GroupName | null = GroupName | null> {
  /** The term of eq. 16 that it is a part of; null: it is one itself. */
  group: G
  /** Number of the paper's equation; null for what the paper does not have. Terms come in this order. */
  equation: number | null
  /** Whether it counts yes or no (intervals are those of a rate) or a quantity. */
  kind: 'indicator' | 'quantity'
  /** Of a term that records of the first release do not name: there its weight is 0. */
  added?: true
  /** Where a task has nothing of the kind, the term is absent, not 0. */
  applies: (task: AnyTask) => boolean
  measure: (trajectory: Trajectory) => M
}

/** Keeps the exact types of a term. */
export function term<M extends Measured, G extends GroupName | null>(of: Term<M, G>): Term<M, G> {
  return of
}

export const always = (): boolean => true
