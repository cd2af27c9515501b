// What a scripted policy knows of a conversation: it reads the same messages that a model would.
import type { ChatMessage } from '../policy/policy.ts'
import { readMemoryLines } from '../agents/agemem/memory-lines.ts'
import { neededFacts, referredMessages, states, type Fact, type Task, type TaskMessage } from '../environments/question/task.ts'
import { parseReply } from '../agents/agemem/protocol/parser.ts'
import type { ToolCall } from '../record/trajectory.ts'

export interface ConversationState {
  /** The user's last message. */
  incoming: string
  /** The task's messages that it delivers. */
  told: TaskMessage[]
  /** The task's question is in the conversation, so this is stage 3. */
  asked: boolean
  /** Calls made since the user's last message, with what came back. */
  done: { call: ToolCall; result: string }[]
  /** Ids and contents of memories that stand in the conversation, the latest wording of each. */
  known: Map<string, string>
  /** Everything that stands in the conversation as information: no system message, no question, nothing it said itself. */
  lines: string[]
}

/** Reads the conversation of an episode of this task. */
export function readConversation(conversation: readonly ChatMessage[], task: Task): ConversationState {
  let at = conversation.length - 1
  while (at > 0 && conversation[at]?.role !== 'user') at--
  const incoming = conversation[at]?.content ?? ''

  const known = new Map<string, string>()
  const lines: string[] = []
  const done: ConversationState['done'] = []
  let pending: ToolCall[] = []
  for (const [i, message] of conversation.entries()) {
    if (message.role === 'assistant') {
      pending = parseReply(message.content).calls
      continue
    }
    if (message.role === 'system') continue
    if (message.content !== task.query) for (const line of message.content.split('\n')) lines.push(line)
    for (const line of readMemoryLines(message.content)) known.set(line.id, line.content)
    const call = message.role === 'tool' ? pending.shift() : undefined
    if (!call) continue
    const stored = /^Stored as (m\d+)\.$/.exec(message.content)?.[1]
    const updated = /^Updated (m\d+)\.$/.exec(message.content)?.[1]
    const deleted = /^Deleted (m\d+)\.$/.exec(message.content)?.[1]
    const content = call.arguments['content']
    if (typeof content === 'string' && (stored ?? updated)) known.set(stored ?? updated ?? '', content)
    if (deleted) known.delete(deleted)
    if (i > at) done.push({ call, result: message.content })
  }
  return { incoming, told: referredMessages(task, conversation[at]?.about), asked: incoming === task.query, done, known, lines }
}

/** The memory that holds these words, if the conversation shows one. */
export function memoryOf({ known }: ConversationState, content: string): string | null {
  for (const [id, held] of known) if (held === content) return id
  return null
}

/** Facts that the answer needs and the conversation does not state. */
export function missingFacts(state: ConversationState, task: Task): Fact[] {
  return neededFacts(task).filter((fact) => !state.lines.some((line) => states(line, fact)))
}

/** Facts that this message of stage 1 tells. */
export function toldFacts({ told }: ConversationState, task: Task): Fact[] {
  const ids = new Set(told.flatMap(({ facts }) => facts))
  return task.facts.filter((fact) => ids.has(fact.id))
}

/** Texts of the distractors of stage 2 that the user's message delivers. */
export function toldDistractors({ told }: ConversationState, task: Task): string[] {
  return told.filter((message) => task.resist.includes(message)).map(({ text }) => text)
}
