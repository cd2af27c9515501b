// AgeMem (§3.2): an agent that manages both memories itself, through six tools, in a protocol of tags. In the phase in
// which it is told things, the memories nearest to them come into its context by themselves (Algorithm 3). Its tools and
// that recall can be narrowed and widened: the paper's ablations are made so.
import { isObject } from '../../is-object.ts'
import { quoted, wellFormed, wellFormedValue } from '../../text.ts'
import type { Observation } from '../../record/observation.ts'
import type { ToolCall } from '../../record/trajectory.ts'
import type { AgentKind, Body, CallOutcome, Play, ReplyForm, Work } from '../agent.ts'
import { relatedMemories } from './memory-lines.ts'
import { compactSystemPrompt, formatNotice, fullSystemPrompt, partNotice } from './prompts.ts'
import { problemsOf } from './protocol/arguments.ts'
import { replyGrammar } from './protocol/grammar.ts'
import { parseReply, type ParsedReply } from './protocol/parser.ts'
import { isToolName, toolNames, tools, type ToolName } from './tools/index.ts'
import { fail } from './tools/tool.ts'

const formOf = (names: readonly ToolName[]): ReplyForm => ({ stop: ['</tool_call>', '</answer>'], grammar: replyGrammar(names) })

/** A reply in the protocol, which ends with its action. */
export const actionForm: ReplyForm = formOf(toolNames)

interface AgeMemOptions {
  /** AgentKind.line */
  line: string
  /** The tools that it has. */
  tools: readonly ToolName[]
  /** In this phase what is near to a message comes into the context by itself; null: in each. */
  recalls: string | null
}

/** A prompt that left no room for a reply: nothing was said, so there is nothing to read. */
function noRoom(promptTokens: number, window: number): ParsedReply {
  const [limit, has] = [window, promptTokens].map((n) => n.toLocaleString('en'))
  const message = `The window of ${limit} tokens was full, so there was no room for a reply: the conversation has ${has} tokens.`
  return { think: null, calls: [], answer: null, violations: [{ rule: 'window-full', position: 0, message, recovered: false }] }
}

/** A call's texts can hold half a character although the reply does not: JSON has escapes for it. */
function mended(call: ToolCall): ToolCall {
  const given = wellFormedValue(call.arguments)
  return { name: wellFormed(call.name), arguments: isObject(given) ? given : call.arguments }
}

/** Bad calls come to a result that says so, never to an error. */
async function refused(outcome: CallOutcome): Promise<CallOutcome> {
  return Promise.resolve(outcome)
}

function workOf({ name, arguments: given }: ToolCall, body: Body, has: readonly ToolName[]): Work {
  if (!isToolName(name) || !has.includes(name)) {
    return refused(fail('unknown-tool', `there is no tool ${quoted(name)}. The tools are ${has.join(', ')}.`))
  }
  const problems = problemsOf(name, given)
  if (problems !== null) {
    return refused(fail('invalid-arguments', `${name} cannot take these arguments: ${problems}.`))
  }
  return tools[name].run(given, body)
}

/** One reply and what it asks for. @returns what it answered; `full`: the window had no room for it */
async function* exchange(body: Body, form: ReplyForm, has: readonly ToolName[]): Play<{ answer: string | null; full: boolean }> {
  const reply = yield* body.act(form)
  const full = reply.finish === 'overflow'
  const parsed = full ? noRoom(body.promptTokens, body.window) : parseReply(reply.text)
  const { think, answer, violations, calls } = parsed
  body.understand({ think, answer, violations })
  for (const call of calls.map(mended)) yield* body.call(call, () => workOf(call, body, has))
  const problems = violations.filter(({ recovered }) => !recovered).map(({ message }) => message)
  const unread = answer === null && calls.length === 0
  if (!full && (unread || problems.length > 0)) {
    body.context.append('tool', 'notice', unread ? formatNotice(problems) : partNotice(problems))
  }
  return { answer, full }
}

async function recall({ messages }: Observation, { memory, context, settings }: Body): Promise<void> {
  for (const { text } of messages) {
    const hits = await memory.search(text, { topK: settings.top_k })
    if (hits.length === 0) continue
    memory.deliver(text, hits)
    context.append('tool', 'memories', relatedMemories(hits))
  }
}

export function ageMemWith({ line, tools: has, recalls }: AgeMemOptions): AgentKind {
  const form = has === toolNames ? actionForm : formOf(has)
  return {
    line,
    follows: { title: 'Agentic Memory', address: 'https://arxiv.org/abs/2601.01885' },
    tools: true,
    asides: has.includes('Summary_context') ? [{ purpose: 'summarise', byRule: null }] : [],
    opening: ({ prompt }) => (prompt === 'full' ? fullSystemPrompt(has) : compactSystemPrompt(has)),
    create: () => ({
      async *turn(observation, body) {
        if (recalls === null || observation.phase === recalls) await recall(observation, body)
        for (let i = 0; i < observation.exchanges; i++) {
          const { answer, full } = yield* exchange(body, form, has)
          if (answer !== null) return answer
          if (full) break
        }
        return null
      },
    }),
  }
}

export const ageMem: AgentKind = ageMemWith({ line: 'the policy itself tends both memories, with six tools', tools: toolNames, recalls: 'build' })
