// Who judged an answer, and on what grounds, in words. Pure.
import type { Verdict } from '../../core/environments/family.ts'

const grounds: Record<Exclude<Verdict['how'], 'model'>, string> = {
  exact: 'the same words',
  value: 'compared as a number, date or time',
  words: 'the same words, but for those of the question',
  overlap: 'some words in common',
  wrong: 'nothing in common',
  unknown: 'it says that it does not know',
  'yes-no': 'yes or no, by its first word',
}

/** "by rule: the same words", or "by the language model" */
export function judgedBy({ how }: Pick<Verdict, 'how'>): string {
  return how === 'model' ? 'by the language model' : `by rule: ${grounds[how]}`
}
