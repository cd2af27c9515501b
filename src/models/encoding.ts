// A tokenizer as core speaks of it: an encoder of conversations and a counter of tokens.
import type { TokenCounter } from '../core/policy/policy.ts'
import type { TokenizerText } from '../core/policy/model.ts'
import type { ChatEncoder } from '../core/policy/trainable.ts'
import { Tokenizer } from './tokenizer.ts'

export function chatEncoder(tokenizer: Tokenizer): ChatEncoder {
  return {
    chat: (messages) => tokenizer.chat(messages),
    encode: (text) => tokenizer.encode(text),
    ends: new Map(tokenizer.stopIds.map((id) => [id, tokenizer.decode([id], { special: true })])),
  }
}

/** @param name the model's, as trajectories record it */
export function encodingOf(files: TokenizerText, name: string): { encoder: ChatEncoder; counter: TokenCounter; texts: (ids: readonly number[]) => string[] } {
  const tokenizer = new Tokenizer(files)
  return { encoder: chatEncoder(tokenizer), counter: tokenizer.counter(name), texts: (ids) => ids.map((id) => tokenizer.decode([id], { special: true })) }
}
