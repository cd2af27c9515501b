// What played an episode, so that it can be played again: part of the record, and all that is restored from. Nothing is
// ever read out of a name.
import { z } from 'zod'
import { splitSchema } from './task.ts'

const adapterRefSchema = z.object({
  /** Of the checkpoint, in the browser or folder where it played. */
  key: z.string(),
  name: z.string(),
  /** Of its tensors (adapterHash); null: not taken, as of an adapter under training, which follows from its run. */
  hash: z.string().nullable(),
})
/** Which adapter. */
export type AdapterRef = z.infer<typeof adapterRefSchema>

export const policySpecSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('scripted'),
    name: z.string(),
    /** Probabilities of a script that has some. */
    careless: z.record(z.string(), z.number()).optional(),
  }),
  z.object({
    kind: z.literal('onnx'),
    model: z.string(),
    /** Where the model lies; null: a folder that was picked, or not known. */
    source: z.string().nullable(),
    /** null: none. Left out: not known, in records of version 1. */
    adapter: adapterRefSchema.nullable().optional(),
    /** Its replies kept to the grammar of the protocol; left out: it said whatever it said. */
    constrained: z.boolean().optional(),
  }),
  z.object({ kind: z.literal('webllm'), model: z.string(), options: z.object({ constrained: z.boolean() }) }),
  /** Somebody who chose each call and each answer by hand. */
  z.object({ kind: z.literal('person') }),
  /** Of which nothing but its name is known: records of version 1, and of other programs. */
  z.object({ kind: z.literal('named'), name: z.string() }),
])
export type PolicySpec = z.infer<typeof policySpecSchema>

/** Name of the model, or of the script. */
export function playerIn(policy: PolicySpec): string {
  if (policy.kind === 'person') return policy.kind
  return 'model' in policy ? policy.model : policy.name
}

export const taskOriginSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('generated'),
    generator: z.string(),
    seed: z.number(),
    index: z.number().int().nonnegative(),
    split: splitSchema,
    /** What the generator was told besides; null: not known, in records of version 1. */
    options: z.record(z.string(), z.unknown()).nullable(),
  }),
  /** One of those that are built in; its id says which. */
  z.object({ kind: z.literal('built-in') }),
  z.object({
    kind: z.literal('file'),
    /** null: not known, in records of version 1. */
    name: z.string().nullable(),
  }),
  /** It was given as it stands. */
  z.object({ kind: z.literal('given') }),
])
/** Where the task came from. */
export type TaskOrigin = z.infer<typeof taskOriginSchema>

export const changeSchema = z.discriminatedUnion('what', [
  /** A message of the short-term memory has another text. */
  z.object({ what: z.literal('message'), id: z.string(), text: z.string() }),
  /** An entry of the long-term memory has another text; without one it is deleted; without an id it is a new one. */
  z.object({ what: z.literal('memory'), id: z.string().nullable(), text: z.string().nullable() }),
  /** The policy said something else. */
  z.object({ what: z.literal('reply'), text: z.string() }),
])
/** What was changed by hand in an episode: messages and memories just before the reply of a step. */
export type Change = z.infer<typeof changeSchema>

export const branchSchema = z.object({
  /** Key of the episode whose steps it begins with. */
  of: z.string(),
  /** Index of the first step that is its own. */
  step: z.number().int().nonnegative(),
  change: changeSchema,
})
export type Branch = z.infer<typeof branchSchema>

export const setupSchema = z.object({
  /** What stood between the task and the policy: its prompts, its tools, its protocol. */
  agent: z.string(),
  policy: policySpecSchema,
  /** Who answered what the agent asked beside its replies; left out: it asks nothing but of the policy. */
  asides: z.enum(['policy', 'rules']).optional(),
  /** Name of the embedder that was asked for: `hash` goes by words, others are models of WebLLM. */
  embedder: z.string(),
  /** Weights of the reward that it was trained by, or that was chosen when it was played. */
  reward: z.looseObject({}).optional(),
  source: taskOriginSchema,
  /** Of an episode that begins as another one, up to a change. */
  branch: branchSchema.optional(),
})
export type Setup = z.infer<typeof setupSchema>

/** What of it is known to whoever lets an episode be played. */
export type Played = Omit<Setup, 'agent' | 'embedder'>
