// Replies as nobody should write them: noise, valid ones made wrong, calls in the forms of other interfaces and families,
// and repetitions. What a near miss must not become is known, because the call that it is a form of is.
import type { Random } from '../src/core/random.ts'
import { formatReply, maxCalls, maxReplyLength, parseReply } from '../src/core/agents/agemem/protocol/parser.ts'
import { problemsOf } from '../src/core/agents/agemem/protocol/arguments.ts'
import { isToolName, toolNames } from '../src/core/agents/agemem/tools/index.ts'
import type { ToolCall } from '../src/core/record/trajectory.ts'
import { lengthOf, mutated, repeated } from './mutate.ts'
import { WrongResult, type Input, type Target } from './target.ts'

const pieces = [
  '<think>',
  '</think>',
  '<tool_call>',
  '</tool_call>',
  '<answer>',
  '</answer>',
  '<tool_call>[',
  '<tool_call>["',
  '[',
  ']',
  '{',
  '}',
  '"',
  "'",
  '\\',
  ',',
  ':',
  '{"name":"Add_memory","arguments":{"content":"x"}}',
  '[{"name":"A","arguments":{}}]',
  '"name"',
  '"arguments"',
  '```json\n',
  '```',
  ' ',
  '\n',
  'True',
  'null',
  '<function=',
  '[TOOL_CALLS]',
  '<|python_tag|>',
  '<invoke name="',
  'Action: ',
  '<|im_end|>',
  '\\u00',
  '\\ud83d',
  'a',
  '0',
  '<',
  '</',
  '\ud83d',
]
const texts = [
  'x',
  'Mira lives in Tarn.',
  'he said "hi"',
  "it's so",
  'a\nb',
  '</tool_call>',
  '<answer>no</answer>',
  'c:\\d',
  'é 😀',
  '1990',
  '{"a":1}',
  '</think>',
  '',
  '[m1] x',
]

const isWhole = (value: unknown): boolean => JSON.stringify(JSON.parse(JSON.stringify(value))) === JSON.stringify(value)

/** What holds of every reading. @param meant the calls that it may be read as; left out: any */
function check(text: string, meant?: readonly ToolCall[]): void {
  const { calls, answer, violations } = parseReply(text)
  if (violations.some(({ position }) => position < 0 || position > text.length))
    throw new WrongResult('A violation stands outside the reply.')
  if (calls.length > maxCalls) throw new WrongResult(`There are ${calls.length} calls.`)
  if (answer !== null && calls.length > 0) throw new WrongResult('It both calls and answers.')
  if (answer === null && calls.length === 0 && violations.every(({ recovered }) => recovered))
    throw new WrongResult('There is nothing to do, and no violation says why.')
  if (!isWhole(calls)) throw new WrongResult('The calls are not what a record of them would be.')
  if (!meant) return
  // What the tool refuses is refused in words, too.
  const run = calls.filter(({ name, arguments: args }) => !isToolName(name) || problemsOf(name, args) === null)
  const left = meant.map((call) => JSON.stringify(call))
  for (const call of run.map((each) => JSON.stringify(each))) {
    const at = left.indexOf(call)
    if (at < 0) throw new WrongResult(`Read as ${JSON.stringify(calls)}, meant as ${JSON.stringify(meant)}.`)
    left.splice(0, at + 1)
  }
  if (run.length < calls.length || calls.length === meant.length) return
  if (violations.every(({ recovered }) => recovered))
    throw new WrongResult(`Only ${calls.length} of ${meant.length} calls were run, and no violation says why.`)
}

const inputOf = (text: string, meant?: readonly ToolCall[]): Input => ({
  text,
  size: text.length,
  run: () => {
    check(text, meant)
  },
})

function noise(random: Random): Input {
  const parts = Array.from({ length: random.int(40) }, () =>
    random.chance(0.7) ? random.pick(pieces) : String.fromCharCode(random.int(random.chance(0.8) ? 128 : 0xffff)),
  )
  return inputOf(parts.join(''))
}

function argumentsOf(name: string, random: Random): Record<string, unknown> {
  const text = () => random.pick(texts.filter((each) => each !== ''))
  switch (name) {
    case 'Add_memory':
      return {
        content: text(),
        ...(random.chance(0.3) && { metadata: { tags: [text()], n: random.int(100) } }),
        ...(random.chance(0.2) && { memory_type: 'fact' }),
      }
    case 'Update_memory':
      return { memory_id: 'm1', content: text() }
    case 'Delete_memory':
      return { memory_id: 'm2', confirmation: random.chance(0.8) }
    case 'Retrieve_memory':
      return { query: text(), ...(random.chance(0.5) && { top_k: 1 + random.int(50) }) }
    case 'Summary_context':
      return { span: random.pick(['all', '2']) }
    default:
      return { criteria: text() }
  }
}

function callOf(random: Random): ToolCall {
  const name = random.pick(toolNames)
  return { name, arguments: argumentsOf(name, random) }
}

function validReply(random: Random): string {
  if (random.chance(0.4)) return formatReply(random.pick(texts), { answer: random.pick(texts) })
  return formatReply(random.pick(texts), { calls: Array.from({ length: 1 + random.int(3) }, () => callOf(random)) })
}

const mutant = (random: Random): Input => inputOf(mutated(validReply(random), random, pieces))

/** Forms of the calls as a whole: of what they stand in, and how each is written. */
const shapes: readonly ((call: ToolCall) => unknown)[] = [
  (call) => call,
  ({ name, arguments: args }) => ({ name, parameters: args }),
  ({ name, arguments: args }) => ({ name, args }),
  ({ name, arguments: args }) => ({ tool: name, input: args }),
  ({ name, arguments: args }) => ({ name, arguments: JSON.stringify(args) }),
  ({ name, arguments: args }) => ({
    id: 'call_1',
    type: 'function',
    function: { name, arguments: JSON.stringify(args) },
  }),
  ({ name, arguments: args }) => ({ [name]: args }),
  ({ name, arguments: args }) => ({ name, ...args }),
  ({ name, arguments: args }) => ({ recipient_name: `functions.${name}`, parameters: args }),
  ({ name, arguments: args }) => ({ name, payload: args }),
  ({ name, arguments: args }) => ({ name, arguments: [args] }),
  ({ name, arguments: args }) => ({ name, arguments: {}, parameters: args }),
  ({ name, arguments: args }) => ({
    name,
    arguments: Object.fromEntries(
      Object.entries(args).map(([key, value]) => [
        key,
        typeof value === 'object' ? JSON.stringify(value) : typeof value === 'string' ? value : String(value),
      ]),
    ),
  }),
]

interface Style {
  quote: '"' | "'"
  /** Names without quotation marks. */
  bare?: boolean
  trailing?: boolean
  words?: readonly [yes: string, no: string]
  raw?: boolean
}

/** A value as some language would write it, texts with their quotation marks escaped. */
function written(value: unknown, style: Style): string {
  const { quote, bare, trailing, words: [yes, no] = ['true', 'false'], raw } = style
  const comma = trailing ? ',' : ''
  const text = (said: string) => {
    const inner = JSON.stringify(said).slice(1, -1)
    const quotes = quote === '"' ? inner : inner.replaceAll('\\"', '"').replaceAll("'", "\\'")
    return quote + (raw ? quotes.replaceAll(/(?<!\\)\\n/g, '\n') : quotes) + quote
  }
  if (typeof value === 'string') return text(value)
  if (typeof value === 'boolean') return value ? yes : no
  if (Array.isArray(value))
    return value.length === 0 ? '[]' : `[${value.map((each) => written(each, style)).join(', ')}${comma}]`
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, each]) => `${bare ? key : text(key)}: ${written(each, style)}`)
    return entries.length === 0 ? '{}' : `{${entries.join(', ')}${comma}}`
  }
  return JSON.stringify(value)
}

const python = ['True', 'False'] as const

const wholes: readonly ((items: unknown[]) => string)[] = [
  (items) => JSON.stringify(items),
  (items) => JSON.stringify(items, null, 2),
  (items) => items.map((item) => JSON.stringify(item)).join('\n'),
  (items) => `{"tool_calls":${JSON.stringify(items)}}`,
  (items) => `\n\`\`\`json\n${JSON.stringify(items)}\n\`\`\`\n`,
  (items) => written(items, { quote: '"', trailing: true }),
  (items) => written(items, { quote: '"', words: python }),
  (items) => written(items, { quote: "'", words: python }),
  (items) => written(items, { quote: '"', raw: true }),
  (items) => written(items, { quote: '"', bare: true }),
  (items) => JSON.stringify(items).replaceAll('\\"', '"'),
  (items) => JSON.stringify(items).replaceAll('"', '“'),
  (items) => JSON.stringify(items).replace(/[\]}]+$/, ''),
  (items) => `${JSON.stringify(items)}]`,
  (items) => `${JSON.stringify(items)} That is all.`,
]

/** Calls of other families of models: none is to be run. */
const foreign: readonly ((call: ToolCall) => string)[] = [
  ({ name, arguments: args }) =>
    `<function=${name}>${Object.entries(args)
      .map(([key, value]) => `<parameter=${key}>${String(value)}</parameter>`)
      .join('')}</function>`,
  ({ name, arguments: args }) => `<|python_tag|>${JSON.stringify({ name, parameters: args })}`,
  ({ name, arguments: args }) => `[TOOL_CALLS][${JSON.stringify({ name, arguments: args })}]`,
  ({ name, arguments: args }) => `<invoke name="${name}">${JSON.stringify(args)}</invoke>`,
  ({ name, arguments: args }) =>
    `${name}\n${Object.entries(args)
      .map(([key, value]) => `<arg_key>${key}</arg_key><arg_value>${String(value)}</arg_value>`)
      .join('')}`,
  ({ name, arguments: args }) => `Action: ${name}\nAction Input: ${JSON.stringify(args)}`,
  ({ name, arguments: args }) =>
    `${name}(${Object.entries(args)
      .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
      .join(', ')})`,
  ({ name, arguments: args }) => `<|channel|>commentary to=functions.${name}<|message|>${JSON.stringify(args)}`,
]

function nearMiss(random: Random): Input {
  const calls = Array.from({ length: random.chance(0.7) ? 1 : 2 }, () => callOf(random))
  const thought = random.pick([
    '<think>a</think>',
    'a template opened this</think>\n',
    '<think>I say <tool_call> and end.</think>',
    `A draft: <tool_call>${JSON.stringify([callOf(random)])}</tool_call> no.</think>`,
  ])
  const [one] = calls
  if (one && random.chance(0.2)) {
    const said = random.pick(foreign)(one)
    return inputOf(thought + (random.chance(0.5) ? said : `<tool_call>${said}</tool_call>`), [])
  }
  const shape = random.pick(shapes)
  const body = random.pick(wholes)(calls.map(shape))
  return inputOf(`${thought}<tool_call>${body}</tool_call>`, calls)
}

const hard = (random: Random): Input =>
  inputOf(repeated(pieces, random, lengthOf(random, 300, random.chance(0.02) ? 2 * maxReplyLength : maxReplyLength)))

export const replies: Target = {
  name: 'replies',
  generators: { noise, mutated: mutant, 'near misses': nearMiss, repeated: hard },
  perKilobyte: 3,
  expected: [],
}
