// System prompts and the environment's own words. One protocol, stated fully for large models and compactly for nano.
import type { Hit } from '../../record/trajectory.ts'
import { toolDefinitions, toolNames } from './protocol/schemas.ts'

/** The protocol in full, with the tools' JSON schemas (A.1 of the paper, in our words). */
export function fullSystemPrompt(): string {
  const tools = toolDefinitions()
    .map((tool) => JSON.stringify(tool))
    .join('\n')
  return `You are an assistant who manages their own memory.
Long-term memory lasts; the conversation (short-term memory) is limited and may be cleared. Keep what will matter later, correct what has changed, and keep the conversation free of what does not matter.

Tools, one JSON schema a line:
${tools}

Every reply is <think>your reasoning</think>, then exactly one of
<tool_call>[{"name": "…", "arguments": {…}}, …]</tool_call>   one or several calls, as a JSON array
<answer>…</answer>   what you say to the user
Tool results come back as messages; then you go on. Use only memory ids that you have seen. Facts told in passing may be asked for when the conversation is gone. If you do not know something, say so.`
}

/** The same protocol in a few words. */
export function compactSystemPrompt(): string {
  const names = toolNames.join(', ')
  return `You keep memories. Reply <think>…</think> then <tool_call>[{"name": …, "arguments": {…}}]</tool_call> or <answer>…</answer>. Tools: ${names}.`
}

/** Asks for the summary that takes a span's place (eq. 14). */
export function summaryPrompt(span: readonly { content: string }[]): string {
  return `Summarise these messages in a few sentences. Keep every name, number, date and open question.\n\n${span
    .map((message) => message.content)
    .join('\n')}`
}

/** A retrieved memory as it stands in the context: its id, then its content on one line. */
export function memoryLine(hit: Pick<Hit, 'id' | 'content'>): string {
  return `[${hit.id}] ${hit.content.replace(/\s+/g, (space) => (space.includes('\n') ? ' ' : space))}`
}

/** The id and content of each memory line in a text. */
export function readMemoryLines(text: string): { id: string; content: string }[] {
  return [...text.matchAll(/^\[(m\d+)\] (.*)$/gm)].map((match) => ({ id: match[1] ?? '', content: match[2] ?? '' }))
}

/** What stage 1 puts beside an incoming message: the memories nearest to it. */
export function relatedMemories(hits: readonly Hit[]): string {
  return `Related memories:\n${hits.map(memoryLine).join('\n')}`
}

export function formatNotice(problems: readonly string[]): string {
  return `Your reply could not be read. ${problems.join(' ')} Reply with <think>…</think> and then <tool_call>[…]</tool_call> or <answer>…</answer>.`
}

/** Of a reply some of whose calls were run and some not. */
export function partNotice(problems: readonly string[]): string {
  return `Part of your reply was not carried out. ${problems.join(' ')}`
}
