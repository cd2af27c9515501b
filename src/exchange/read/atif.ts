// Reads ATIF trajectories, versions 1.0 to 1.8: those of Harbor and what it converts from. Content that is no text is named.
import { z } from 'zod'
import { fit, misfitWords } from '../../core/fit.ts'
import { isObject } from '../../core/is-object.ts'
import { ConversationError, type Conversation, type Heard, type ReplyFacts } from './conversation.ts'

const textSchema = z.union([
  z.string(),
  z.array(z.looseObject({ type: z.string(), text: z.string().nullish() })).transform((parts) => parts.map(({ type, text }) => text ?? `[${type}]`).join('\n')),
])

const count = z.number().int().nonnegative()
const metricsSchema = z.looseObject({
  prompt_tokens: count.nullish(),
  completion_tokens: count.nullish(),
  completion_token_ids: z.array(z.number().int()).nullish(),
  logprobs: z.array(z.number()).nullish(),
})

const stepSchema = z.looseObject({
  source: z.enum(['system', 'user', 'agent']),
  message: textSchema,
  reasoning_content: z.string().nullish(),
  tool_calls: z.array(z.looseObject({ tool_call_id: z.string(), function_name: z.string(), arguments: z.record(z.string(), z.unknown()), extra: z.looseObject({}).nullish() })).nullish(),
  observation: z.looseObject({ results: z.array(z.looseObject({ source_call_id: z.string().nullish(), content: textSchema.nullish() })) }).nullish(),
  metrics: metricsSchema.nullish(),
  extra: z.looseObject({}).nullish(),
})

/** Steps of a trajectory at most. */
const mostSteps = 4000

const agentSchema = z.looseObject({ name: z.string(), version: z.string().optional(), model_name: z.string().nullish() })
const asideSchema = z.looseObject({ steps: z.array(z.looseObject({ source: z.string(), metrics: metricsSchema.nullish() })).max(mostSteps) })

const atifSchema = z.looseObject({
  schema_version: z.string().regex(/^ATIF-v1\.[0-8]$/),
  session_id: z.string().nullish(),
  trajectory_id: z.string().nullish(),
  agent: agentSchema,
  steps: z.array(stepSchema).min(1).max(mostSteps),
  extra: z.looseObject({}).nullish(),
  subagent_trajectories: z.array(asideSchema).nullish(),
})
type AtifStep = z.infer<typeof stepSchema>

export const isAtif = (record: unknown): boolean => isObject(record) && typeof record['schema_version'] === 'string' && record['schema_version'].startsWith('ATIF-')

function factsOf({ prompt_tokens, completion_tokens, completion_token_ids, logprobs }: z.infer<typeof metricsSchema>): ReplyFacts {
  return {
    ...(typeof prompt_tokens === 'number' ? { prompt_tokens } : {}),
    ...(typeof completion_tokens === 'number' ? { tokens: completion_tokens } : {}),
    ...(completion_token_ids ? { token_ids: completion_token_ids } : {}),
    ...(logprobs ? { logprobs } : {}),
  }
}

function heardIn({ source, message, reasoning_content: thought, tool_calls: calls, observation, metrics, extra }: AtifStep): Heard[] {
  const results = observation?.results ?? []
  const made = calls ?? []
  const back = results.flatMap(({ source_call_id: given, content }, i): Heard[] => {
    if (typeof content !== 'string') return []
    // Some leave out whose result it is: then they stand in the order of the calls.
    const id = given ?? (results.length <= made.length ? made[i]?.tool_call_id : undefined)
    return [{ message: typeof id === 'string' ? { role: 'tool', tool_call_id: id, content } : { role: 'user', name: 'observation', content } }]
  })
  if (source !== 'agent') {
    const kind = extra?.['kind']
    const named = typeof kind === 'string' && !['system', 'message', 'query'].includes(kind)
    return [{ message: named ? { role: 'user', name: kind, content: message } : { role: source, content: message } }, ...back]
  }
  const called = made.map(({ tool_call_id: id, function_name: name, arguments: given }) => ({ id, type: 'function' as const, function: { name, arguments: JSON.stringify(given) } }))
  const errors = new Map(made.flatMap(({ tool_call_id: id, extra: of }) => (typeof of?.['error'] === 'string' ? [[id, of['error']] as const] : [])))
  const said = called.length > 0 && message === '' ? null : message
  return [
    { message: { role: 'assistant', content: said, ...(typeof thought === 'string' ? { reasoning_content: thought } : {}), ...(called.length > 0 ? { tool_calls: called } : {}) }, ...(metrics ? { facts: factsOf(metrics) } : {}), errors },
    ...back,
  ]
}

/** @throws ConversationError naming the field */
export function atifConversation(record: unknown, where: string): Conversation {
  const read = fit(atifSchema, record)
  if (!read.success) throw new ConversationError(`${where} is not a trajectory of ATIF v1.0 to v1.8: ${misfitWords(read.misfit, 'the whole record')}. Nothing was imported.`)
  const { trajectory_id: own, session_id: session, agent, steps, extra, subagent_trajectories: embedded } = read.data
  const lastMetrics = (aside: z.infer<typeof asideSchema>) => aside.steps.findLast(({ source }) => source === 'agent')?.metrics
  return {
    id: own ?? session ?? null,
    heard: steps.flatMap(heardIn),
    agent: agent.name,
    model: agent.model_name ?? null,
    notes: extra?.['agemem'],
    asides: (embedded ?? []).map((aside) => factsOf(lastMetrics(aside) ?? {})),
  }
}
