// Reads conversations as OpenAI messages: {messages}, {conversations}, {prompt, completion}, or a list of messages alone.
import { z } from 'zod'
import { fit, misfitWords } from '../../core/fit.ts'
import { isObject } from '../../core/is-object.ts'
import type { OpenAiMessage } from '../viewers/openai.ts'
import { ConversationError, type Conversation } from './conversation.ts'

/** Text parts are put together; pictures and sounds are named. */
const contentSchema = z.union([
  z.string(),
  z.null(),
  z.array(z.looseObject({ type: z.string().optional(), text: z.string().optional() })).transform((parts) => parts.map(({ type, text }) => text ?? `[${type ?? 'part'}]`).join('\n')),
])

const argumentsSchema = z.union([z.string(), z.record(z.string(), z.unknown())]).transform((given) => (typeof given === 'string' ? given : JSON.stringify(given)))

const callSchema = z.union([
  z.looseObject({ id: z.string().optional(), function: z.looseObject({ name: z.string(), arguments: argumentsSchema }) }).transform(({ id, function: { name, arguments: given } }) => ({ id, name, given })),
  // As verifiers and some loggers have it, flat.
  z.looseObject({ id: z.string().optional(), name: z.string(), arguments: argumentsSchema }).transform(({ id, name, arguments: given }) => ({ id, name, given })),
])

/** Other roles are the program's own, as mini-swe-agent's `exit`: messages of the environment. */
const roles: Readonly<Record<string, OpenAiMessage['role']>> = { system: 'system', developer: 'system', user: 'user', human: 'user', assistant: 'assistant', gpt: 'assistant', tool: 'tool', function: 'tool' }

const messageSchema = z.preprocess(
  // ShareGPT calls them from and value.
  (given) => (isObject(given) && given['role'] === undefined && given['from'] !== undefined ? { ...given, role: given['from'], content: given['value'] } : given),
  z.looseObject({
    role: z.string().max(100),
    content: contentSchema.optional(),
    name: z.string().nullish(),
    reasoning_content: z.string().nullish(),
    reasoning: z.string().nullish(),
    tool_calls: z.array(callSchema).nullish(),
    tool_call_id: z.string().nullish(),
  }),
)

/** Messages of a conversation at most. */
export const mostMessages = 4000

const messagesSchema = z.array(messageSchema).max(mostMessages)

const lineSchema = z.looseObject({
  id: z.union([z.string(), z.number()]).nullish(),
  model: z.string().nullish(),
  metadata: z.unknown().optional(),
})

/** The messages of such a record, unchecked; null: it is none. */
export function messagesIn(record: unknown): unknown[] | null {
  if (Array.isArray(record)) return record.length > 0 && record.every((each) => isObject(each) && (typeof each['role'] === 'string' || typeof each['from'] === 'string')) ? record : null
  if (!isObject(record)) return null
  const { messages, conversations, prompt, completion } = record
  if (Array.isArray(messages)) return messages
  if (Array.isArray(conversations)) return conversations
  return Array.isArray(prompt) && Array.isArray(completion) ? [...prompt, ...completion] : null
}

/** @throws ConversationError naming the message and the field */
export function openAiConversation(record: unknown, messages: unknown[], where: string): Conversation {
  const read = fit(messagesSchema, messages)
  if (!read.success) throw new ConversationError(`${where} is not a conversation of OpenAI messages: messages: ${misfitWords(read.misfit)}. Nothing was imported.`)
  const line = fit(lineSchema, Array.isArray(record) ? {} : record)
  const { id = null, model = null, metadata } = line.success ? line.data : {}
  const heard = read.data.map((given, at): { message: OpenAiMessage } => {
    const { role, content = null, name, reasoning_content: thought, reasoning, tool_calls: calls, tool_call_id: answers } = given
    const think = thought ?? reasoning
    const known = Object.hasOwn(roles, role) ? roles[role] : undefined
    const called = known === undefined ? role : name
    return {
      message: {
        role: known ?? 'user',
        content,
        ...(typeof called === 'string' ? { name: called } : {}),
        ...(typeof think === 'string' ? { reasoning_content: think } : {}),
        ...(calls && calls.length > 0 ? { tool_calls: calls.map((call, i) => ({ id: call.id ?? `call_${at}_${i}`, type: 'function', function: { name: call.name, arguments: call.given } })) } : {}),
        ...(typeof answers === 'string' ? { tool_call_id: answers } : {}),
      },
    }
  })
  return { id: id === null ? null : String(id), heard, agent: null, model, notes: isObject(metadata) ? metadata['agemem'] : undefined, asides: [] }
}
