// Reads the paper's response protocol out of a model's text: <think>, then calls or an answer. Reports each broken
// rule with its position, recovers what is unambiguous, never throws. Linear in the text, and bounded.
import type { ToolCall, Violation } from '../../../record/trajectory.ts'
import { blocksOf, maxBlocks } from './blocks.ts'
import { callForm, maxCalls, readCalls, sentence } from './calls.ts'
import { foreignAction } from './foreign.ts'

export { maxCalls }

export interface ParsedReply {
  think: string | null
  /** Calls to run; empty when the reply answers or when nothing could be made of it. */
  calls: ToolCall[]
  answer: string | null
  violations: Violation[]
}

/** UTF-16 units of a reply at most: 16 for each of the 8,192 tokens of the longest window that anybody here has. */
export const maxReplyLength = 16 * 8192

/** Parses one reply. Total on every string. A thought that the template opened needs no <think> of the reply's own. */
export function parseReply(text: string): ParsedReply {
  const violations: Violation[] = []
  if (text.length > maxReplyLength) {
    const [has, limit] = [text.length, maxReplyLength].map((n) => n.toLocaleString('en'))
    const message = `The reply has ${has} characters; one of more than ${limit} is not read, and nothing of it was done.`
    return {
      think: null,
      calls: [],
      answer: null,
      violations: [{ rule: 'too-long', position: maxReplyLength, message, recovered: false }],
    }
  }
  const { thought, actions, outside, tooMany } = blocksOf(text)
  const foreign = actions.length === 0 ? foreignAction(text, thought?.closed ? thought.end : 0) : null

  if (!thought?.leads) {
    violations.push({
      rule: 'missing-think',
      position: 0,
      message: 'A reply begins with <think>…</think>.',
      recovered: true,
    })
  }
  if (thought && !thought.closed) {
    violations.push({
      rule: 'unclosed-think',
      position: thought.start,
      message: '<think> has no closing tag.',
      recovered: actions.length > 0,
    })
  }
  if (outside !== null && !foreign) {
    violations.push({
      rule: 'text-outside',
      position: outside,
      message: 'There is text outside the tags; it was ignored.',
      recovered: true,
    })
  }
  for (const block of actions) {
    if (!block.closed) {
      violations.push({
        rule: 'unclosed-action',
        position: block.start,
        message: `<${block.tag}> has no closing tag.`,
        recovered: true,
      })
    }
  }

  const think = thought ? thought.body.trim() : null
  if (tooMany) {
    violations.push({
      rule: 'several-actions',
      position: actions[1]?.start ?? 0,
      message: `There are more than ${maxBlocks} tags that open something; nothing was done.`,
      recovered: false,
    })
    return { think, calls: [], answer: null, violations }
  }
  const answers = actions.filter((block) => block.tag === 'answer')
  const callBlocks = actions.filter((block) => block.tag === 'tool_call')
  if (foreign) {
    violations.push({
      rule: 'other-protocol',
      position: foreign.at,
      message: `${sentence(foreign.name)}; here a call is ${callForm}.`,
      recovered: false,
    })
    return { think, calls: [], answer: null, violations }
  }
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
      violations.push({
        rule: 'several-actions',
        position: second.start,
        message: 'There is more than one <answer>.',
        recovered: same,
      })
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
  const calls = callBlocks.flatMap((block) => readCalls(block, violations))
  // Behind a call that cannot be read, what looks like another one may be a text that it failed to quote.
  if (callBlocks.some(({ json }) => json?.ok === false)) return { think, calls: [], answer: null, violations }
  return { think, calls: calls.slice(0, maxCalls), answer: null, violations }
}

const tag = /<(?=\/?(?:think|tool_call|answer)>)/g

/** Text with the protocol's tags, so that they are none any more; for a reader the same. */
const loose = (text: string) => text.replace(tag, '< ')

/**
 * Writes a reply in the protocol; parseReply gives its parts back, without a violation. Tags inside a call stand there
 * as JSON can escape them; in a thought or an answer, which has no escapes, they get a space.
 */
export function formatReply(think: string, action: { calls: readonly ToolCall[] } | { answer: string }): string {
  const said =
    'calls' in action
      ? `<tool_call>${JSON.stringify(action.calls).replace(tag, '\\u003c')}</tool_call>`
      : `<answer>${loose(action.answer)}</answer>`
  return `<think>${loose(think)}</think>${said}`
}
