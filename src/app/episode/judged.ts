// Who judged an answer, and on what grounds, in words. Pure.
import type { Verdict } from '../../core/environments/family.ts'
import { t } from '../locales/index.ts'

/** "by rule: the same words", or "by the language model" */
export function judgedBy({ how }: Pick<Verdict, 'how'>): string {
  const words = t().episode.outcome
  return how === 'model' ? words.byModel : words.byRule(words.grounds[how])
}
