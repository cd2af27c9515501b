import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitArguments, problemsOf } from './arguments.ts'
import { maxDepth, readLenientJson } from './lenient-json.ts'
import { parseReply } from './parser.ts'

const read = (body: string) => parseReply(`<think>a</think><tool_call>${body}</tool_call>`)
const add = { name: 'Add_memory', arguments: { content: 'x' } }

describe('calls in another form', () => {
  it.each([
    ['parameters', '[{"name":"Add_memory","parameters":{"content":"x"}}]'],
    ['args', '[{"name":"Add_memory","args":{"content":"x"}}]'],
    ['input', '[{"name":"Add_memory","input":{"content":"x"}}]'],
    ['arguments as a JSON string', '[{"name":"Add_memory","arguments":"{\\"content\\":\\"x\\"}"}]'],
    [
      'OpenAI',
      '[{"id":"call_1","type":"function","function":{"name":"Add_memory","arguments":"{\\"content\\":\\"x\\"}"}}]',
    ],
    ['tool_calls', '{"tool_calls":[{"function":{"name":"Add_memory","arguments":{"content":"x"}}}]}'],
    ['the tool as function', '[{"function":"Add_memory","arguments":{"content":"x"}}]'],
    ['the tool as key', '[{"Add_memory":{"content":"x"}}]'],
    ['a namespace', '[{"recipient_name":"functions.Add_memory","parameters":{"content":"x"}}]'],
    ['arguments beside the name', '[{"name":"Add_memory","content":"x"}]'],
    ['an id', '[{"id":"1","name":"Add_memory","arguments":{"content":"x"}}]'],
    ['one object', '{"name":"Add_memory","arguments":{"content":"x"}}'],
    ['a fence', '\n```json\n[{"name":"Add_memory","arguments":{"content":"x"}}]\n```\n'],
    ['a trailing comma', '[{"name":"Add_memory","arguments":{"content":"x",},},]'],
    ['single quotes', "[{'name': 'Add_memory', 'arguments': {'content': 'x'}}]"],
    ['names without quotes', '[{name:"Add_memory",arguments:{content:"x"}}]'],
    ['brackets missing', '[{"name":"Add_memory","arguments":{"content":"x"}'],
    ['a bracket too many', '[{"name":"Add_memory","arguments":{"content":"x"}}]}'],
    ['null for what may be left out', '[{"name":"Add_memory","arguments":{"content":"x","metadata":null}}]'],
  ])('reads %s, as a violation', (_, body) => {
    const { calls, violations } = read(body)
    expect(calls).toEqual([add])
    expect(violations.length).toBeGreaterThan(0)
    expect(violations.every(({ recovered }) => recovered)).toBe(true)
  })

  it('keeps what the form had in it', () => {
    expect(read('[{"name":"Delete_memory","arguments":{"memory_id":"m1","confirmation":True}}]').calls).toEqual([
      { name: 'Delete_memory', arguments: { memory_id: 'm1', confirmation: true } },
    ])
    expect(read('[{"name":"Add_memory","arguments":{"content":"one\ntwo\tthree"}}]').calls[0]?.arguments).toEqual({
      content: 'one\ntwo\tthree',
    })
    expect(
      read("[{'name':'Add_memory','arguments':{'content':'it\\'s \"so\"','metadata':None}}]").calls[0]?.arguments,
    ).toEqual({ content: 'it\'s "so"' })
    expect(read('{"name":"A","arguments":{"b":1}}\n{"name":"B","arguments":{"c":2}}').calls).toEqual([
      { name: 'A', arguments: { b: 1 } },
      { name: 'B', arguments: { c: 2 } },
    ])
    for (const none of ['""', 'null', '[]'])
      expect(read(`[{"name":"A","arguments":${none}}]`)).toMatchObject({
        calls: [{ name: 'A', arguments: {} }],
        violations: [{ rule: 'invalid-call', recovered: true }],
      })
  })

  it('reads values by the schema of their tool', () => {
    const values = (name: string, args: unknown) => read(JSON.stringify([{ name, arguments: args }]))
    expect(values('Retrieve_memory', { query: 'x', top_k: '5' }).calls[0]?.arguments).toEqual({ query: 'x', top_k: 5 })
    expect(values('Delete_memory', { memory_id: 'm1', confirmation: 'true' }).calls[0]?.arguments).toEqual({
      memory_id: 'm1',
      confirmation: true,
    })
    expect(values('Delete_memory', { memory_id: 'm1', confirmation: 'False' }).calls[0]?.arguments).toEqual({
      memory_id: 'm1',
      confirmation: false,
    })
    expect(values('Summary_context', { span: 2 }).calls[0]?.arguments).toEqual({ span: '2' })
    expect(values('Add_memory', { content: 'x', metadata: '{"tags":["a"]}' }).calls[0]?.arguments).toEqual({
      content: 'x',
      metadata: { tags: ['a'] },
    })
    // As written: a year within a text is no number, and what has no one reading is left for the tool to refuse.
    expect(values('Add_memory', { content: '1990' })).toMatchObject({
      calls: [{ arguments: { content: '1990' } }],
      violations: [],
    })
    expect(values('Delete_memory', { memory_id: 'm1', confirmation: 'yes' }).calls[0]?.arguments).toEqual({
      memory_id: 'm1',
      confirmation: 'yes',
    })
    expect(values('Retrieve_memory', { query: 'x', top_k: 'five' })).toMatchObject({
      calls: [{ arguments: { top_k: 'five' } }],
      violations: [],
    })
    expect(values('Save_memory', { content: 7 })).toMatchObject({
      calls: [{ arguments: { content: 7 } }],
      violations: [],
    })
  })

  it.each([
    [
      'quotation marks that are not escaped',
      '[{"name":"Add_memory","arguments":{"content":"he said "hi" to me"}}]',
      'invalid-json',
      /quotation mark/,
    ],
    [
      'an apostrophe in single quotes',
      "[{'name':'Add_memory','arguments':{'content':'it's so'}}]",
      'invalid-json',
      /quotation mark/,
    ],
    ['typographic quotes', '[{“name”:“Add_memory”}]', 'invalid-json', /straight/],
    ['an unknown escape', '[{"name":"Add_memory","arguments":{"content":"\\d+"}}]', 'invalid-json', /backslash/],
    ['a name twice', '[{"name":"Add_memory","arguments":{"content":"x","content":"y"}}]', 'invalid-json', /twice/],
    [
      'digits that would be lost',
      '[{"name":"Add_memory","arguments":{"content":"x","metadata":{"n":12345678901234567890}}}]',
      'invalid-json',
      /digits/,
    ],
    ['text behind', '[{"name":"Add_memory","arguments":{"content":"x"}}] and that is all', 'invalid-json', /behind/],
    ['too deep a nest', `[{"name":"A","arguments":{"b":${'['.repeat(40)}${']'.repeat(40)}}}]`, 'invalid-json', /deep/],
    ['a call that ends before its arguments', '[{"name":"Add_memory"', 'invalid-call', /ends before/],
    [
      'two places for arguments',
      '[{"name":"Add_memory","arguments":{},"parameters":{"content":"x"}}]',
      'invalid-call',
      /parameters/,
    ],
    [
      'an argument beside the arguments',
      '[{"name":"Add_memory","arguments":{"content":"x"},"memory_type":"fact"}]',
      'invalid-call',
      /memory_type/,
    ],
    ['arguments by an unknown name', '[{"name":"Add_memory","payload":{"content":"x"}}]', 'invalid-call', /payload/],
    ['arguments in a list', '[{"name":"Add_memory","arguments":["x"]}]', 'invalid-call', /object/],
    ['arguments that are no JSON', '[{"name":"Add_memory","arguments":"content=x"}]', 'invalid-call', /object/],
    ['the call as a text', '["Add_memory(content=x)"]', 'invalid-call', /name/],
  ])('refuses %s and says what was expected', (_, body, rule, message) => {
    const { calls, violations } = read(body)
    expect(calls).toEqual([])
    expect(violations.at(-1)).toMatchObject({ rule, recovered: false, message: expect.stringMatching(message) })
  })

  it.each([
    ['Qwen', '<function=Add_memory><parameter=content>x</parameter></function>'],
    ['Llama', '<|python_tag|>{"name":"Add_memory","parameters":{"content":"x"}}'],
    ['Mistral', '[TOOL_CALLS][{"name":"Add_memory","arguments":{"content":"x"}}]'],
    ['Claude', '<invoke name="Add_memory"><parameter name="content">x</parameter></invoke>'],
    ['DeepSeek', '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>Add_memory'],
    ['Gpt-oss', '<|channel|>commentary to=functions.Add_memory<|message|>{"content":"x"}'],
    ['ReAct', 'Action: Add_memory\nAction Input: {"content": "x"}'],
    ['without its tag', '[{"name":"Add_memory","arguments":{"content":"x"}}]'],
    ['Other protocols', '<tool_calls>[]</tool_calls>'],
    ['The tag', '<tool-call>[]</tool-call>'],
  ])('names the protocol: %s', (family, text) => {
    const { calls, violations } = parseReply(`<think>a</think>${text}`)
    expect(calls).toEqual([])
    expect(violations).toMatchObject([
      { rule: 'other-protocol', recovered: false, message: expect.stringContaining(family) },
    ])
    expect(violations[0]?.message).toContain('<tool_call>[{"name": "…", "arguments": {…}}]</tool_call>')
  })

  it('names it within a <tool_call> too', () => {
    expect(read('<function=Add_memory><parameter=content>x</parameter></function>')).toMatchObject({
      calls: [],
      violations: [{ rule: 'other-protocol', position: 27 }],
    })
    expect(read('Add_memory\n<arg_key>content</arg_key><arg_value>x</arg_value>').violations).toMatchObject([
      { rule: 'other-protocol' },
    ])
  })
})

describe('readLenientJson', () => {
  it('reads JSON as JSON.parse does, without a word', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 8 }), (json) => {
        const value: unknown = JSON.parse(json)
        const read = readLenientJson(json, 0, '</tool_call>')
        // A digit too many, or a name twice, is what JSON.parse loses without a word.
        if (!read.ok) expect(['number', 'repeated-name']).toContain(read.problem)
        else {
          expect(read.bent).toEqual([])
          expect(JSON.stringify(read.values)).toBe(
            JSON.stringify([value]).replace(/\\ud[89ab-f][0-9a-f]{2}/g, '\uFFFD'),
          )
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('keeps __proto__ as a name like any other', () => {
    const read = readLenientJson('{"__proto__":{"a":1}}', 0, '</tool_call>')
    expect(read.ok && Object.keys(Object(read.values[0]))).toEqual(['__proto__'])
  })

  it('makes half an emoji what an encoder makes of it', () => {
    expect(readLenientJson('"a\\ud83d b\\ud83d\\ude00"', 0, '</tool_call>')).toMatchObject({ values: ['a\uFFFD b😀'] })
  })

  it('goes down so far and no further', () => {
    const nest = (depth: number) => readLenientJson('['.repeat(depth) + ']'.repeat(depth), 0, '</tool_call>')
    expect(nest(maxDepth)).toMatchObject({ ok: true })
    expect(nest(maxDepth + 1)).toMatchObject({ ok: false, problem: 'depth' })
  })
})

describe('problemsOf', () => {
  it('says in words what is wrong', () => {
    expect(problemsOf('Add_memory', { content: 'x' })).toBeNull()
    expect(problemsOf('Add_memory', {})).toBe('content is missing: it must be text')
    expect(problemsOf('Add_memory', { content: '  ' })).toBe('content must not be empty')
    expect(problemsOf('Retrieve_memory', { query: 'x', top_k: 99 })).toBe('top_k must be a whole number from 1 to 50')
    expect(problemsOf('Delete_memory', { memory_id: 'm1', confirmation: 'yes' })).toBe(
      'confirmation must be true or false',
    )
    expect(problemsOf('Add_memory', { content: 'x', metadata: 'y' })).toBe('metadata must be a JSON object')
    expect(problemsOf('Retrieve_memory', { query: 'x', limit: 5 })).toBe(
      'there is no argument "limit": it takes query, top_k, metadata_filter',
    )
  })

  it('leaves arguments of no known tool alone', () => {
    const given = { top_k: '5' }
    expect(fitArguments('Fly', given)).toEqual({ arguments: given, changed: [] })
  })
})
