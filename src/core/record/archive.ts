// Recorded episodes as an interface, and whether what people make outlives the page. Knows no database.
import { z } from 'zod'
import type { EpisodeDigest } from './digest.ts'
import { trajectorySchema, type Trajectory } from './trajectory.ts'

/**
 * How much of what this tab knew is gone with a database that was deleted; told once, by the reconnection that finds out.
 * Training runs say of themselves what is gone.
 */
export interface Gone {
  episodes: number
}

/** Where what people make is kept. `memory` means: it works, and a reload loses it; why, in words. */
export type StorageStatus =
  | { kind: 'durable'; gone?: Gone }
  | { kind: 'memory'; reason: 'unavailable' | 'quota' | 'blocked' | 'deleted' | 'failed'; message: string }

/** A line of the list of recorded episodes, as it is kept. */
export const savedSummarySchema = z.object({
  key: z.string(),
  /** ms since 1970. */
  recorded: z.number(),
  query: z.string(),
  source: z.string(),
  policy: z.string(),
  /** Who tended the memory; left out: AgeMem. */
  agent: z.string().optional(),
  seed: z.number(),
  status: trajectorySchema.shape.status,
  answer: z.string().nullable(),
  expected: z.string(),
  steps: z.number(),
  reward: z.number().nullable(),
})
export type SavedSummary = z.infer<typeof savedSummarySchema>

/** A line of the list of recorded episodes. */
export interface EpisodeSummary extends SavedSummary {
  /** False when it could not be written to the disk. */
  saved: boolean
}

/** Recorded trajectories. */
export interface Archive {
  /**
   * Writes or replaces; resolves with saved = false when only memory could take it.
   * @throws DamagedRecordError for what could not be read again; then nothing is written
   */
  put(key: string, trajectory: Trajectory, summary: SavedSummary): Promise<{ saved: boolean }>
  /** @throws DamagedRecordError when what is stored is no trajectory any more */
  get(key: string): Promise<Trajectory | null>
  /** Newest first. */
  list(): Promise<EpisodeSummary[]>
  /** What a table shows and searches beside their lines, in the order of the keys; null for one that is gone or damaged. */
  digests(keys: readonly string[]): Promise<(EpisodeDigest | null)[]>
  delete(key: string): Promise<void>
}
