import { answerStep } from '../../../core/reward/answer-step.ts'
import type { Measurements } from '../../../core/reward/terms.ts'
import { t } from '../../locales/index.ts'
import type { TermSpeech } from '../term-words.ts'

export const compression: TermSpeech<Measurements['compression']> = {
  where: 'eq. 19',
  say: ({ used, limit }, trajectory) => ({
    sentence: t().reward.compression(used, limit, trajectory.answer === null ? null : answerStep(trajectory)),
    items: [],
  }),
}
