// The record of an episode, event-sourced: what happened, in order. STM and LTM at any step are replayed from it
// (replay.ts), never stored. JSON fields are snake_case: this is the export format, version 2. What was written in version
// 1 is read by core/episode/read-record.ts, which also checks the task by its family.
import { z } from 'zod'
import { setupSchema } from './setup.ts'
import { anyTaskSchema, type AnyTask } from './task.ts'

const roleSchema = z.enum(['system', 'user', 'assistant', 'tool'])
export type Role = z.infer<typeof roleSchema>

/** What a message in the context is; `notice` is the environment speaking of a format violation. */
const messageKindSchema = z.enum(['system', 'message', 'memories', 'query', 'reply', 'result', 'notice', 'summary'])
export type MessageKind = z.infer<typeof messageKindSchema>

/** One message of the short-term memory C_t. */
const contextMessageSchema = z.object({
  /** Unique in the episode: c0, c1 … */
  id: z.string(),
  role: roleSchema,
  kind: messageKindSchema,
  content: z.string(),
  /** What it takes of the window, in tokens of the counter that the episode used: with the marks around it, for a model that has a template. */
  tokens: z.number().int().nonnegative(),
  /** What of the task it delivers, as the task's family names it; left out: nothing. */
  about: z.array(z.string()).optional(),
})
export type ContextMessage = z.infer<typeof contextMessageSchema>

/** One entry of the long-term memory M_t, without its vector (recomputed from the content). */
const memoryRecordSchema = z.object({
  /** Unique in its store: m1, m2 … */
  id: z.string(),
  content: z.string(),
  metadata: z.object({
    /** Milliseconds of the episode's own clock. */
    created: z.number(),
    updated: z.number(),
    /** Index of the step that wrote it last, null for entries that came from elsewhere. */
    source_step: z.number().int().nullable(),
    tags: z.array(z.string()),
    type: z.string().nullable(),
    /** What else the agent put into the metadata argument. */
    extra: z.record(z.string(), z.unknown()),
  }),
})
export type MemoryRecord = z.infer<typeof memoryRecordSchema>

const hitSchema = z.object({ id: z.string(), content: z.string(), similarity: z.number() })
/** A retrieved memory as it was at that moment; similarity is the cosine of eq. 8. */
export type Hit = z.infer<typeof hitSchema>

/** Index of the tool call in the reply that caused the event; null when the environment did. */
const call = z.number().int().nullable()

const eventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('stm.append'), call, message: contextMessageSchema }),
  z.object({
    type: z.literal('stm.filter'),
    call,
    criteria: z.string(),
    /** θ of eq. 15. */
    threshold: z.number(),
    /** Similarity to the criteria of every message that could have been removed. */
    similarities: z.array(z.object({ id: z.string(), similarity: z.number() })),
    removed: z.array(z.string()),
  }),
  z.object({
    type: z.literal('stm.summarise'),
    call,
    span: z.string(),
    removed: z.array(z.string()),
    /** Stands where the first removed message stood. */
    message: contextMessageSchema,
  }),
  z.object({ type: z.literal('stm.reset'), call, removed: z.array(z.string()) }),
  /** Somebody changed a message by hand, to see what follows (Setup.branch). */
  z.object({
    type: z.literal('stm.edit'),
    call: z.null(),
    /** Keeps its id and its place. */
    message: contextMessageSchema,
    was: z.string(),
  }),
  z.object({ type: z.literal('ltm.add'), call, entry: memoryRecordSchema }),
  z.object({ type: z.literal('ltm.update'), call, before: memoryRecordSchema, after: memoryRecordSchema }),
  z.object({ type: z.literal('ltm.delete'), call, entry: memoryRecordSchema }),
  z.object({ type: z.literal('ltm.retrieve'), call, query: z.string(), hits: z.array(hitSchema) }),
])
export type EpisodeEvent = z.infer<typeof eventSchema>
export type EventOf<T extends EpisodeEvent['type']> = Extract<EpisodeEvent, { type: T }>
export type StmEvent = EventOf<'stm.append' | 'stm.filter' | 'stm.summarise' | 'stm.reset' | 'stm.edit'>
export type LtmEvent = EventOf<'ltm.add' | 'ltm.update' | 'ltm.delete' | 'ltm.retrieve'>

/** What a policy said, with what is needed to train on it. */
export const generationSchema = z.object({
  text: z.string(),
  tokens: z.number().int().nonnegative(),
  /** Sampled ids; null from policies that have none (scripted). */
  token_ids: z.array(z.number().int()).nullable(),
  /** log π_old of each sampled token at temperature 1, nats. */
  logprobs: z.array(z.number()).nullable(),
  finish: z.enum(['stop', 'length', 'overflow', 'abort']),
  /** Ids that the policy was asked with; left out by policies that have none, and in records of before. */
  prompt_tokens: z.number().int().nonnegative().optional(),
})
export type Generation = z.infer<typeof generationSchema>

const toolCallSchema = z.object({ name: z.string(), arguments: z.record(z.string(), z.unknown()) })
export type ToolCall = z.infer<typeof toolCallSchema>

export const callRecordSchema = toolCallSchema.extend({
  ok: z.boolean(),
  /** Named reason when it failed: unknown-tool, invalid-arguments, unknown-id, not-confirmed, nothing-to-do. */
  error: z.string().nullable(),
  /** What the agent read. */
  result: z.string(),
})
export type CallRecord = z.infer<typeof callRecordSchema>

/** A message as a policy is asked with it (ChatMessage of core/policy). */
const chatMessageSchema = z.object({
  role: roleSchema,
  content: z.string(),
  about: z.array(z.string()).readonly().optional(),
  own: z.array(z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]).readonly()).readonly().optional(),
})

/** What else the policy was asked in a step. */
const asideSchema = z.object({
  /** The agent's word: `summarise` is what Summary_context puts in the place of messages. */
  purpose: z.string(),
  /** Index of the tool call that needed it; null: none did. */
  call: z.number().int().nullable(),
  /**
   * How many events of its step came before it, those of `before` and then those of `after`: an agent that asks besides
   * its reply does so between its changes. Left out where a call needed it, and in records of before.
   */
  events: z.number().int().nonnegative().optional(),
  /** All that it was asked with: not the context of the step. */
  prompt: z.array(chatMessageSchema),
  generation: generationSchema,
  /** Why its words could not be read, so that nothing came of them; left out: they could. */
  unread: z.string().optional(),
})
export type Aside = z.infer<typeof asideSchema>

/** A rule of the response protocol that a reply broke. */
const violationSchema = z.object({
  rule: z.enum([
    'missing-think',
    'unclosed-think',
    'missing-action',
    'both-actions',
    'unclosed-action',
    'several-actions',
    'invalid-json',
    'not-an-array',
    'invalid-call',
    'empty-calls',
    'text-outside',
    'other-protocol',
    'too-long',
    'window-full',
  ]),
  /** Offset into the reply, in UTF-16 units. */
  position: z.number().int().nonnegative(),
  message: z.string(),
  /** The meaning was unambiguous all the same. */
  recovered: z.boolean(),
})
export type Violation = z.infer<typeof violationSchema>

const stepIdSchema = z.object({
  run: z.string(),
  batch: z.number().int(),
  task: z.string(),
  rollout: z.number().int(),
  step: z.number().int(),
})

/** One experience e_t: the environment moves, the policy acts, the tools answer. */
export const stepSchema = z.object({
  id: stepIdSchema,
  /** Of the task's family: build, resist and answer, stages 1 to 3 of §3.3, of a question. */
  phase: z.string(),
  /** Which message of the phase, from 0. */
  turn: z.number().int().nonnegative(),
  /** Which reply to that message, from 0. */
  exchange: z.number().int().nonnegative(),
  /** What the environment did before the policy acted. */
  before: z.array(eventSchema),
  /** The context the policy saw: message ids, in order. */
  prompt: z.array(z.string()),
  /** What stood in the window: the policy's own number where it says one, else the sum of the messages'. */
  prompt_tokens: z.number().int().nonnegative(),
  /** prompt_tokens > T_max. */
  overflow: z.boolean(),
  reply: generationSchema,
  think: z.string().nullable(),
  answer: z.string().nullable(),
  calls: z.array(callRecordSchema),
  asides: z.array(asideSchema),
  violations: z.array(violationSchema),
  /** What the reply changed, in order, the reply itself included. */
  after: z.array(eventSchema),
})
export type Step = z.infer<typeof stepSchema>

export const episodeSettingsSchema = z.object({
  /** T_max, tokens. */
  t_max: z.number().int().positive(),
  /** N_max: turns of stages 1 and 2, rounds of stage 3. */
  n_max: z.object({ build: z.number().int().positive(), resist: z.number().int().positive(), answer: z.number().int().positive() }),
  /** Replies to one message of stage 1 or 2 at most. */
  exchanges: z.number().int().positive(),
  /** Default top_k of retrieval. */
  top_k: z.number().int().positive(),
  /** θ of eq. 15. */
  theta: z.number().min(-1).max(1),
  /** Tokens of one reply at most. */
  response_limit: z.number().int().positive(),
  temperature: z.number().nonnegative(),
  /** A token is sampled only if its probability is at least this share of the likeliest one's (min-p sampling). 0: off. */
  min_p: z.number().min(0).max(1).default(0),
  prompt: z.enum(['full', 'compact']),
})
export type EpisodeSettings = z.infer<typeof episodeSettingsSchema>

/** What a language model said when it was asked to judge the episode. */
const recordedVerdictSchema = z.object({
  /** Name of the model. */
  judge: z.string().min(1).max(200),
  /** answer: R_task (C.1). memories: MQ (C.2). */
  rubric: z.enum(['answer', 'memories']),
  /** null when its words were no verdict: then the rule holds. */
  score: z.number().min(0).max(1).nullable(),
  /** Its words as they came. */
  words: z.string().max(2000),
})
export type RecordedVerdict = z.infer<typeof recordedVerdictSchema>

const verdictsSchema = z
  .array(recordedVerdictSchema)
  .max(recordedVerdictSchema.shape.rubric.options.length)
  .refine((all) => new Set(all.map(({ rubric }) => rubric)).size === all.length, 'has two verdicts by one rubric')

export const trajectorySchema = z.object({
  schema_version: z.literal(2),
  id: z.object({ run: z.string(), batch: z.number().int(), task: z.string(), rollout: z.number().int() }),
  task: anyTaskSchema,
  /** What played, as it is called. */
  policy: z.string(),
  setup: setupSchema,
  seed: z.number(),
  settings: episodeSettingsSchema,
  /** Name and version of the embedder whose vectors were compared. */
  embedder: z.string(),
  token_counter: z.string(),
  /** complete: it answered, or used up its rounds or its window. partial: it was stopped or failed; everything recorded holds. */
  status: z.enum(['running', 'complete', 'partial']),
  stop: z.enum(['answered', 'rounds', 'overflow', 'aborted', 'failed']).nullable(),
  /** Why it failed, in words, when it did. */
  failure: z.string().nullable(),
  /** A_pred: the answer to what the task asks. */
  answer: z.string().nullable(),
  steps: z.array(stepSchema),
  /** One a rubric at most; left out where no language model was asked. */
  verdicts: verdictsSchema.optional(),
})
export type Trajectory<T extends AnyTask = AnyTask> = Omit<z.infer<typeof trajectorySchema>, 'task'> & { task: T }
