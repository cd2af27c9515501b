// System prompts and the environment's own words. One protocol, stated fully for large models and compactly for nano.
import { toolDefinitions, toolNames, type ToolName } from './tools/index.ts'

interface Parameter {
  type?: string
  description?: string
}

/** "Name(a: string, b?: object): what it does. a: what it is …": a JSON schema in a third of its tokens. */
function signature({ name, description, parameters }: ReturnType<typeof toolDefinitions>[number]): string {
  const { properties, required } = parameters
  const given = Object.entries(properties).map(([key, { type = 'any' }]) => `${key}${required.includes(key) ? '' : '?'}: ${type}`)
  const said = Object.entries(properties).flatMap(([key, { description: words }]: [string, Parameter]) => (words === undefined ? [] : [`${key}: ${words}`]))
  return `${name}(${given.join(', ')}): ${[description, ...said].join(' ')}`
}

/** A short exchange in the protocol: a correction, and the words that end the turn. */
const example = `user: Ada has moved to Rome.
tool: Related memories:
[m3] Ada lives in Paris.
you: <think>m3 is out of date.</think><tool_call>[{"name":"Update_memory","arguments":{"memory_id":"m3","content":"Ada lives in Rome."}}]</tool_call>
tool: Updated m3.
you: <think>That is kept.</think><answer>Noted.</answer>`

/**
 * The protocol in full: every tool with its arguments, and an example (A.1 of the paper, in our words). It stands before
 * every conversation of a model that was never trained on the protocol, so it is as short as it can be while complete.
 */
export function fullSystemPrompt(has: readonly ToolName[] = toolNames): string {
  return `You are an assistant who manages their own memory. Long-term memory lasts; the conversation is limited and may be cleared. Store facts told in passing, they may be asked for later; correct what has changed; keep the conversation free of what does not matter.

Tools (? may be left out):
${toolDefinitions().filter(({ name }) => has.includes(name)).map(signature).join('\n')}

Every reply is <think>your reasoning</think>, then exactly one of
<tool_call>[{"name":"…","arguments":{…}}, …]</tool_call> to call one or several tools; their results come back, then you go on
<answer>…</answer> to speak to the user
Use only memory ids that you have seen. Say so if you do not know something.

Example:
${example}`
}

/** The same protocol in a few words. */
export function compactSystemPrompt(has: readonly ToolName[] = toolNames): string {
  const names = has.join(', ')
  return `You keep memories. Reply <think>…</think> then <tool_call>[{"name": …, "arguments": {…}}]</tool_call> or <answer>…</answer>. Tools: ${names}.`
}

export function formatNotice(problems: readonly string[]): string {
  return `Your reply could not be read. ${problems.join(' ')} Reply with <think>…</think> and then <tool_call>[…]</tool_call> or <answer>…</answer>.`
}

/** Of a reply some of whose calls were run and some not. */
export function partNotice(problems: readonly string[]): string {
  return `Part of your reply was not carried out. ${problems.join(' ')}`
}
