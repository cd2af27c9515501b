// Stage-2 messages that a language model writes for a task, in the place of its own: optional, and checked, because a
// distractor must neither state a fact of the task nor give the answer away.
import type { ChatMessage } from '../../../policy/policy.ts'
import type { Ask } from '../../../reward/model-judge.ts'
import { states, type Task, type TaskMessage } from '../task.ts'
import { containsPhrase } from '../../../text.ts'

/** Characters of one message. */
const longest = 300
/** Tokens for one message, its share of the reply. */
const tokensEach = 60

export function distractorPrompt(task: Task, count: number): ChatMessage[] {
  return [
    { role: 'system', content: 'You write messages of a chat that lead away from its subject. One message a line, no numbering, no quotes, each a sentence or two in plain words.' },
    { role: 'user', content: `Write ${count} messages about matters and people near to these, but about other things than these sentences say. Do not repeat or answer them.\n${task.facts.map(({ text }) => `- ${text}`).join('\n')}` },
  ]
}

/** The usable lines of a reply. */
export function readDistractors(reply: string, task: Task): TaskMessage[] {
  const given = [task.answer, ...task.aliases]
  const lines = reply.split('\n').map((line) => line.replace(/^\s*(?:[-*•]|\d+[.)])\s*/, '').trim())
  return [...new Set(lines)]
    .filter((text) => text.length > 10 && text.length <= longest && !given.some((answer) => containsPhrase(text, answer)) && !task.facts.some((fact) => states(text, fact)))
    .map((text) => ({ text, kind: 'distractor', facts: [] }))
}

export interface WrittenDistractors {
  /** As many as the task had. */
  messages: TaskMessage[]
  /** How many of them the model wrote; the others are the task's own. */
  written: number
}

/** @param seed of the model's reply */
export async function writeDistractors(task: Task, ask: Ask, seed: number): Promise<WrittenDistractors> {
  const count = task.resist.length
  if (count === 0) return { messages: [], written: 0 }
  const reply = await ask(distractorPrompt(task, count), count * tokensEach, seed).catch(() => '')
  const written = readDistractors(reply, task).slice(0, count)
  return { messages: [...written, ...task.resist.slice(written.length)], written: written.length }
}
