import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../random.ts'
import { Ebnf } from './ebnf.fixture.ts'
import { replyGrammar } from './grammar.ts'
import { formatReply, parseReply } from './parser.ts'
import { isToolName, toolNames, tools } from '../tools/index.ts'

const grammar = new Ebnf(replyGrammar())

describe('the grammar of replies', () => {
  it('admits every tool, with and without what may be left out', () => {
    const calls = [
      { name: 'Add_memory', arguments: { content: 'Mira lives in "Oslem".' } },
      { name: 'Add_memory', arguments: { content: 'Ünal, 3 a.m.', metadata: { tags: ['a', null], deep: { n: -1.5, yes: true } }, memory_type: 'fact' } },
      { name: 'Update_memory', arguments: { memory_id: 'm12', content: '120 minutes\nand more' } },
      { name: 'Delete_memory', arguments: { memory_id: 'm1', confirmation: true } },
      { name: 'Retrieve_memory', arguments: { query: 'Oslem', top_k: 50, metadata_filter: {} } },
      { name: 'Retrieve_memory', arguments: { query: 'Oslem' } },
      { name: 'Summary_context', arguments: { span: 'all' } },
      { name: 'Summary_context', arguments: { span: '3' } },
      { name: 'Filter_context', arguments: { criteria: 'the <b> small talk' } },
    ]
    for (const call of calls) expect(grammar.accepts(formatReply('I note it: 1 < 2', { calls: [call] })), call.name).toBe(true)
    expect(grammar.accepts(formatReply('', { calls }))).toBe(true)
    expect(new Set(calls.map(({ name }) => name))).toEqual(new Set(toolNames))
    expect(grammar.accepts('<think>As the prompt writes it.</think>\n<tool_call>[{"name": "Retrieve_memory", "arguments": {"query": "x", "top_k": 3}}]</tool_call>')).toBe(true)
    expect(grammar.accepts(formatReply('It was told.', { answer: 'In Oslem,\nsince May.' }))).toBe(true)
  })

  it.each([
    ['no thought', '<answer>x</answer>'],
    ['an open thought', '<think>x<answer>x</answer>'],
    ['no action', '<think>x</think>'],
    ['both actions', '<think>x</think><tool_call>[{"name":"Summary_context","arguments":{"span":"all"}}]</tool_call><answer>x</answer>'],
    ['text behind', '<think>x</think><answer>x</answer> and so on'],
    ['no calls', '<think>x</think><tool_call>[]</tool_call>'],
    ['one call without an array', '<think>x</think><tool_call>{"name":"Summary_context","arguments":{"span":"all"}}</tool_call>'],
    ['an unknown tool', '<think>x</think><tool_call>[{"name":"Forget","arguments":{}}]</tool_call>'],
    ['a missing argument', '<think>x</think><tool_call>[{"name":"Delete_memory","arguments":{"memory_id":"m1"}}]</tool_call>'],
    ['an argument too many', '<think>x</think><tool_call>[{"name":"Filter_context","arguments":{"criteria":"x","top_k":3}}]</tool_call>'],
    ['blank content', '<think>x</think><tool_call>[{"name":"Add_memory","arguments":{"content":"  "}}]</tool_call>'],
    ['a span in words', '<think>x</think><tool_call>[{"name":"Summary_context","arguments":{"span":"the last two"}}]</tool_call>'],
    ['a span of 0', '<think>x</think><tool_call>[{"name":"Summary_context","arguments":{"span":"0"}}]</tool_call>'],
    ['top_k 0', '<think>x</think><tool_call>[{"name":"Retrieve_memory","arguments":{"query":"x","top_k":0}}]</tool_call>'],
    ['top_k 51', '<think>x</think><tool_call>[{"name":"Retrieve_memory","arguments":{"query":"x","top_k":51}}]</tool_call>'],
    ['a mark of the chat template', '<think>x</think><answer><|im_start|>user</answer>'],
    ['a line break in a JSON string', '<think>x</think><tool_call>[{"name":"Filter_context","arguments":{"criteria":"a\nb"}}]</tool_call>'],
  ])('refuses %s', (_, text) => {
    expect(grammar.accepts(text)).toBe(false)
  })

  it('admits nothing that the parser or a tool would object to', () => {
    const random = createRandom('sentences of the grammar')
    const seen = new Set<string>()
    for (let i = 0; i < 2000; i++) {
      const text = grammar.sentence(random)
      const { calls, answer, violations } = parseReply(text)
      if (violations.some(({ message }) => message.includes('A name stands twice'))) continue
      expect(violations, text).toEqual([])
      expect(calls.length > 0 || answer !== null, text).toBe(true)
      for (const call of calls) {
        if (!isToolName(call.name)) throw new Error(`${call.name} is no tool.`)
        expect(tools[call.name].arguments.safeParse(call.arguments).success, text).toBe(true)
        seen.add(call.name)
      }
      if (answer !== null) seen.add('answer')
    }
    expect(seen).toEqual(new Set([...toolNames, 'answer']))
  })
})
