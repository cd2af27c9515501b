// Comparisons on IndexedDB: what came out in one table, the episodes in another, as gzipped JSON. What the disk does not take
// is held in memory until a reconnection.
import { z } from 'zod'
import { recordSchema } from '../core/episode/read-record.ts'
import { comparisonSchema, type Comparison, type ComparisonStore } from '../core/evaluation/comparisons.ts'
import type { Trajectory } from '../core/record/trajectory.ts'
import type { Connection } from './connection.ts'
import type { ComparisonEpisodesRow, PlaygroundDatabase } from './database.ts'
import { gunzipped, gzipped } from './gzip.ts'
import { checked } from './run-rows.ts'

interface Held {
  comparison: Comparison
  row: ComparisonEpisodesRow
}

const rowSchema = z.object({ key: z.string(), gzip: z.instanceof(Uint8Array) })
const episodesSchema = z.array(z.array(recordSchema))

async function write(db: PlaygroundDatabase, { comparison, row }: Held): Promise<void> {
  await db.transaction('rw', db.comparisons, db.comparisonEpisodes, async () => {
    await db.comparisonEpisodes.put(row)
    await db.comparisons.put(comparison)
  })
}

async function erase(db: PlaygroundDatabase, key: string): Promise<void> {
  await db.transaction('rw', db.comparisons, db.comparisonEpisodes, async () => {
    await db.comparisons.delete(key)
    await db.comparisonEpisodes.delete(key)
  })
}

export class DexieComparisons implements ComparisonStore {
  readonly #connection: Connection
  /** What the disk lacks. */
  readonly #held = new Map<string, Held>()
  /** Deleted while the disk could not be reached. */
  readonly #erased = new Set<string>()

  constructor(connection: Connection) {
    this.#connection = connection
    connection.onReconnect(async (db, fresh) => {
      if (!fresh) for (const key of this.#erased) await erase(db, key)
      this.#erased.clear()
      for (const held of this.#held.values()) await write(db, held)
      this.#held.clear()
      return { episodes: 0 }
    })
  }

  async put(given: Comparison, trajectories: readonly (readonly Trajectory[])[]): Promise<{ saved: boolean }> {
    const comparison = checked(comparisonSchema, given, 'The comparison')
    checked(episodesSchema, trajectories, 'One of the episodes of the comparison')
    // Before the transaction, which would end while it waits for something else than the database.
    const held = { comparison, row: { key: comparison.key, gzip: await gzipped(trajectories) } }
    return this.#connection.exclusive(async () => {
      const { done: saved } = await this.#connection.write((db) => write(db, held))
      this.#erased.delete(comparison.key)
      if (!saved) this.#held.set(comparison.key, held)
      return { saved }
    })
  }

  async list(): Promise<Comparison[]> {
    const read = await this.#connection.exclusive(() => this.#connection.read((db) => db.comparisons.toArray()))
    const stored = (read.done ? read.value : []).flatMap((row) => comparisonSchema.safeParse(row).data ?? [])
    const all = new Map(stored.map((comparison) => [comparison.key, comparison]))
    for (const key of this.#erased) all.delete(key)
    for (const { comparison } of this.#held.values()) all.set(comparison.key, comparison)
    return [...all.values()].sort((a, b) => b.created - a.created || (a.key < b.key ? -1 : 1))
  }

  async trajectories(key: string): Promise<Trajectory[][] | null> {
    const row = await this.#connection.exclusive(async (): Promise<unknown> => {
      if (this.#erased.has(key)) return undefined
      const held = this.#held.get(key)
      if (held) return held.row
      const read = await this.#connection.read((db) => db.comparisonEpisodes.get(key))
      return read.done ? read.value : undefined
    })
    if (row === undefined) return null
    const what = 'The record of the episodes of the comparison'
    const { gzip } = checked(rowSchema, row, what)
    return checked(episodesSchema, await gunzipped(gzip, what), what)
  }

  delete(key: string): Promise<void> {
    return this.#connection.exclusive(async () => {
      this.#held.delete(key)
      // Tried on a full disk too: this is how space is made.
      const { done } = await this.#connection.read((db) => erase(db, key))
      if (!done) this.#erased.add(key)
    })
  }
}
