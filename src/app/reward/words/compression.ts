import { answerStep } from '../../../core/reward/answer-step.ts'
import type { Measurements } from '../../../core/reward/terms.ts'
import { stepName, type TermWords } from '../term-words.ts'

export const compression: TermWords<Measurements['compression']> = {
  title: 'Compression',
  short: 'compression',
  sentence: 'The share of the context window that was free when the agent answered.',
  where: 'eq. 19',
  formula: 'max(0, 1 − T_used / T_max)',
  say({ used, limit }, trajectory) {
    const when = trajectory.answer === null ? 'at the last step' : `when it answered (${stepName(answerStep(trajectory))})`
    const left = used >= limit ? 'nothing was left' : `${Math.round(100 * (1 - used / limit))} % was free`
    return { sentence: `The context held ${used} of ${limit} tokens ${when}: ${left}.`, items: [] }
  },
}
