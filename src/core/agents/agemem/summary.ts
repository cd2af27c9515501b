// What asks for the summary that takes the place of messages (eq. 14).
import { conversationOf, ownWordsOf } from '../../policy/conversation.ts'
import type { ChatMessage } from '../../policy/policy.ts'
import type { ContextMessage } from '../../record/trajectory.ts'
import type { ReplyForm } from '../agent.ts'
import { plainGrammar } from './protocol/plain-grammar.ts'

/** Plain text, to its own end. */
export const summaryForm: ReplyForm = { stop: [], grammar: plainGrammar() }

/** The words that ask for it. */
export function summaryPrompt(span: readonly { content: string }[]): string {
  return `Summarise these messages in a few sentences. Keep every name, number, date and open question.\n\n${span
    .map((message) => message.content)
    .join('\n')}`
}

/** The whole conversation that asks for it: the system message, and the span quoted. */
export function summaryConversation(context: readonly ContextMessage[], span: readonly ContextMessage[]): ChatMessage[] {
  const content = summaryPrompt(span)
  const own: [number, number][] = []
  // The quoted messages stand at the end, with a line break between two.
  let at = content.length - span.reduce((sum, message) => sum + message.content.length, 0) - Math.max(0, span.length - 1)
  if (at > 0) own.push([0, at])
  for (const message of span) {
    for (const [from, to] of ownWordsOf(message) ?? []) own.push([at + from, at + to])
    at += message.content.length + 1
  }
  return [...conversationOf(context.filter(({ kind }) => kind === 'system')), { role: 'user', content, own }]
}
