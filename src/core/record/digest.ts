// What a table shows of an episode and searches in, so that a list of thousands reads no trajectory. Plain data.
import { z } from 'zod'

export const digestTaskSchema = z.object({
  id: z.string(),
  title: z.string(),
  /** The right outcome in words. */
  expected: z.string(),
  /** All that the episode heard, message after message. */
  heard: z.string(),
})
export type DigestTask = z.infer<typeof digestTaskSchema>

export const digestSchema = z.object({
  steps: z.number().int(),
  answer: z.string().nullable(),
  /** The judge gave full marks. */
  right: z.boolean(),
  /** Calls by the tool's name, failed ones included. */
  tools: z.record(z.string(), z.number().int()),
  /** All that the agent replied, as it wrote it. */
  replies: z.string(),
})
export type Digest = z.infer<typeof digestSchema>

export const episodeDigestSchema = digestSchema.extend({ task: digestTaskSchema })
export type EpisodeDigest = z.infer<typeof episodeDigestSchema>
