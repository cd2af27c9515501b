// Data sets to train on in IndexedDB.
import { z } from 'zod'
import { byImport, dataSetSchema, type DataSet, type DataSetStore } from '../core/environments/data-sets.ts'
import { families } from '../core/environments/families.ts'
import type { AnyTask } from '../core/record/task.ts'
import type { Connection } from './connection.ts'
import type { DataSetRow } from './database.ts'
import { ListedBodies } from './listed-bodies.ts'
import { checked } from './run-rows.ts'

const tasksSchema = z.array(z.union(Object.values(families).map(({ schema }) => schema)))

export class DexieDataSets implements DataSetStore {
  readonly #sets: ListedBodies<DataSet, DataSetRow>

  constructor(connection: Connection) {
    this.#sets = new ListedBodies(connection, {
      listings: (db) => db.dataSets,
      bodies: (db) => db.dataSetTasks,
      keyOf: ({ hash }) => hash,
      listing: dataSetSchema,
      row: (hash, gzip) => ({ hash, gzip }),
    })
  }

  async put(given: DataSet, tasks: readonly AnyTask[]): Promise<{ saved: boolean }> {
    const set = checked(dataSetSchema, given, `The data set ${given.name}`)
    checked(tasksSchema, tasks, `One of the tasks of the data set ${given.name}`)
    return this.#sets.put(set, tasks)
  }

  async list(): Promise<DataSet[]> {
    return (await this.#sets.list()).sort(byImport)
  }

  tasks(hash: string): Promise<readonly AnyTask[] | null> {
    return this.#sets.body(hash, tasksSchema, `The data set with the hash ${hash.slice(0, 8)}…`)
  }

  delete(hash: string): Promise<void> {
    return this.#sets.delete(hash)
  }
}
