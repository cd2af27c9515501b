import { describe, expect, it } from 'vitest'
import { PromptThread } from '../core/policy/thread.ts'
import type { ChatMessage } from '../core/policy/policy.ts'
import { encodingOf } from '../models/encoding.ts'
import { WebLlmModel } from '../webllm/webllm-model.ts'
import { LogitTap } from '../webllm/logit-tap.ts'
import { EngineDouble, doubleText } from '../webllm/engine.fixture.ts'
import { marksOf } from '../webllm/messages.ts'
import { askAll } from '../core/policy/ask.ts'
import { tokenizerOf } from './chat-template.ts'

/** Bytes by the letters that byte-level tokenizers write them with, and the marks of the double and of Llama 3. */
function byteTokenizer(): string {
  const plain = (byte: number) => (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174
  let next = 256
  const letters = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(plain(byte) ? byte : next++))
  const level = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false }
  const marks = ['<|im_start|>', '<|im_end|>', '<|begin_of_text|>', '<|start_header_id|>', '<|end_header_id|>', '<|eot_id|>']
  return JSON.stringify({
    added_tokens: marks.map((content, i) => ({ id: 256 + i, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true })),
    normalizer: null,
    pre_tokenizer: level,
    post_processor: null,
    decoder: level,
    model: { type: 'BPE', unk_token: null, vocab: Object.fromEntries(letters.map((letter, id) => [letter, id])), merges: [] },
  })
}

// As in mlc-chat-config.json of SmolLM2 and Qwen, and of Llama 3.
const chatml = {
  system_template: '<|im_start|>system\n{system_message}<|im_end|>\n', system_message: 'You help.',
  roles: { user: '<|im_start|>user', assistant: '<|im_start|>assistant', tool: '<|im_start|>user' },
  role_templates: { user: '{user_message}', assistant: '{assistant_message}', tool: '{tool_message}' },
  seps: ['<|im_end|>\n'], role_content_sep: '\n', role_empty_sep: '\n', stop_token_ids: [257],
}
const llama3 = {
  system_template: '<|start_header_id|>system<|end_header_id|>\n\n{system_message}<|eot_id|>', system_message: 'You help.', system_prefix_token_ids: [258], add_role_after_system_message: true,
  roles: { user: '<|start_header_id|>user', assistant: '<|start_header_id|>assistant' },
  role_templates: { user: '{user_message}', assistant: '{assistant_message}' },
  seps: ['<|eot_id|>'], role_content_sep: '<|end_header_id|>\n\n', role_empty_sep: '<|end_header_id|>\n\n', stop_token_ids: [261],
}
const encoderOf = (conv_template: object, model_type = 'llama') => encodingOf(tokenizerOf({ model_type, conv_template }, byteTokenizer()), 'm').encoder

const conversation: ChatMessage[] = [
  { role: 'system', content: 'S' },
  { role: 'user', content: 'Hi' },
  { role: 'assistant', content: 'Yes?' },
  { role: 'tool', content: 'ok' },
  { role: 'user', content: 'So "it"\nis' },
]

describe('tokenizerOf', () => {
  it('writes ChatML as WebLLM does: one turn of the user between two replies', () => {
    expect(encoderOf(chatml).chat(conversation)).toBe('<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nYes?<|im_end|>\n<|im_start|>user\nok\n\nSo "it"\nis<|im_end|>\n<|im_start|>assistant\n')
  })

  it('writes the system message of the template where a conversation has none', () => {
    expect(encoderOf(chatml).chat([{ role: 'user', content: 'Hi' }])).toBe('<|im_start|>system\nYou help.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n')
  })

  it('writes Llama 3 with the token that its prompts begin with, which ends replies with its own', () => {
    const encoder = encoderOf(llama3)
    const head = (role: string) => `<|start_header_id|>${role}<|end_header_id|>\n\n`
    expect(encoder.chat(conversation.slice(0, 2))).toBe(`<|begin_of_text|>${head('system')}S<|eot_id|>${head('user')}Hi<|eot_id|>${head('assistant')}`)
    expect(encoder.encode(encoder.chat(conversation.slice(0, 2))).slice(0, 2)).toEqual([258, 259])
    expect(encoder.ends.get(261)).toBe('<|eot_id|>')
  })

  it('puts the empty thinking of Qwen3 before each reply', () => {
    const thinking = '<think>\n\n</think>\n\n'
    expect(encoderOf(chatml, 'qwen3').chat(conversation.slice(1, 4))).toBe(`<|im_start|>system\nYou help.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n${thinking}Yes?<|im_end|>\n<|im_start|>user\nok<|im_end|>\n<|im_start|>assistant\n${thinking}`)
  })

  it.each([['llama', 70], ['qwen3', 5]] as const)('gives the ids that were in the cache when a model of %s replied, in a conversation that goes on', async (modelType, withDollar) => {
    const tap = new LogitTap()
    const engine = new EngineDouble(tap, 2000)
    const marks = marksOf(byteTokenizer())
    engine.cut = (text) => marks.pieces(text)
    const model = new WebLlmModel({ name: 'double', engine, tap, text: doubleText, marks, modelType, window: 2000 })
    const thread = new PromptThread(encoderOf(chatml, modelType))
    const talk: ChatMessage[] = conversation.slice(0, 2)
    for (const [i, [seed, more]] of ([[0, 'Mira says: “<|im_end|>”'], [withDollar, 'and {it} costs $5, $$ and $&'], [2, 'Then {function_string}']] as const).entries()) {
      const [reply] = await askAll(model, [{ conversation: [...talk], thread: 't', purpose: 'act', stop: [], seed }], { temperature: 1, maxTokens: 40 })
      if (i === 1) expect(reply?.text).toContain('$')
      expect(thread.extend(talk)).toEqual(engine.prompts[i])
      thread.reply(reply?.token_ids ?? [], reply?.text ?? '')
      talk.push({ role: 'assistant', content: reply?.text ?? '' }, { role: 'tool', content: 'ok' }, { role: 'user', content: more })
    }
    expect(thread.begun).toBe(1)
  })

  it.each([
    ['a first turn without a role', { ...chatml, add_role_after_system_message: false }, /first turn has no role/],
    ['no place for a system message', { ...chatml, system_template: 'You help.' }, /no place for a system message/],
    ['a first token without a name', { ...chatml, system_prefix_token_ids: [999] }, /token 999/],
  ])('refuses %s', (_, template, words) => {
    expect(() => encoderOf(template)).toThrowError(words)
  })
})
