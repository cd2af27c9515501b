// Reads the paper's response protocol out of a model's text: <think>, then calls or an answer. Reports each broken
// rule with its position, recovers what is unambiguous, never throws.
import type { ToolCall, Violation } from '../episode/trajectory.ts'

export interface ParsedReply {
  think: string | null
  /** Calls to run; empty when the reply answers or when nothing could be made of it. */
  calls: ToolCall[]
  answer: string | null
  violations: Violation[]
}

/** Calls in one reply at most; more are refused rather than run. */
export const maxCalls = 32

type Tag = 'think' | 'tool_call' | 'answer'

interface Block {
  tag: Tag
  start: number
  bodyStart: number
  body: string
  closed: boolean
}

const opening = /<(think|tool_call|answer)>/g

/** Offset just behind the JSON value that starts at `from` (white space allowed), or -1 when it does not end. */
function endOfJson(text: string, from: number): number {
  let depth = 0
  let inString = false
  for (let i = from; i < text.length; i++) {
    const c = text[i]
    if (inString) {
      if (c === '\\') i++
      else if (c === '"') inString = false
    } else if (c === '"') inString = true
    else if (c === '[' || c === '{') depth++
    else if (c === ']' || c === '}') {
      depth--
      if (depth === 0) return i + 1
      if (depth < 0) return -1
    }
  }
  return -1
}

/** Where a block's body ends, and whether its closing tag is there. An unclosed block ends at the next action. */
function endOfBlock(text: string, tag: Tag, bodyStart: number): { end: number; closed: boolean } {
  // A tag inside a JSON string is content, so the value's own end decides where to look for the closing tag.
  const valueEnd = tag === 'tool_call' ? endOfJson(text, bodyStart) : -1
  const close = text.indexOf(`</${tag}>`, Math.max(bodyStart, valueEnd))
  if (close >= 0) return { end: close, closed: true }
  if (valueEnd >= 0) return { end: valueEnd, closed: false }
  const next = text.slice(bodyStart).search(/<(tool_call|answer)>/)
  return { end: next < 0 ? text.length : bodyStart + next, closed: false }
}

function blocksOf(text: string): { blocks: Block[]; outside: number | null } {
  const blocks: Block[] = []
  let outside: number | null = null
  let at = 0
  const noteOutside = (from: number, to: number) => {
    const offset = text.slice(from, to).search(/\S/)
    if (offset >= 0) outside ??= from + offset
  }
  for (;;) {
    opening.lastIndex = at
    const match = opening.exec(text)
    if (!match) break
    const tag: Tag = match[1] === 'think' ? 'think' : match[1] === 'answer' ? 'answer' : 'tool_call'
    noteOutside(at, match.index)
    const bodyStart = match.index + match[0].length
    const { end, closed } = endOfBlock(text, tag, bodyStart)
    blocks.push({ tag, start: match.index, bodyStart, body: text.slice(bodyStart, end), closed })
    at = closed ? end + tag.length + 3 : end
  }
  noteOutside(at, text.length)
  return { blocks, outside }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Offset of a JSON syntax error; engines say it in different words, so its absence means the end. */
function errorOffset(error: unknown, body: string): number {
  const found = error instanceof Error ? /position (\d+)/.exec(error.message) : null
  return found ? Math.min(Number(found[1]), body.length) : body.trimEnd().length
}

function readCalls(block: Block, violations: Violation[]): ToolCall[] {
  let value: unknown
  try {
    value = JSON.parse(block.body)
  } catch (error) {
    violations.push({
      rule: 'invalid-json',
      position: block.bodyStart + errorOffset(error, block.body),
      message: 'The content of <tool_call> is not valid JSON.',
      recovered: false,
    })
    return []
  }
  const lead = block.bodyStart + Math.max(0, block.body.search(/\S/))
  if (isObject(value)) {
    violations.push({
      rule: 'not-an-array',
      position: lead,
      message: 'The calls must be a JSON array; a single object was taken as an array of one.',
      recovered: true,
    })
    value = [value]
  }
  if (!Array.isArray(value)) {
    violations.push({ rule: 'not-an-array', position: lead, message: 'The calls must be a JSON array of objects.', recovered: false })
    return []
  }
  const items: unknown[] = value
  if (items.length === 0) {
    violations.push({ rule: 'empty-calls', position: lead, message: 'The array of calls is empty.', recovered: false })
  }
  const calls: ToolCall[] = []
  for (const [index, item] of items.entries()) {
    const name = isObject(item) ? item['name'] : undefined
    const args = isObject(item) ? item['arguments'] : undefined
    if (index >= maxCalls) {
      violations.push({ rule: 'invalid-call', position: lead, message: `More than ${maxCalls} calls in one reply; the rest was left out.`, recovered: false })
      break
    } else if (typeof name === 'string' && isObject(args)) {
      calls.push({ name, arguments: args })
    } else if (typeof name === 'string' && args === undefined) {
      violations.push({ rule: 'invalid-call', position: lead, message: `Call ${index + 1} has no "arguments"; none were assumed.`, recovered: true })
      calls.push({ name, arguments: {} })
    } else {
      violations.push({
        rule: 'invalid-call',
        position: lead,
        message: `Call ${index + 1} must be an object with a "name" (text) and "arguments" (an object).`,
        recovered: false,
      })
    }
  }
  return calls
}

/** Parses one reply. Total on every string. */
export function parseReply(text: string): ParsedReply {
  const violations: Violation[] = []
  const { blocks, outside } = blocksOf(text)
  const thinks = blocks.filter((block) => block.tag === 'think')
  const actions = blocks.filter((block) => block.tag !== 'think')
  const first = thinks[0]

  if (!first || blocks[0] !== first) {
    violations.push({ rule: 'missing-think', position: 0, message: 'A reply begins with <think>…</think>.', recovered: true })
  }
  if (first && !first.closed) {
    violations.push({ rule: 'unclosed-think', position: first.start, message: '<think> has no closing tag.', recovered: actions.length > 0 })
  }
  if (outside !== null) {
    violations.push({ rule: 'text-outside', position: outside, message: 'There is text outside the tags; it was ignored.', recovered: true })
  }
  for (const block of actions) {
    if (!block.closed) {
      violations.push({ rule: 'unclosed-action', position: block.start, message: `<${block.tag}> has no closing tag.`, recovered: true })
    }
  }

  const think = first ? first.body.trim() : null
  const answers = actions.filter((block) => block.tag === 'answer')
  const callBlocks = actions.filter((block) => block.tag === 'tool_call')
  if (actions.length === 0) {
    violations.push({
      rule: 'missing-action',
      position: text.length,
      message: 'After <think> comes exactly one <tool_call>[…]</tool_call> or <answer>…</answer>.',
      recovered: false,
    })
    return { think, calls: [], answer: null, violations }
  }
  const second = actions[1]
  if (answers.length > 0 && callBlocks.length > 0) {
    violations.push({
      rule: 'both-actions',
      position: second?.start ?? 0,
      message: 'A reply either calls tools or answers, not both; neither was done.',
      recovered: false,
    })
    return { think, calls: [], answer: null, violations }
  }
  if (answers.length > 0) {
    const answer = answers[0]?.body.trim() ?? ''
    if (second) {
      const same = answers.every((block) => block.body.trim() === answer)
      violations.push({ rule: 'several-actions', position: second.start, message: 'There is more than one <answer>.', recovered: same })
      if (!same) return { think, calls: [], answer: null, violations }
    }
    return { think, calls: [], answer, violations }
  }
  if (second) {
    violations.push({
      rule: 'several-actions',
      position: second.start,
      message: 'There is more than one <tool_call>; their calls were run in order.',
      recovered: true,
    })
  }
  return { think, calls: callBlocks.flatMap((block) => readCalls(block, violations)).slice(0, maxCalls), answer: null, violations }
}

/** Writes a reply in the protocol; parseReply gives its parts back. */
export function formatReply(think: string, action: { calls: readonly ToolCall[] } | { answer: string }): string {
  const said = 'calls' in action ? `<tool_call>${JSON.stringify(action.calls)}</tool_call>` : `<answer>${action.answer}</answer>`
  return `<think>${think}</think>${said}`
}
