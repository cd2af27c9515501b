import type { Verdict } from '../../../core/environments/family.ts'
import { familyOf } from '../../../core/environments/families.ts'
import { isQuestion } from '../../../core/environments/question/task.ts'
import type { Measurements } from '../../../core/reward/terms.ts'
import { rounded, type TermWords } from '../term-words.ts'

function sayVerdict(answer: string, { how, against, score, by }: Verdict): string {
  switch (how) {
    case 'exact':
      return `"${answer}" is the expected answer.`
    case 'value':
      return score === 1 ? `"${answer}" names the same value as "${against}".` : `"${answer}" names "${against}", but other values too.`
    case 'words':
      return `"${answer}" says "${against}", in a sentence.`
    case 'overlap':
      return `"${answer}" shares words with "${against}": token F1 ${rounded(score)}.`
    case 'wrong':
      return `"${answer}" is not "${against}".`
    case 'unknown':
      return `"${answer}" says that it does not know; expected was "${against}".`
    case 'yes-no':
      return score === 1 ? `"${answer}" says ${against}, as expected.` : `"${answer}" does not say ${against}.`
    case 'model':
      return `${by ?? 'The judge'} gave "${answer}" ${rounded(score)} of 1.`
  }
}

export const task: TermWords<Measurements['task']> = {
  title: 'Task reward',
  short: 'task',
  sentence: 'The judge’s score of the answer; −1 when there is none.',
  where: 'eq. 17',
  formula: 'R_task = S(A_pred, A_q); −1 without an answer',
  say({ verdict }, { answer, status, task: played, steps }, value) {
    if (answer === null || verdict === null) {
      return { sentence: status === 'complete' ? 'It gave no answer, which costs 1 point.' : 'It was stopped before it could answer.', items: [] }
    }
    const items = [familyOf(played).expected(played), ...(isQuestion(played) ? played.aliases : [])].map((label) => ({ label, counted: value > 0 && label === verdict.against }))
    // The components may come from another judge than the one asked here.
    if (verdict.score !== value) return { sentence: `The judge gave "${answer}" ${rounded(value)} of 1.`, items }
    const byRule = verdict.how === 'model' ? ` The rule would give ${rounded(familyOf(played).judge(played, answer, steps).score)}.` : ''
    return { sentence: `${sayVerdict(answer, verdict)}${byRule}`, items }
  },
}
