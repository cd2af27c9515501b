// System prompts and the environment's own words. One protocol, stated fully for large models and compactly for nano.
import { toolDefinitions, toolNames } from './tools/index.ts'

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

export function formatNotice(problems: readonly string[]): string {
  return `Your reply could not be read. ${problems.join(' ')} Reply with <think>…</think> and then <tool_call>[…]</tool_call> or <answer>…</answer>.`
}

/** Of a reply some of whose calls were run and some not. */
export function partNotice(problems: readonly string[]): string {
  return `Part of your reply was not carried out. ${problems.join(' ')}`
}
