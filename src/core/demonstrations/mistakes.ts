// Slips that an agent makes in its calls, and how each is put right once the tool has refused: nano learns the second
// from episodes that have the first.
import type { ToolCall } from '../record/trajectory.ts'
import { formatReply } from '../agents/agemem/protocol/parser.ts'
import { isToolName } from '../agents/agemem/tools/index.ts'

/** Calls with something wrong, or a reply that breaks the protocol; {think} stands for the thought. */
export type Mistake = { calls: ToolCall[] } | { text: string }

/** Names that a tool is called by mistake, with the tool that is meant. */
const misnomers: Readonly<Record<string, string>> = {
  Save_memory: 'Add_memory',
  Store_memory: 'Add_memory',
  Change_memory: 'Update_memory',
  Search_memory: 'Retrieve_memory',
  Find_memory: 'Retrieve_memory',
  Remove_context: 'Filter_context',
}

/** The argument that a tool cannot do without, and the name that it is given by mistake. */
const misnamed: Readonly<Record<string, readonly [right: string, wrong: string]>> = {
  Add_memory: ['content', 'text'],
  Retrieve_memory: ['query', 'text'],
  Filter_context: ['criteria', 'text'],
}

function renamed(args: Readonly<Record<string, unknown>>, from: string, to: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(args).map(([key, value]) => [key === from ? to : key, value]))
}

/** Ways to get one call wrong, so that the tool refuses it. */
function wrongCalls({ name, arguments: args }: ToolCall): ToolCall[] {
  const wrong: ToolCall[] = Object.entries(misnomers).flatMap(([misnomer, meant]) => (meant === name ? [{ name: misnomer, arguments: args }] : []))
  const argument = misnamed[name]
  if (argument) wrong.push({ name, arguments: renamed(args, argument[0], argument[1]) })
  if (typeof args['memory_id'] === 'string') wrong.push({ name, arguments: { ...args, memory_id: `m${String(20 + (args['memory_id'].length % 7))}` } })
  if (args['confirmation'] === true) wrong.push({ name, arguments: { ...args, confirmation: false } })
  if (name === 'Summary_context') wrong.push({ name, arguments: { span: 'everything' } })
  return wrong
}

/** The action with one thing wrong. A reply with several calls only breaks the protocol: its calls stand or fall apart. */
export function spoil(action: { calls: ToolCall[] } | { answer: string }, random: { next(): number; pick<T>(items: readonly T[]): T }): Mistake {
  const broken = ['<think>{think}</think>', '{think}', formatReply('{think}', action).replace(/[\]}]*<\/tool_call>$/, '')]
  if ('answer' in action) return { text: random.pick(broken.slice(0, 2)) }
  const [only, second] = action.calls
  const wrong = only && !second ? wrongCalls(only) : []
  return wrong.length > 0 && random.next() < 0.75 ? { calls: [random.pick(wrong)] } : { text: random.pick(broken) }
}

/**
 * The call that was meant by one that a tool refused; null when it was not one of these slips.
 * @param target the memory that the turn is about, for a wrong id
 */
export function correctedCall({ name, arguments: args }: ToolCall, target: string | null): ToolCall | null {
  const meant = misnomers[name]
  if (meant !== undefined) return { name: meant, arguments: args }
  if (!isToolName(name)) return null
  const argument = misnamed[name]
  if (argument && argument[1] in args) return { name, arguments: renamed(args, argument[1], argument[0]) }
  if (name === 'Summary_context') return { name, arguments: { span: 'all' } }
  if (args['confirmation'] === false) return { name, arguments: { ...args, confirmation: true } }
  if ('memory_id' in args) return target === null ? null : { name, arguments: { ...args, memory_id: target } }
  return null
}
