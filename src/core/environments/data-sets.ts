// Data sets that were imported to train on: as they are kept, by the hash of their tasks, and as runs ask for them. Knows no
// database and no file.
import { z } from 'zod'
import type { AnyTask } from '../record/task.ts'
import { dataReferenceSchema, MissingDataError, type DataReference, type DataSets } from './family.ts'

export const dataSetSchema = dataReferenceSchema.extend({
  /** Whose tasks they are: hotpotqa, musique. */
  source: z.string(),
  /** How many. */
  tasks: z.number().int().positive(),
  /** ms since 1970. */
  imported: z.number(),
})
export type DataSet = z.infer<typeof dataSetSchema>

export interface DataSetStore {
  /** Resolves with saved = false when only memory could take it. One with the same tasks takes the place of the other. */
  put(set: DataSet, tasks: readonly AnyTask[]): Promise<{ saved: boolean }>
  /** Newest first. */
  list(): Promise<DataSet[]>
  /** By the set's hash; null when there is none. @throws DamagedRecordError */
  tasks(hash: string): Promise<readonly AnyTask[] | null>
  delete(hash: string): Promise<void>
}

/** Newest first. */
export const byImport = (a: DataSet, b: DataSet): number => b.imported - a.imported || (a.hash < b.hash ? -1 : 1)

export class InMemoryDataSets implements DataSetStore {
  readonly #sets = new Map<string, { set: DataSet; tasks: readonly AnyTask[] }>()

  put(set: DataSet, tasks: readonly AnyTask[]): Promise<{ saved: boolean }> {
    this.#sets.set(set.hash, structuredClone({ set, tasks }))
    return Promise.resolve({ saved: true })
  }

  list(): Promise<DataSet[]> {
    return Promise.resolve([...this.#sets.values()].map(({ set }) => set).sort(byImport))
  }

  tasks(hash: string): Promise<readonly AnyTask[] | null> {
    return Promise.resolve(structuredClone(this.#sets.get(hash)?.tasks ?? null))
  }

  delete(hash: string): Promise<void> {
    this.#sets.delete(hash)
    return Promise.resolve()
  }
}

/**
 * What runs ask. The last set is held, for every step asks for it.
 * @param missing what to say, and to do, when a set is not there
 */
export function dataSetsOf(tasks: (hash: string) => Promise<readonly AnyTask[] | null>, missing: (data: DataReference) => string): DataSets {
  let last: { hash: string; found: readonly AnyTask[] } | null = null
  return {
    async tasks(data) {
      const { hash } = data
      if (last?.hash === hash) return last.found
      const found = await tasks(hash)
      if (!found) throw new MissingDataError(missing(data))
      last = { hash, found }
      return found
    },
  }
}
