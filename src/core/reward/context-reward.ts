// The three terms of R_context (eq. 18 to 21), each with the evidence that it rests on. Knows no weights.
import { contextAt } from '../episode/replay.ts'
import type { Trajectory } from '../episode/trajectory.ts'
import { holdsPhrase, keyPhrases, type KeyPhrase } from './key-phrases.ts'

/** Index of the step that answered in stage 3, or of the last step when none did; −1 without steps. */
export function answerStep(trajectory: Trajectory): number {
  if (trajectory.answer === null) return trajectory.steps.length - 1
  return trajectory.steps.findLastIndex((step) => step.stage === 3 && step.answer !== null)
}

export interface Compression {
  value: number
  /** T_used: tokens of the prompt that the answer was given to, or of the last one. */
  used: number
  /** T_max. */
  limit: number
}

/** Eq. 19: max(0, 1 − T_used/T_max); 0 when nothing was played. */
export function compression(trajectory: Trajectory): Compression {
  const limit = trajectory.settings.t_max
  const used = trajectory.steps[answerStep(trajectory)]?.prompt_tokens
  if (used === undefined) return { value: 0, used: 0, limit }
  return { value: Math.max(0, 1 - used / limit), used, limit }
}

export interface Preventive {
  value: 0 | 1
  /** The first reduction that removed something, wherever it stands; step counts from 0. */
  reduction: { step: number; tool: 'Summary_context' | 'Filter_context'; removed: number } | null
  /** The first step whose prompt was over T_max. */
  overflow: number | null
}

/** Eq. 20: 1 when a summary or a filter took at least one message out before any prompt was over T_max. */
export function preventive(trajectory: Trajectory): Preventive {
  let reduction: Preventive['reduction'] = null
  for (const [step, { after }] of trajectory.steps.entries()) {
    for (const event of after) {
      if ((event.type === 'stm.filter' || event.type === 'stm.summarise') && event.removed.length > 0) {
        reduction ??= { step, tool: event.type === 'stm.filter' ? 'Filter_context' : 'Summary_context', removed: event.removed.length }
      }
    }
  }
  const first = trajectory.steps.findIndex((step) => step.overflow)
  const overflow = first < 0 ? null : first
  return { value: reduction && (overflow === null || reduction.step < overflow) ? 1 : 0, reduction, overflow }
}

export interface Preservation {
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
export function preservation(trajectory: Trajectory): Preservation {
  const phrases = keyPhrases(trajectory.task.query)
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
