// What of a link was left out, in words.
import { t } from '../locales/index.ts'
import type { LinkProblem } from './link.ts'

export function problemWords(problem: LinkProblem): string {
  const words = t().frame.link.problems
  switch (problem.kind) {
    case 'misfit':
      return words.misfit(problem.name, problem.value, problem.message)
    case 'twice':
    case 'unknown':
      return words[problem.kind](problem.name, problem.value)
    case 'more':
      return words.more(problem.count)
    case 'long':
      return words.long(problem.length, problem.limit)
    case 'custom':
      return words.custom(problem.value)
  }
}
