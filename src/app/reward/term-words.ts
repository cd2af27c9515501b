// What the page says of a term of the reward: the catalogue entry that each file of words/ is.
import type { Trajectory } from '../../core/record/trajectory.ts'
import type { Measured } from '../../core/reward/term.ts'

/** A sentence with this episode's own numbers, and the items that were counted, for terms that count. */
export interface Said {
  sentence: string
  items: { label: string; counted: boolean }[]
}

export interface TermWords<M extends Measured> {
  title: string
  /** One or two words, for a line of a chart and a slider. */
  short: string
  /** What it means, in one sentence. */
  sentence: string
  /** Where the paper has it. */
  where: string | null
  formula: string
  /** @param measured what the rule measures on this episode; @param value the component as it counts */
  say: (measured: M, trajectory: Trajectory, value: number) => Said
}

export const plural = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`
export const rounded = (x: number): string => String(Math.round(x * 100) / 100)
/** Steps count from 0 in the record and from 1 for people. */
export const stepName = (index: number): string => `step ${index + 1}`
