import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatReply, maxCalls, maxReplyLength, parseReply } from './parser.ts'

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
    expect(rules('<think>a</think><tool_call>[{"name":"A",;}]</tool_call>')).toEqual([['invalid-json', 40, false]])
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
    const tag = fc.constantFrom('<think>', '</think>', '<tool_call>[', '</tool_call>', '<answer>', '</answer>', '```json\n', "it's", '"')
    const text = fc.array(fc.oneof(fc.string({ unit: 'grapheme', maxLength: 5 }), tag), { maxLength: 5 }).map((parts) => parts.join(''))
    const call = fc.record({ name: text, arguments: fc.dictionary(text, fc.oneof(text, fc.integer(), fc.boolean()), { noNullPrototype: true }) })
    fc.assert(
      fc.property(fc.array(call, { minLength: 1, maxLength: 4 }), (calls) => {
        const reply = parseReply(formatReply('why', { calls }))
        expect(reply.violations).toEqual([])
        expect(JSON.stringify(reply.calls)).toBe(JSON.stringify(calls))
      }),
    )
    fc.assert(
      fc.property(text, text, (think, answer) => {
        const reply = parseReply(formatReply(think, { answer }))
        expect(reply.violations).toEqual([])
        // Neither has escapes: a tag within gets a space.
        const loose = (part: string) => part.replace(/<(?=\/?(think|tool_call|answer)>)/g, '< ').trim()
        expect(reply).toMatchObject({ think: loose(think), answer: loose(answer) })
      }),
    )
  })
})

const draft = '<tool_call>[{"name":"A","arguments":{"of":"draft"}}]</tool_call>'
const real = '<tool_call>[{"name":"A","arguments":{"of":"real"}}]</tool_call>'
const realCall = [{ name: 'A', arguments: { of: 'real' } }]

describe('a thought', () => {
  it('that the template opened ends at the first </think> that nothing opened: a draft before it is not run', () => {
    expect(parseReply(`I might say ${draft} but no.</think>\n\n${real}`)).toEqual({ think: `I might say ${draft} but no.`, calls: realCall, answer: null, violations: [] })
    expect(parseReply('Just thinking.</think><answer>x</answer>')).toEqual({ think: 'Just thinking.', calls: [], answer: 'x', violations: [] })
    expect(parseReply(`${draft} was wrong.</think>${real}`)).toEqual({ think: `${draft} was wrong.`, calls: realCall, answer: null, violations: [] })
    expect(parseReply(`Say <answer>x or <tool_call>, which?</think>${real}`).calls).toEqual(realCall)
    expect(parseReply(`Say ${draft}? No.</think>Add_memory(content="x")`)).toMatchObject({ calls: [], violations: [{ rule: 'text-outside' }, { rule: 'missing-action' }] })
    expect(parseReply(`${draft} No.</think>[TOOL_CALLS][]`)).toMatchObject({ calls: [], violations: [{ rule: 'other-protocol' }] })
    expect(parseReply('Well. <answer>The tag </think> ends it.</answer>').answer).toBe('The tag </think> ends it.')
    expect(parseReply('Only that.</think>')).toMatchObject({ think: 'Only that.', violations: [{ rule: 'missing-action' }] })
  })

  it('may name the tags, even its own end', () => {
    expect(parseReply(`<think>First <tool_call>, or <answer>?</think>${real}`)).toEqual({ think: 'First <tool_call>, or <answer>?', calls: realCall, answer: null, violations: [] })
    expect(parseReply(`<think>I would ${draft} first.</think>${real}`).calls).toEqual(realCall)
    const named = parseReply(`<think>It ends with </think> and then comes <tool_call>. So:</think>${real}`)
    expect(named).toMatchObject({ think: 'It ends with </think> and then comes <tool_call>. So:', calls: realCall, violations: [{ rule: 'text-outside', recovered: true }] })
    expect(parseReply(`<think>a</think>${draft}</think>${real}`).calls).toEqual(realCall)
    expect(parseReply(`<think>a <think> b</think> c</think>${real}`)).toMatchObject({ think: 'a <think> b</think> c', calls: realCall, violations: [] })
  })

  it('does not end inside a call or an answer', () => {
    const call = '<tool_call>[{"name":"A","arguments":{"content":"x</think><answer>y</answer>"}}]</tool_call>'
    expect(parseReply(call)).toMatchObject({ think: null, calls: [{ name: 'A', arguments: { content: 'x</think><answer>y</answer>' } }], answer: null })
    expect(parseReply('<think>a</think><answer>The tag </think> ends it.</answer>')).toEqual({ think: 'a', calls: [], answer: 'The tag </think> ends it.', violations: [] })
    expect(parseReply('<answer>The tag </think> ends it.</answer>').answer).toBe('The tag </think> ends it.')
  })
})

describe('tags as content', () => {
  it('takes </answer> within an answer as content, and two answers as two', () => {
    const answer = (text: string) => parseReply(`<think>a</think><answer>${text}</answer>`)
    expect(answer('Write </answer> at the end.')).toMatchObject({ answer: 'Write </answer> at the end.', violations: [] })
    const notice = 'Reply with <think>…</think> and then <tool_call>[…]</tool_call> or <answer>…</answer>.'
    expect(answer(notice)).toMatchObject({ answer: notice, violations: [] })
    expect(rules('<think>a</think><answer>x</answer></answer>')).toEqual([['text-outside', 34, true]])
    expect(answer('x</answer> <answer>y').answer).toBeNull()
  })

  it('runs nothing of a reply whose call cannot be read: what follows may be a text that it failed to quote', () => {
    const quoted = `<think>a</think><tool_call>[{"name":"A","arguments":{"content":"he said "${draft}" to me"}}]</tool_call>`
    expect(parseReply(quoted)).toMatchObject({ calls: [], violations: expect.arrayContaining([expect.objectContaining({ rule: 'invalid-json', recovered: false })]) })
    expect(parseReply(`<think>a</think><tool_call>[{"name":"A";</tool_call>${real}`).calls).toEqual([])
  })
})

describe('a length', () => {
  it('beyond which nothing is read', () => {
    const long = `<think>${'a'.repeat(maxReplyLength)}</think>${real}`
    expect(parseReply(long)).toMatchObject({ calls: [], answer: null, violations: [{ rule: 'too-long', recovered: false, position: maxReplyLength }] })
  })

  it.each<[string, (n: number) => string]>([
    ['openings of a call', (n) => '<tool_call>['.repeat(n / 12)],
    ['openings of a text', (n) => '<tool_call>["'.repeat(n / 13)],
    ['unfinished calls', (n) => '<tool_call>[{"name":"A","arguments":{"b":"'.repeat(n / 42)],
    ['thoughts', (n) => '<think>'.repeat(n / 7)],
    ['ends of thoughts', (n) => '</think> '.repeat(n / 9) + '<answer>'],
    ['thoughts and answers', (n) => '</think><answer>'.repeat(n / 16)],
    ['ends of answers', (n) => `<answer>${'a</answer>'.repeat(n / 10)}`],
    ['brackets', (n) => `<think></think><tool_call>${'['.repeat(n)}`],
    ['objects', (n) => `<think></think><tool_call>${'{}'.repeat(n / 2)}</tool_call>`],
    ['white space', (n) => `<think>a</think>${' '.repeat(n)}x`],
    ['half tags', (n) => '<answer '.repeat(n / 8)],
  ])('is read in time in proportion to it: %s', (_, make) => {
    const time = (text: string) => {
      let best = Infinity
      for (let i = 0; i < 5; i++) {
        const began = performance.now()
        parseReply(text)
        best = Math.min(best, performance.now() - began)
      }
      return best
    }
    const whole = make(maxReplyLength - 200)
    expect(whole.length).toBeLessThanOrEqual(maxReplyLength)
    // Quadratic reading of so much takes seconds; a slow machine gets its share.
    expect(time(whole)).toBeLessThan(250)
  })
})
