// What the page says of a term of the reward: its words in the catalogue of the language, and here how it speaks of an
// episode: each file of words/ picks the sentence and what was counted.
import type { Trajectory } from '../../core/record/trajectory.ts'
import type { Measured } from '../../core/reward/term.ts'
import type { TermText } from '../locales/en/reward.ts'

/** A sentence with this episode's own numbers, and the items that were counted, for terms that count. */
export interface Said {
  sentence: string
  items: { label: string; counted: boolean }[]
}

export interface TermSpeech<M extends Measured> {
  /** Where the paper has it, as in the glossary; null where it does not. */
  where: string | null
  /** @param measured what the rule measures on this episode; @param value the component as it counts */
  say: (measured: M, trajectory: Trajectory, value: number) => Said
}

export type TermWords<M extends Measured> = TermText & TermSpeech<M>

export const rounded = (x: number): string => String(Math.round(x * 100) / 100)
