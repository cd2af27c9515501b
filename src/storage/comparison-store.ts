// Comparisons on IndexedDB: what came out, and the episodes.
import { z } from 'zod'
import { recordSchema } from '../core/episode/read-record.ts'
import { comparisonSchema, type Comparison, type ComparisonStore } from '../core/evaluation/comparisons.ts'
import type { Trajectory } from '../core/record/trajectory.ts'
import type { Connection } from './connection.ts'
import type { ComparisonEpisodesRow } from './database.ts'
import { ListedBodies } from './listed-bodies.ts'
import { checked } from './run-rows.ts'

const episodesSchema = z.array(z.array(recordSchema))

export class DexieComparisons implements ComparisonStore {
  readonly #comparisons: ListedBodies<Comparison, ComparisonEpisodesRow>

  constructor(connection: Connection) {
    this.#comparisons = new ListedBodies(connection, {
      listings: (db) => db.comparisons,
      bodies: (db) => db.comparisonEpisodes,
      keyOf: ({ key }) => key,
      listing: comparisonSchema,
      row: (key, gzip) => ({ key, gzip }),
    })
  }

  async put(given: Comparison, trajectories: readonly (readonly Trajectory[])[]): Promise<{ saved: boolean }> {
    const comparison = checked(comparisonSchema, given, 'The comparison')
    checked(episodesSchema, trajectories, 'One of the episodes of the comparison')
    return this.#comparisons.put(comparison, trajectories)
  }

  async list(): Promise<Comparison[]> {
    const all = await this.#comparisons.list()
    return all.sort((a, b) => b.created - a.created || (a.key < b.key ? -1 : 1))
  }

  trajectories(key: string): Promise<Trajectory[][] | null> {
    return this.#comparisons.body(key, episodesSchema, 'The record of the episodes of the comparison')
  }

  delete(key: string): Promise<void> {
    return this.#comparisons.delete(key)
  }
}
