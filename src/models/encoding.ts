// A tokenizer as core speaks of it: an encoder of conversations and a counter of tokens.
import type { ChatMessage, TokenCounter } from '../core/policy/policy.ts'
import type { TokenizerText } from '../core/policy/model.ts'
import type { ChatEncoder } from '../core/policy/trainable.ts'
import { Tokenizer } from './files/tokenizer.ts'

export function chatEncoder(tokenizer: Tokenizer): ChatEncoder {
  return {
    chat: (messages) => tokenizer.chat(messages),
    reply: (text) => tokenizer.quoteReply(text),
    encode: (chat) => tokenizer.encodeChatText(chat),
    ends: new Map(tokenizer.stopIds.map((id) => [id, tokenizer.decode([id], { special: true })])),
  }
}

/** Tokens that the template puts around a message of each role; the system message's with what belongs to no message. */
type Around = Record<ChatMessage['role'], number>

/** By rendering small conversations with and without a message. null where the model has no template, or it takes none of these. */
function aroundMessages(tokenizer: Tokenizer): Around | null {
  const word = 'a'
  const alone = tokenizer.encode(word).length
  const whole = (...roles: ChatMessage['role'][]) => tokenizer.encodeChat(roles.map((role) => ({ role, content: word }))).length
  try {
    const asked = whole('system', 'user')
    const answered = whole('system', 'user', 'assistant')
    const user = whole('system', 'user', 'assistant', 'user') - answered - alone
    const tool = whole('system', 'user', 'assistant', 'tool') - answered - alone
    return { system: asked - user - 2 * alone, user, assistant: answered - asked - alone, tool }
  } catch {
    return null
  }
}

/** Counts as this tokenizer's model does; `name` is recorded in trajectories. */
export function tokenCounter(tokenizer: Tokenizer, name: string): TokenCounter {
  const around = aroundMessages(tokenizer)
  const counter: TokenCounter = { name, count: (text) => tokenizer.encode(text).length }
  return around ? { ...counter, message: (message) => around[message.role] + tokenizer.countContent(message) } : counter
}

/** @param name the model's, as trajectories record it */
export function encodingOf(files: TokenizerText, name: string): { encoder: ChatEncoder; counter: TokenCounter; texts: (ids: readonly number[]) => string[] } {
  const tokenizer = new Tokenizer(files)
  return { encoder: chatEncoder(tokenizer), counter: tokenCounter(tokenizer, name), texts: (ids) => ids.map((id) => tokenizer.decode([id], { special: true })) }
}
