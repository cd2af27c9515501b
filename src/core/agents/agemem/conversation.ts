// The context as a policy is asked with it: messages in their roles, and which words in them are the environment's or
// the model's own. Generation, training and the page all make their conversations here. Knows no tokens.
import type { ChatMessage, OwnWords } from '../../policy/policy.ts'
import { summaryPrompt } from './prompts.ts'
import type { ContextMessage } from '../../record/trajectory.ts'

/**
 * Where a message speaks for itself. What the user said, and what comes back from the memory, may be anybody's: a
 * passage of a file, or a memory that was made of one.
 */
function ownWordsOf({ kind, content }: ContextMessage): OwnWords | undefined {
  switch (kind) {
    case 'system':
    case 'reply':
    case 'notice':
      return [[0, content.length]]
    case 'message':
    case 'query':
    case 'memories':
    case 'result':
    case 'summary':
      return undefined
  }
}

export function conversationOf(context: readonly ContextMessage[]): ChatMessage[] {
  return context.map((message): ChatMessage => {
    const { role, kind, content } = message
    const own = ownWordsOf(message)
    // A role that only the environment or only the model has says it already.
    return own && kind === 'notice' ? { role, content, own } : { role, content }
  })
}

/** What asks for the summary that takes a span's place: the system message, and the span quoted (eq. 14). */
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
