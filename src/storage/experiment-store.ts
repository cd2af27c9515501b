// Results of experiments on IndexedDB: what they are of, and the results.
import { experimentResultSchema, type ExperimentResult } from '../core/experiments/result.ts'
import { listedOf, listedResultSchema, newestFirst, type ExperimentStore, type ListedResult } from '../core/experiments/results.ts'
import type { Connection } from './connection.ts'
import type { ExperimentResultRow } from './database.ts'
import { ListedBodies } from './listed-bodies.ts'
import { checked } from './run-rows.ts'

export class DexieExperiments implements ExperimentStore {
  readonly #results: ListedBodies<ListedResult, ExperimentResultRow>

  constructor(connection: Connection) {
    this.#results = new ListedBodies(connection, {
      listings: (db) => db.experiments,
      bodies: (db) => db.experimentResults,
      keyOf: ({ key }) => key,
      listing: listedResultSchema,
      row: (key, gzip) => ({ key, gzip }),
    })
  }

  async put(given: ExperimentResult): Promise<{ saved: boolean }> {
    const result = checked(experimentResultSchema, given, 'The result of the experiment')
    return this.#results.put(listedOf(result), result)
  }

  async list(): Promise<ListedResult[]> {
    return (await this.#results.list()).sort(newestFirst)
  }

  get(key: string): Promise<ExperimentResult | null> {
    return this.#results.body(key, experimentResultSchema, 'The record of the experiment')
  }

  delete(key: string): Promise<void> {
    return this.#results.delete(key)
  }
}
