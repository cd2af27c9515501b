// The difficulty of the made-up world: its sliders, and how a sentence says it. Pure.
import type { WorldDifficulty } from '../../core/environments/question/sources/world.ts'
import { count, decimal, wholePercent } from '../format.ts'

export interface DifficultyField {
  key: keyof WorldDifficulty
  label: string
  min: number
  max: number
  step: number
  show?: (value: number) => string
}


export const difficultyFields: readonly DifficultyField[] = [
  { key: 'facts', label: 'facts', min: 1, max: 8, step: 1 },
  { key: 'update_share', label: 'chance that one is corrected', min: 0, max: 1, step: 0.05, show: wholePercent },
  { key: 'small_talk', label: 'small talk in stage 1', min: 0, max: 8, step: 1 },
  { key: 'distractors', label: 'distractors in stage 2', min: 0, max: 12, step: 1 },
  { key: 'distractor_closeness', label: 'share of them that mislead', min: 0, max: 1, step: 0.05, show: wholePercent },
]

const often = (key: DifficultyField['key'], label: string): DifficultyField => ({ key, label, min: 0, max: 1, step: 0.1, show: (value) => decimal(value, 1) })

/** How often each kind of question comes, relative to the others. */
export const questionFields: readonly DifficultyField[] = [
  often('one_hop', 'one fact'),
  often('two_hop', 'two facts in a chain'),
  often('comparison', 'a comparison'),
  often('update', 'a corrected fact'),
]

/** "3 facts, 3 distractors" */
export function difficultyWords({ facts, distractors }: WorldDifficulty): string {
  return `${count(facts, 'fact')}, ${count(distractors, 'distractor')}`
}
