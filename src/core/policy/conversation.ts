// The context as a policy is asked with it: messages in their roles, and which words in them are the environment's or
// the model's own. Generation, training and the page all make their conversations here. Knows no tokens.
import type { ContextMessage } from '../record/trajectory.ts'
import type { ChatMessage, OwnWords } from './policy.ts'

/**
 * Where a message speaks for itself. What the user said, and what comes back from the memory, may be anybody's: a
 * passage of a file, or a memory that was made of one.
 */
export function ownWordsOf({ kind, content }: Pick<ContextMessage, 'kind' | 'content'>): OwnWords | undefined {
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
    const { role, kind, content, about } = message
    const own = ownWordsOf(message)
    // A role that only the environment or only the model has says it already.
    const marked = own && kind === 'notice' ? { own } : {}
    return { role, content, ...marked, ...(about ? { about } : {}) }
  })
}
