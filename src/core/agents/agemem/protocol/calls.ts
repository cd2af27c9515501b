// From the JSON of a <tool_call> to the calls it means: as asked, or in one of the forms that other interfaces have,
// where the meaning is clear. A call whose arguments would be lost, or would have to be guessed, is refused.
import { isObject } from '../../../is-object.ts'
import type { ToolCall, Violation } from '../../../record/trajectory.ts'
import { quoted } from '../../../text.ts'
import { fitArguments, isParameter } from './arguments.ts'
import type { Block } from './blocks.ts'
import { foreignProtocol } from './foreign.ts'
import { bentForms, objectIn, type JsonProblem } from './lenient-json.ts'
import { isToolName } from '../tools/index.ts'

/** Calls in one reply at most; more are refused rather than run. */
export const maxCalls = 32

export const callForm = '<tool_call>[{"name": "…", "arguments": {…}}]</tool_call>'

const hints: Record<JsonProblem, string> = {
  cut: '',
  syntax: '',
  'unescaped-quote': ' A quotation mark inside a text is written \\".',
  escape: ' A backslash inside a text is written \\\\.',
  'curly-quotes': ' Use straight quotation marks.',
  'repeated-name': ' A name stands twice in one object, and one of its values would be lost.',
  number: ' A number has more digits than can be kept: write it as text.',
  depth: ' It is nested too deeply.',
  'text-behind': ' There is text behind the calls.',
}

const inWords = (parts: readonly string[]) =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`

/** Other names that the arguments, or the tool's name, are given. */
const argumentNames = ['arguments', 'parameters', 'args', 'params', 'kwargs', 'input', 'tool_input', 'action_input']
const toolKeys = ['name', 'tool', 'tool_name', 'function', 'function_name', 'action', 'recipient_name']
/** What stands around a call elsewhere and says nothing of it. */
const envelope = new Set(['id', 'type', 'index', 'call_id', 'tool_call_id'])

type ReadCall = { call: ToolCall; bent: string[] } | { refused: string }

const expected = 'It must be an object with a "name" (text) and "arguments" (an object).'

/** The arguments as an object; null when they are none. */
function argumentsOf(value: unknown, bent: string[]): Record<string, unknown> | null {
  if (isObject(value)) return value
  if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) {
    bent.push('its arguments are empty; none were assumed')
    return {}
  }
  if (typeof value !== 'string') return null
  const only = objectIn(value)
  if (!only) return null
  bent.push('its arguments are JSON within a text')
  return only
}

/** Takes off what other interfaces put around a call: {"type": "function", "function": {…}} and the like. */
function unwrapped(item: Record<string, unknown>, bent: string[]): Record<string, unknown> {
  for (const key of ['function', 'function_call', 'tool_call']) {
    const inner = item[key]
    if (isObject(inner) && Object.keys(item).every((each) => each === key || envelope.has(each))) {
      bent.push(`it stands within "${key}"`)
      return inner
    }
  }
  const [only, ...others] = Object.entries(item)
  if (only && others.length === 0 && isToolName(only[0]) && isObject(only[1])) {
    bent.push('the name of its tool stands in the place of "name"')
    return { name: only[0], arguments: only[1] }
  }
  return item
}

/** @param broken its brackets had to be closed for it: what is missing may have stood there */
function readCall(given: unknown, broken: boolean): ReadCall {
  if (!isObject(given)) return { refused: expected }
  const bent: string[] = []
  const item = unwrapped(given, bent)
  const nameKeys = toolKeys.filter((key) => Object.hasOwn(item, key) && typeof item[key] === 'string')
  const argumentKeys = argumentNames.filter((key) => Object.hasOwn(item, key))
  const [nameKey, otherName] = nameKeys
  const [argumentKey, otherArguments] = argumentKeys
  const written = nameKey === undefined ? undefined : item[nameKey]
  if (nameKey === undefined || typeof written !== 'string') return { refused: expected }
  if (otherName !== undefined) return { refused: `"${nameKey}" and "${otherName}" both name a tool.` }
  if (otherArguments !== undefined && argumentKey !== undefined)
    return { refused: `"${argumentKey}" and "${otherArguments}" both give arguments.` }
  if (nameKey !== 'name') bent.push(`its name stands in "${nameKey}"`)
  const bare = written.replace(/^functions\./, '')
  const name = bare !== written && isToolName(bare) ? bare : written
  if (name !== written) bent.push(`its tool is called ${quoted(written)}`)

  const rest = Object.keys(item).filter((key) => key !== nameKey && key !== argumentKey)
  const own = rest.filter((key) => isParameter(name, key))
  const strange = rest.filter((key) => !own.includes(key))
  let args: Record<string, unknown> | null
  if (argumentKey !== undefined) {
    if (own.length > 0) return { refused: `${inWords(own.map(quoted))} must stand in "arguments", not beside it.` }
    if (argumentKey !== 'arguments') bent.push(`its arguments stand in "${argumentKey}"`)
    args = argumentsOf(item[argumentKey], bent)
    if (!args) return { refused: `Its "${argumentKey}" must be an object.` }
  } else if (own.length > 0) {
    args = Object.fromEntries(own.map((key) => [key, item[key]]))
    bent.push('its arguments stand beside its name and not in "arguments"')
  } else if (broken) {
    return { refused: 'It ends before its "arguments".' }
  } else {
    args = {}
    bent.push('it has no "arguments"; none were assumed')
  }
  const unread = strange.filter((key) => !envelope.has(key))
  // Without a place for arguments of their own these may be what was meant by them.
  if (argumentKey === undefined && unread.length > 0)
    return {
      refused: `Its arguments must stand in "arguments"; there is ${inWords(unread.slice(0, 3).map(quoted))} instead.`,
    }
  if (strange.length > 0)
    bent.push(`${inWords(strange.slice(0, 3).map(quoted))} ${strange.length === 1 ? 'says' : 'say'} nothing here`)
  const fit = fitArguments(name, args)
  return { call: { name, arguments: fit.arguments }, bent: [...bent, ...fit.changed] }
}

/** The calls of a block's values, one after another, and what was bent in how they stand there. */
function itemsOf(values: readonly unknown[]): { items: unknown[]; bent: string | null; array: boolean } {
  const [only] = values
  const wrapped =
    values.length === 1 && isObject(only) && Object.keys(only).length === 1 && Array.isArray(only['tool_calls'])
      ? only['tool_calls']
      : null
  if (wrapped)
    return { items: wrapped, bent: 'The calls must be a JSON array; they were taken out of "tool_calls".', array: true }
  if (values.length === 1 && Array.isArray(only)) return { items: only, bent: null, array: true }
  if (values.length === 1 && isObject(only))
    return {
      items: [only],
      bent: 'The calls must be a JSON array; a single object was taken as an array of one.',
      array: true,
    }
  if (values.every((value) => isObject(value) || Array.isArray(value))) {
    return {
      items: values.flat(),
      bent: 'The calls must be one JSON array; several values were taken as one.',
      array: true,
    }
  }
  return { items: [], bent: null, array: false }
}

/** The calls of a block, with a violation for each way in which they are not as asked. */
export function readCalls({ json, body, bodyStart }: Block, violations: Violation[]): ToolCall[] {
  if (!json) return []
  if (!json.ok) {
    const foreign = json.problem === 'syntax' ? foreignProtocol(body) : null
    violations.push(
      foreign
        ? {
            rule: 'other-protocol',
            position: bodyStart + foreign.at,
            message: `${sentence(foreign.name)}; here a call is ${callForm}.`,
            recovered: false,
          }
        : {
            rule: 'invalid-json',
            position: json.problem === 'cut' ? bodyStart + body.trimEnd().length : json.at,
            message: `The content of <tool_call> is not valid JSON.${hints[json.problem]}`,
            recovered: false,
          },
    )
    return []
  }
  const lead = bodyStart + Math.max(0, body.search(/\S/))
  const [firstBent] = json.bent
  if (firstBent) {
    violations.push({
      rule: 'invalid-json',
      position: firstBent.at,
      message: `The JSON has ${inWords(json.bent.map(({ form }) => bentForms[form]))}.`,
      recovered: true,
    })
  }
  const { items, bent, array } = itemsOf(json.values)
  if (bent !== null) violations.push({ rule: 'not-an-array', position: lead, message: bent, recovered: true })
  if (!array) {
    violations.push({
      rule: 'not-an-array',
      position: lead,
      message: 'The calls must be a JSON array of objects.',
      recovered: false,
    })
    return []
  }
  if (items.length === 0)
    violations.push({ rule: 'empty-calls', position: lead, message: 'The array of calls is empty.', recovered: false })
  const broken = json.bent.some(({ form }) => form === 'missing-bracket')
  const calls: ToolCall[] = []
  for (const [index, item] of items.entries()) {
    if (index >= maxCalls) {
      violations.push({
        rule: 'invalid-call',
        position: lead,
        message: `More than ${maxCalls} calls in one reply; the rest was left out.`,
        recovered: false,
      })
      break
    }
    const read = readCall(item, broken)
    if ('refused' in read) {
      violations.push({
        rule: 'invalid-call',
        position: lead,
        message: `Call ${index + 1} was not run. ${read.refused}`,
        recovered: false,
      })
      continue
    }
    if (read.bent.length > 0)
      violations.push({
        rule: 'invalid-call',
        position: lead,
        message: `Call ${index + 1}: ${inWords(read.bent)}.`,
        recovered: true,
      })
    calls.push(read.call)
  }
  return calls
}

export const sentence = (half: string) => half.charAt(0).toUpperCase() + half.slice(1)
