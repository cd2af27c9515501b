// The difficulty of the made-up world: its sliders, and how a sentence says it.
import type { WorldDifficulty } from '../../core/environments/question/sources/world.ts'
import { decimal, wholePercent } from '../format.ts'
import { t } from '../locales/index.ts'

export interface DifficultyField {
  key: keyof WorldDifficulty
  label: string
  min: number
  max: number
  step: number
  show?: (value: number) => string
}

export function difficultyFields(): readonly DifficultyField[] {
  const words = t().sentence.source.fields
  return [
    { key: 'facts', label: words.facts, min: 1, max: 8, step: 1 },
    { key: 'update_share', label: words.update_share, min: 0, max: 1, step: 0.05, show: wholePercent },
    { key: 'small_talk', label: words.small_talk, min: 0, max: 8, step: 1 },
    { key: 'distractors', label: words.distractors, min: 0, max: 12, step: 1 },
    { key: 'distractor_closeness', label: words.distractor_closeness, min: 0, max: 1, step: 0.05, show: wholePercent },
  ]
}

const kinds = ['one_hop', 'two_hop', 'comparison', 'update'] as const

/** How often each kind of question comes, relative to the others. */
export function questionFields(): readonly DifficultyField[] {
  const words = t().sentence.source.fields
  const show = (value: number) => decimal(value, 1)
  return kinds.map((key) => ({ key, label: words[key], min: 0, max: 1, step: 0.1, show }))
}

/** "3 facts, 3 distractors" */
export const difficultyWords = ({ facts, distractors }: WorldDifficulty): string =>
  t().sentence.source.amounts(facts, distractors)
