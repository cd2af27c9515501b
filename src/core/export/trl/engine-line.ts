// What an engine outside notes of its steps on an exported run (engine.jsonl): a line a step or an evaluation. Apart from what
// is made of them, so that whoever only reads the file takes in no simulator.
import { z } from 'zod'
import { taskSchema } from '../../environments/question/task.ts'

const count = z.number().int().nonnegative()

/** A reply, in the order in which the episode asked for it. */
const saidSchema = z.object({ text: z.string(), token_ids: z.array(z.number().int()), prompt_tokens: count, finish: z.enum(['stop', 'length', 'overflow']) })

/** One optimizer step; null: not measured. */
const updateSchema = z.object({ loss: z.number(), kl: z.number().nullable(), entropy: z.number().nullable(), clip_ratio: z.number().nullable(), grad_norm: z.number(), learning_rate: z.number() })

const noted = {
  /** Its name and version. */
  engine: z.string(),
  step: count,
  rollouts: z.array(z.array(saidSchema)).min(1),
  /** What the engine learnt from: held against what the replies come to here. */
  rewards: z.array(z.number()),
}

export const engineLineSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('step'),
    ...noted,
    temperature: z.number().nonnegative(),
    /** One a group. */
    tasks: z.array(taskSchema).min(1),
    advantages: z.array(z.number()),
    updates: z.array(updateSchema).min(1),
    sampled: count,
    sequences: z.object({ packed: count, without_variance: count, too_long: count }),
    tokens: z.object({ packed: count, loss: count, padded: count }),
    seconds: z.object({ rollout: z.number(), scoring: z.number(), update: z.number(), other: z.number(), total: z.number() }),
  }),
  z.object({ kind: z.literal('evaluation'), ...noted, tasks: z.array(taskSchema).min(1), seconds: z.number() }),
])
export type EngineLine = z.infer<typeof engineLineSchema>
