// Eq. 21: what the question speaks of still stands in the context.
import { isQuestion, questionIn } from '../../environments/question/task.ts'
import { contextAt } from '../../record/replay.ts'
import type { Trajectory } from '../../record/trajectory.ts'
import { answerStep } from '../answer-step.ts'
import { holdsPhrase, keyPhrases, type KeyPhrase } from '../../environments/question/key-phrases.ts'
import { term } from '../term.ts'

interface Preservation {
  value: 0 | 1
  found: KeyPhrase[]
  missing: KeyPhrase[]
}

/**
 * Eq. 21: 1 when every key phrase of the query stands in the context that the answer was given to, else 0; a query
 * without key phrases gives 1.
 *
 * Read to the letter, the context includes the query, which no tool can remove: the term would be 1 in every episode.
 * So it is asked of what the agent keeps and fetches: the user's other messages, memories, retrieved results and
 * summaries. The query itself, the system message, what the agent said, notices and the text of failed calls do not
 * count, since repeating a name there preserves nothing.
 */
function measure(trajectory: Trajectory): Preservation {
  const phrases = keyPhrases(questionIn(trajectory.task).query)
  const at = answerStep(trajectory)
  if (at < 0) return { value: 0, found: [], missing: phrases }
  const failed = failedResults(trajectory)
  const kept = contextAt(trajectory, at, 'prompt').filter(
    ({ id, kind }) => (kind === 'message' || kind === 'memories' || kind === 'result' || kind === 'summary') && !failed.has(id),
  )
  const found = phrases.filter((phrase) => kept.some((message) => holdsPhrase(message.content, phrase)))
  const missing = phrases.filter((phrase) => !found.includes(phrase))
  return { value: missing.length === 0 ? 1 : 0, found, missing }
}

/** Ids of the messages that hold the result of a call that failed. */
function failedResults(trajectory: Trajectory): Set<string> {
  const ids = new Set<string>()
  for (const { calls, after } of trajectory.steps) {
    for (const event of after) {
      if (event.type === 'stm.append' && event.message.kind === 'result' && event.call !== null && calls[event.call]?.ok === false) {
        ids.add(event.message.id)
      }
    }
  }
  return ids
}

export const preservation = term({ group: 'context', equation: 21, kind: 'indicator', applies: isQuestion, measure: measure })
