// What of a record has no place of its own in the forms of other programs, and goes along as a note where they have room
// for one: what played, the task, and what each reply was besides its words. With it the episode is played again.
import { z } from 'zod'
import { setupSchema } from '../core/record/setup.ts'
import { anyTaskSchema } from '../core/record/task.ts'
import { episodeSettingsSchema, generationSchema, trajectorySchema, type Trajectory } from '../core/record/trajectory.ts'
import { rewritten } from './transcript.ts'

const { id, policy, seed, embedder, token_counter, status, stop, failure, verdicts } = trajectorySchema.shape

const saidSchema = generationSchema.partial({ text: true, token_ids: true, logprobs: true })

export const notesSchema = z.object({
  version: z.literal(1),
  id, policy, seed, embedder, token_counter, status, stop, failure, verdicts,
  setup: setupSchema,
  settings: episodeSettingsSchema,
  task: anyTaskSchema,
  /** Tokens of each message of the context, in the order in which they were made. */
  message_tokens: z.array(z.number().int().nonnegative()),
  /** Without their words where those follow from thought, calls and answer. */
  replies: z.array(saidSchema),
  asides: z.array(z.object({ step: z.number().int().nonnegative(), purpose: z.string(), generation: saidSchema })),
})
export type Notes = z.infer<typeof notesSchema>

/** Number of a message's id: c0, c1 … */
const numberOf = (messageId: string) => Number(messageId.slice(1))

/** @param tokens whether ids and log-probabilities go along, which some forms hold in a place of their own */
export function notesOf(trajectory: Trajectory, tokens: { replies: boolean; asides: boolean }): Notes {
  const made = trajectory.steps.flatMap(({ before, after }) =>
    [...before, ...after].flatMap((event) => (event.type === 'stm.append' || event.type === 'stm.summarise' ? [event.message] : [])),
  )
  const { id: of, policy: by, seed: from, embedder: near, token_counter: counter, status: is, stop: why, failure: failed, setup, settings, task } = trajectory
  return {
    version: 1,
    id: of, policy: by, seed: from, embedder: near, token_counter: counter, status: is, stop: why, failure: failed,
    ...(trajectory.verdicts ? { verdicts: trajectory.verdicts } : {}),
    setup,
    settings,
    task,
    message_tokens: [...made].sort((a, b) => numberOf(a.id) - numberOf(b.id)).map((message) => message.tokens),
    replies: trajectory.steps.map((step) => {
      const { text, token_ids, logprobs, ...rest } = step.reply
      return { ...(text === rewritten(step) ? {} : { text }), ...(tokens.replies ? { token_ids, logprobs } : {}), ...rest }
    }),
    asides: trajectory.steps.flatMap(({ asides }, step) =>
      asides.map(({ purpose, generation: { token_ids, logprobs, ...said } }) => ({ step, purpose, generation: { ...said, ...(tokens.asides ? { token_ids, logprobs } : {}) } })),
    ),
  }
}
