import { describe, expect, it } from 'vitest'
import { applyToContext, contextTokens, messagesOfSpan, removableMessages } from './context.ts'
import type { ContextMessage, MessageKind, Role } from './trajectory.ts'

const roles: Record<MessageKind, Role> = { system: 'system', message: 'user', memories: 'tool', query: 'user', reply: 'assistant', result: 'tool', notice: 'tool', summary: 'tool' }
const message = (id: string, kind: MessageKind, tokens = 1): ContextMessage => ({ id, kind, role: roles[kind], content: id, tokens })
const ids = (messages: readonly ContextMessage[] | null) => messages?.map((each) => each.id)

const context = [
  message('s', 'system', 10),
  message('u1', 'message'),
  message('r1', 'reply'),
  message('u2', 'message'),
  message('m2', 'memories'),
  message('r2', 'reply'),
  message('q', 'query'),
  message('now', 'reply'),
]

describe('the context', () => {
  it('never offers the system message, the query or the current round for removal', () => {
    expect(ids(removableMessages(context, ['now']))).toEqual(['u1', 'r1', 'u2', 'm2', 'r2'])
  })

  it('counts rounds from user messages', () => {
    expect(ids(messagesOfSpan(context, '2', ['now']))).toEqual(['u2', 'm2', 'r2'])
    expect(ids(messagesOfSpan(context, '3', ['now']))).toEqual(['u1', 'r1', 'u2', 'm2', 'r2'])
    expect(ids(messagesOfSpan(context, '99', ['now']))).toEqual(['u1', 'r1', 'u2', 'm2', 'r2'])
    expect(ids(messagesOfSpan(context, 'Full', ['now']))).toEqual(['u1', 'r1', 'u2', 'm2', 'r2'])
  })

  it('refuses what is not a span', () => {
    for (const span of ['0', '-1', '1.5', 'some', '']) expect(messagesOfSpan(context, span, [])).toBeNull()
  })

  it('puts a summary where the first removed message stood', () => {
    const after = applyToContext(context, { type: 'stm.summarise', call: 0, span: '2', removed: ['u2', 'm2', 'r2'], message: message('Σ', 'summary', 3) })
    expect(ids(after)).toEqual(['s', 'u1', 'r1', 'Σ', 'q', 'now'])
    expect(contextTokens(after)).toBe(17)
  })

  it('removes what a filter or a reset names', () => {
    expect(ids(applyToContext(context, { type: 'stm.reset', call: null, removed: ['u1', 'r1', 'gone'] }))).toEqual(['s', 'u2', 'm2', 'r2', 'q', 'now'])
  })
})
