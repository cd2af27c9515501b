// Results of experiments as they are kept. Knows no database.
import type { z } from 'zod'
import { experimentResultSchema, type ExperimentResult } from './result.ts'

/** What a list shows without reading the rest. */
export const listedResultSchema = experimentResultSchema.pick({ key: true, experiment: true, created: true })
export type ListedResult = z.infer<typeof listedResultSchema>

export interface ExperimentStore {
  /** One of the same key takes the place of the other. Resolves with saved = false when only memory could take it */
  put(result: ExperimentResult): Promise<{ saved: boolean }>
  /** Newest first; those that are damaged are left out. */
  list(): Promise<ListedResult[]>
  /** null: it is not kept. @throws DamagedRecordError */
  get(key: string): Promise<ExperimentResult | null>
  delete(key: string): Promise<void>
}

export const listedOf = ({ key, experiment, created }: ListedResult): ListedResult => ({ key, experiment, created })
export const newestFirst = (a: ListedResult, b: ListedResult): number => b.created - a.created || (a.key < b.key ? -1 : 1)

/** For tests: gone when the process ends. */
export class InMemoryExperiments implements ExperimentStore {
  readonly #kept = new Map<string, ExperimentResult>()

  put(result: ExperimentResult): Promise<{ saved: boolean }> {
    this.#kept.set(result.key, structuredClone(result))
    return Promise.resolve({ saved: true })
  }

  list(): Promise<ListedResult[]> {
    return Promise.resolve([...this.#kept.values()].map(listedOf).sort(newestFirst))
  }

  get(key: string): Promise<ExperimentResult | null> {
    return Promise.resolve(structuredClone(this.#kept.get(key) ?? null))
  }

  delete(key: string): Promise<void> {
    this.#kept.delete(key)
    return Promise.resolve()
  }
}
