// The short-term memory C_t as a list of messages, and what may be taken out of it. Pure: events in, lists out.
import type { ContextMessage, StmEvent } from './trajectory.ts'

type Context = readonly ContextMessage[]

/** The context after an event. Unknown ids in an event are ignored. */
export function applyToContext(context: Context, event: StmEvent): ContextMessage[] {
  switch (event.type) {
    case 'stm.append':
      return [...context, event.message]
    case 'stm.edit':
      return context.map((message) => (message.id === event.message.id ? event.message : message))
    case 'stm.filter':
    case 'stm.reset': {
      const removed = new Set(event.removed)
      return context.filter((message) => !removed.has(message.id))
    }
    case 'stm.summarise': {
      const removed = new Set(event.removed)
      const at = context.findIndex((message) => removed.has(message.id))
      const kept = context.filter((message) => !removed.has(message.id))
      kept.splice(at < 0 ? kept.length : at, 0, event.message)
      return kept
    }
  }
}

export function contextTokens(context: Context): number {
  return context.reduce((sum, message) => sum + message.tokens, 0)
}

/** What a filter or summary may touch: everything but the system message, the query and the current round. */
export function removableMessages(context: Context, round: readonly string[]): ContextMessage[] {
  const current = new Set(round)
  return context.filter((message) => message.kind !== 'system' && message.kind !== 'query' && !current.has(message.id))
}

/**
 * The messages that a Summary_context span names: `all` (or `full`), or the last N rounds, a round being a user
 * message and all that follows it up to the next one. null when the span is neither.
 */
export function messagesOfSpan(context: Context, span: string, round: readonly string[]): ContextMessage[] | null {
  const removable = removableMessages(context, round)
  const wanted = span.trim().toLowerCase()
  if (wanted === 'all' || wanted === 'full') return removable
  if (!/^\d{1,4}$/.test(wanted) || Number(wanted) === 0) return null
  const starts = context.flatMap((message, at) => (message.kind === 'message' || message.kind === 'query' ? [at] : []))
  const first = starts[Math.max(0, starts.length - Number(wanted))] ?? 0
  const inSpan = new Set(context.slice(first).map((message) => message.id))
  return removable.filter((message) => inSpan.has(message.id))
}
