// A conversation of ours in the form that WebLLM's chat templates take, and what its messages spell of their marks as text.
import { z } from 'zod'
import { addedTokensSchema, Marks, noToken } from '../core/policy/marks.ts'
import type { ChatMessage } from '../core/policy/policy.ts'

export type WebLlmMessage = { role: 'system'; content: string } | { role: 'user'; content: string } | { role: 'assistant'; content: string }

/**
 * What Qwen3's template puts before a reply when thinking is switched off. Our protocol writes its own <think> block,
 * which the model samples, the environment reads and training moves; the model's native one would come before it and
 * be neither bounded nor rewarded. So native thinking is off (`enable_thinking: false`), and the empty block is part of
 * every reply, in the history too, as WebLLM keeps it.
 */
export const emptyThinking = '<think>\n\n</think>\n\n'

/**
 * What the library's templates would not leave as it is: it puts a message in with String.replace, where $& and $$ have a
 * meaning, and then takes out the place of its own protocol's functions. They go through it like marks, and no token is theirs.
 */
const misread = ['$', '{function_string}'].map((content) => ({ id: noToken, content, special: true, normalized: false, lstrip: false, rstrip: false }))

/** The marks of a model's tokenizer. @throws Error when it cannot be read. @param tokenizer tokenizer.json */
export function marksOf(tokenizer: string): Marks {
  const { added_tokens } = z.looseObject({ added_tokens: addedTokensSchema }).parse(JSON.parse(tokenizer))
  return new Marks([...added_tokens, ...misread], new Set())
}

/** Families that think by themselves unless told not to. @param modelType of mlc-chat-config.json */
export function thinksByItself(modelType: string): boolean {
  return /^qwen3/i.test(modelType)
}

/**
 * System message, then turns of user and assistant by turns. All that the environment says between two replies (tool
 * results, notices, the next message) is one turn of the user: Gemma's and Mistral's templates know only that order,
 * not every template has a tool's role, and WebLLM keeps its cache only when a conversation grew by one message.
 * @param thinking stands before every reply; empty for models that do not think by themselves
 * @param marks what of them a message may not write stands quoted in it, until the encoder reads it (internals.ts)
 */
export function webLlmMessages(conversation: readonly ChatMessage[], thinking: string, marks: Marks): WebLlmMessage[] {
  const messages: WebLlmMessage[] = []
  for (const message of conversation) {
    const { role } = message
    const content = marks.quote(message)
    const last = messages.at(-1)
    if (role === 'system' && !last) messages.push({ role, content })
    else if (role === 'assistant') {
      if (last?.role === 'assistant') last.content += `\n${content}`
      else messages.push({ role, content: thinking + content })
    } else if (last?.role === 'user') last.content += `\n\n${content}`
    else messages.push({ role: 'user', content })
  }
  return messages
}

/** The first is the beginning of the second. */
export function isBeginning(beginning: readonly WebLlmMessage[], messages: readonly WebLlmMessage[]): boolean {
  return beginning.every(({ role, content }, i) => messages[i]?.role === role && messages[i]?.content === content)
}
