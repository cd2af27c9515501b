// What a scenario is: a task written by hand, with what people are told of it; and the pieces that it is written with.
import type { Fact, Task, TaskMessage } from '../task.ts'

export interface Scenario extends Task {
  title: string
  /** What happens, and what would be right, for those who choose. */
  about: string
}

export function fact(id: string, text: string, keys: string[][], rest: Partial<Pick<Fact, 'needed' | 'superseded_by'>> = {}): Fact {
  return { id, text, keys, needed: false, superseded_by: null, ...rest }
}

export const told = (id: string, text: string): TaskMessage => ({ text, kind: 'fact', facts: [id] })
export const corrected = (id: string, text: string): TaskMessage => ({ text, kind: 'correction', facts: [id] })
export const chat = (text: string): TaskMessage => ({ text, kind: 'small-talk', facts: [] })
export const distractor = (text: string): TaskMessage => ({ text, kind: 'distractor', facts: [] })
