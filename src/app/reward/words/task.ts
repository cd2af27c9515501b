import type { Verdict } from '../../../core/environments/family.ts'
import { familyOf } from '../../../core/environments/families.ts'
import { isQuestion } from '../../../core/environments/question/task.ts'
import type { Measurements } from '../../../core/reward/terms.ts'
import { t } from '../../locales/index.ts'
import { rounded, type TermSpeech } from '../term-words.ts'

function sayVerdict(answer: string, { how, against, score, by }: Verdict): string {
  const words = t().reward.task
  switch (how) {
    case 'exact':
      return words.exact(answer)
    case 'value':
      return words.value(answer, against, score === 1)
    case 'words':
      return words.words(answer, against)
    case 'overlap':
      return words.overlap(answer, against, rounded(score))
    case 'wrong':
      return words.wrong(answer, against)
    case 'unknown':
      return words.unknown(answer, against)
    case 'abstained':
      return words.abstained(answer)
    case 'yes-no':
      return words.yesNo(answer, against, score === 1)
    case 'model':
      return words.judged(by ?? null, answer, rounded(score))
  }
}

export const task: TermSpeech<Measurements['task']> = {
  where: 'eq. 17',
  say({ verdict }, { answer, status, task: played, steps }, value) {
    const words = t().reward.task
    if (answer === null || verdict === null) {
      return { sentence: status === 'complete' ? words.none : words.stopped, items: [] }
    }
    const expected = [familyOf(played).expected(played), ...(isQuestion(played) ? played.aliases : [])]
    const items = expected.map((label) => ({ label, counted: value > 0 && label === verdict.against }))
    // The components may come from another judge than the one asked here.
    if (verdict.score !== value) return { sentence: words.judged(null, answer, rounded(value)), items }
    const sentence = sayVerdict(answer, verdict)
    if (verdict.how !== 'model') return { sentence, items }
    return { sentence: words.withRule(sentence, rounded(familyOf(played).judge(played, answer, steps).score)), items }
  },
}
