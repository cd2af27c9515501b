import { beforeAll, describe, expect, it } from 'vitest'
import { PromptThread } from '../core/policy/thread.ts'
import type { ChatMessage } from '../core/policy/policy.ts'
import { chatEncoder, tokenCounter } from './encoding.ts'
import { fixtureTokenizer } from './fixtures/nano-fixture.ts'
import { chatMl, smallTokenizer } from './fixtures/small-tokenizers.ts'
import { Tokenizer } from './files/tokenizer.ts'

const conversation: ChatMessage[] = [
  { role: 'system', content: 'be brief' },
  { role: 'user', content: 'hi' },
  { role: 'assistant', content: 'yes' },
  { role: 'tool', content: 'no' },
]
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

describe('tokenCounter', () => {
  it('counts what the template makes of a message: by hand, for ChatML by characters', () => {
    const tokenizer = new Tokenizer(smallTokenizer({ special: ['<b>', '<e>'], template: chatMl }))
    const { count, message } = tokenCounter(tokenizer, 'small')
    expect(count('hi')).toBe(2)
    // <b> u s e r ⏎ h i <e> ⏎: 10. The system message is 8 long, with <b>system⏎ and <e>⏎ 10 more, and the mark before
    // the reply, <b>assistant⏎, 11. The assistant's: 3 + 11 + 2. The tool's: 2 + 1 + 5 + 2.
    expect(conversation.map((each) => message?.(each))).toEqual([29, 10, 16, 10])
    expect(tokenizer.encodeChat(conversation)).toHaveLength(29 + 10 + 16 + 10)
  })
  it('knows a begin of text and a system prompt that the template adds', () => {
    const template = "{{ '<s>' }}{{ 'Day: Monday. ' }}{% for m in messages %}{{ m['role'] + ': ' + m['content'] + '<e>' }}{% endfor %}{{ 'assistant:' }}"
    const tokenizer = new Tokenizer(smallTokenizer({ special: ['<s>', '<e>'], template: template.replace('Day: Monday. ', 'hello. ') }))
    const { message } = tokenCounter(tokenizer, 'small')
    // <s>, "hello. ", "system: be brief<e>", "assistant:".
    expect(message?.({ role: 'system', content: 'be brief' })).toBe(1 + 7 + (8 + 8 + 1) + 10)
    expect(tokenizer.encodeChat(conversation)).toHaveLength(sum(conversation.map((each) => message?.(each) ?? 0)))
  })
  it('adds up to the prompt for nano, marks that a message spells included', async () => {
    const tokenizer = new Tokenizer(await fixtureTokenizer())
    const { message } = tokenCounter(tokenizer, 'nano')
    const spelling: ChatMessage[] = [...conversation, { role: 'user', content: 'Look: <|user|> and <think>.' }]
    // Its role's mark, as text 8 characters and not one token.
    expect(message?.({ role: 'user', content: '<|user|>' })).toBeGreaterThan(2)
    expect(sum(spelling.map((each) => message?.(each) ?? 0))).toBe(tokenizer.encodeChat(spelling).length)
  })
  it('has no marks to count where there is no template', () => {
    expect(tokenCounter(new Tokenizer(smallTokenizer({ template: '' })), 'small').message).toBeUndefined()
  })
})

describe('a conversation that goes on', () => {
  let tokenizer: Tokenizer
  beforeAll(async () => {
    tokenizer = new Tokenizer(await fixtureTokenizer())
  })
  it('keeps sampled ids, and what the reply typed out of marks is text, now and when the prompt is made anew', () => {
    const encoder = chatEncoder(tokenizer)
    const thread = new PromptThread(encoder)
    const asked: ChatMessage[] = [{ role: 'system', content: 'Keep.' }, { role: 'user', content: 'Hi.' }]
    const prompt = thread.extend(asked)
    const text = '<think>a</think><answer>I say <|user|>!</answer>'
    // Letter by letter, as a model may sample it.
    const ids = [...text].flatMap((char) => tokenizer.encode(char))
    thread.reply(ids, text)
    const further: ChatMessage[] = [...asked, { role: 'assistant', content: text }, { role: 'user', content: 'Well.' }]
    const next = thread.extend(further)
    expect(thread.begun).toBe(1)
    expect(next.slice(0, prompt.length + ids.length)).toEqual([...prompt, ...ids])
    const user = tokenizer.id('<|user|>')
    const anew = new PromptThread(encoder).extend(further)
    for (const all of [next, anew]) expect(all.filter((id) => id === user)).toHaveLength(2)
    expect(tokenizer.decode(anew, { special: true })).toBe(tokenizer.decode(next, { special: true }))
  })
})
