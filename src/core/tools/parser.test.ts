import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatReply, maxCalls, parseReply } from './parser.ts'

const rules = (text: string) => parseReply(text).violations.map(({ rule, position, recovered }) => [rule, position, recovered])

describe('parseReply', () => {
  it('reads calls', () => {
    const reply = parseReply('<think>keep it</think>\n<tool_call>[{"name":"Add_memory","arguments":{"content":"x"}}]</tool_call>')
    expect(reply).toEqual({ think: 'keep it', calls: [{ name: 'Add_memory', arguments: { content: 'x' } }], answer: null, violations: [] })
  })

  it('reads an answer', () => {
    expect(parseReply('<think>a</think><answer> Oslo </answer>\n')).toEqual({ think: 'a', calls: [], answer: 'Oslo', violations: [] })
  })

  it('takes tags inside a JSON string as content', () => {
    const reply = parseReply('<think>a</think><tool_call>[{"name":"Add_memory","arguments":{"content":"</tool_call><answer>no</answer> \\"]"}}]</tool_call>')
    expect(reply.violations).toEqual([])
    expect(reply.calls[0]?.arguments).toEqual({ content: '</tool_call><answer>no</answer> "]' })
  })

  it('names each broken rule with its position', () => {
    expect(rules('<answer>x</answer>')).toEqual([['missing-think', 0, true]])
    expect(rules('<think>a<answer>x</answer>')).toEqual([['unclosed-think', 0, true]])
    expect(rules('<think>a</think>')).toEqual([['missing-action', 16, false]])
    expect(rules('<think>a</think> well <answer>x</answer>')).toEqual([['text-outside', 17, true]])
    expect(rules('<think>a</think><answer>x')).toEqual([['unclosed-action', 16, true]])
    expect(rules('<think>a</think><answer>x</answer><answer>y</answer>')).toEqual([['several-actions', 34, false]])
    expect(rules('<think>a</think><tool_call>[]</tool_call>')).toEqual([['empty-calls', 27, false]])
    expect(rules('<think>a</think><tool_call>[{"name":"A",}]</tool_call>')).toEqual([['invalid-json', 40, false]])
    expect(rules('<think>a</think><tool_call>[7]</tool_call>')).toEqual([['invalid-call', 27, false]])
    expect(rules('<think>a</think><tool_call>[{"name":"A","arguments":{}}]</tool_call><answer>x</answer>')).toEqual([['both-actions', 68, false]])
  })

  it('recovers what is unambiguous', () => {
    const single = parseReply('<think>a</think><tool_call>{"name":"A","arguments":{"b":1}}</tool_call>')
    expect(single.calls).toEqual([{ name: 'A', arguments: { b: 1 } }])
    expect(single.violations).toMatchObject([{ rule: 'not-an-array', position: 27, recovered: true }])

    const unclosed = parseReply('<think>a</think><tool_call>[{"name":"A","arguments":{}}]')
    expect(unclosed.calls).toEqual([{ name: 'A', arguments: {} }])
    expect(unclosed.violations).toMatchObject([{ rule: 'unclosed-action', recovered: true }])

    const twice = parseReply('<think>a</think><tool_call>[{"name":"A","arguments":{}}]</tool_call><tool_call>[{"name":"B","arguments":{}}]</tool_call>')
    expect(twice.calls.map((call) => call.name)).toEqual(['A', 'B'])
  })

  it('does nothing when a reply both calls and answers', () => {
    const reply = parseReply('<think>a</think><answer>x</answer><tool_call>[{"name":"A","arguments":{}}]</tool_call>')
    expect(reply.calls).toEqual([])
    expect(reply.answer).toBeNull()
  })

  it('refuses more calls than the limit', () => {
    const calls = Array.from({ length: maxCalls + 5 }, () => ({ name: 'A', arguments: {} }))
    const reply = parseReply(formatReply('', { calls }))
    expect(reply.calls).toHaveLength(maxCalls)
    expect(reply.violations).toMatchObject([{ rule: 'invalid-call', recovered: false }])
  })

  it('is total: any text gives a reply, with positions inside the text', () => {
    const pieces = fc.array(
      fc.oneof(
        fc.constantFrom('<think>', '</think>', '<tool_call>', '</tool_call>', '<answer>', '</answer>', '[', ']', '{', '}', '"', '\\', '{"name":"A","arguments":{}}', ' ', '\n'),
        fc.string({ unit: 'binary', maxLength: 6 }),
      ),
      { maxLength: 30 },
    )
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = parts.join('')
        const reply = parseReply(text)
        for (const violation of reply.violations) {
          expect(violation.position).toBeGreaterThanOrEqual(0)
          expect(violation.position).toBeLessThanOrEqual(text.length)
        }
        // Without an unrecovered violation there is exactly one thing to do.
        if (reply.violations.every((violation) => violation.recovered)) {
          expect(reply.answer !== null).toBe(reply.calls.length === 0)
        }
        if (reply.answer !== null) expect(reply.calls).toEqual([])
      }),
      { numRuns: 20_000 },
    )
  })

  it('reads back what formatReply wrote, whatever the contents', () => {
    const text = fc.string({ unit: 'grapheme' })
    const call = fc.record({ name: text, arguments: fc.dictionary(text, fc.oneof(text, fc.integer(), fc.boolean()), { noNullPrototype: true }) })
    fc.assert(
      fc.property(fc.array(call, { minLength: 1, maxLength: 4 }), (calls) => {
        const reply = parseReply(formatReply('why', { calls }))
        expect(reply.violations).toEqual([])
        expect(JSON.stringify(reply.calls)).toBe(JSON.stringify(calls))
      }),
    )
  })
})
