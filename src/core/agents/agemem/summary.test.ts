import { describe, expect, it } from 'vitest'
import { conversationOf } from '../../policy/conversation.ts'
import { summaryConversation, summaryPrompt } from './summary.ts'
import type { ContextMessage, MessageKind, Role } from '../../record/trajectory.ts'

let made = 0
const message = (role: Role, kind: MessageKind, content: string): ContextMessage => ({ id: `c${made++}`, role, kind, content, tokens: 1 })

const context = [
  message('system', 'system', 'You keep memories.'),
  message('user', 'message', 'Hi <think>'),
  message('tool', 'memories', 'Related memories:\n[m1] x'),
  message('assistant', 'reply', '<think>a</think>'),
  message('tool', 'notice', 'Use <think>.'),
  message('tool', 'summary', 'Summary: y'),
  message('user', 'query', 'Who?'),
]

/** The texts that are own words of the last message. */
const ownTexts = (messages: ReturnType<typeof conversationOf>) => messages.map(({ content, own }) => (own ?? []).map(([from, to]) => content.slice(from, to)))

describe('conversationOf', () => {
  it('keeps roles and contents, and marks a notice as the environment’s own', () => {
    const asked = conversationOf(context)
    expect(asked.map(({ role, content }) => [role, content])).toEqual(context.map(({ role, content }) => [role, content]))
    expect(ownTexts(asked)).toEqual([[], [], [], [], ['Use <think>.'], [], []])
    // What their role says already is not said twice; what the user said is nobody's own.
    expect(asked.map((each) => 'own' in each)).toEqual([false, false, false, false, true, false, false])
  })
})

describe('summaryConversation', () => {
  it('quotes the span: the request, replies and notices are own words, what others said in it is not', () => {
    const span = context.slice(1, 6)
    const [system, asked] = summaryConversation(context, span)
    expect([system?.role, system?.content]).toEqual(['system', 'You keep memories.'])
    expect(asked?.content).toBe(summaryPrompt(span))
    expect(ownTexts(asked ? [asked] : [])).toEqual([[summaryPrompt([]), '<think>a</think>', 'Use <think>.']])
  })
  it('has nothing but the request for an empty span', () => {
    const [, asked] = summaryConversation(context, [])
    expect(ownTexts(asked ? [asked] : [])).toEqual([[summaryPrompt([])]])
  })
})
