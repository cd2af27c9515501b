// Data sets to train on in IndexedDB: what is listed in one table, the tasks in another, as gzipped JSON. What the disk does
// not take is held in memory until a reconnection, and what was used here in case the database is deleted.
import { z } from 'zod'
import { byImport, dataSetSchema, type DataSet, type DataSetStore } from '../core/environments/data-sets.ts'
import { families } from '../core/environments/families.ts'
import type { AnyTask } from '../core/record/task.ts'
import type { Connection } from './connection.ts'
import type { DataSetRow, PlaygroundDatabase } from './database.ts'
import { gunzipped, gzipped } from './gzip.ts'
import { checked } from './run-rows.ts'

interface Held {
  set: DataSet
  row: DataSetRow
  saved: boolean
}

const taskSchema = z.union(Object.values(families).map(({ schema }) => schema))
const rowSchema = z.object({ hash: z.string(), gzip: z.instanceof(Uint8Array) })

async function write(db: PlaygroundDatabase, { set, row }: Held): Promise<void> {
  await db.transaction('rw', db.dataSets, db.dataSetTasks, async () => {
    await db.dataSetTasks.put(row)
    await db.dataSets.put(set)
  })
}

async function erase(db: PlaygroundDatabase, hash: string): Promise<void> {
  await db.transaction('rw', db.dataSets, db.dataSetTasks, async () => {
    await db.dataSets.delete(hash)
    await db.dataSetTasks.delete(hash)
  })
}

export class DexieDataSets implements DataSetStore {
  readonly #connection: Connection
  readonly #held = new Map<string, Held>()
  /** Deleted while the disk could not be reached. */
  readonly #erased = new Set<string>()

  constructor(connection: Connection) {
    this.#connection = connection
    connection.onReconnect(async (db, fresh) => {
      if (!fresh) for (const hash of this.#erased) await erase(db, hash)
      this.#erased.clear()
      for (const held of this.#held.values()) {
        if (held.saved && !fresh) continue
        await write(db, held)
        held.saved = true
      }
      return { episodes: 0 }
    })
  }

  async put(given: DataSet, tasks: readonly AnyTask[]): Promise<{ saved: boolean }> {
    const set = checked(dataSetSchema, given, `The data set ${given.name}`)
    checked(z.array(taskSchema), tasks, `One of the tasks of the data set ${given.name}`)
    // Before the transaction, which would end while it waits for something else than the database.
    const row = { hash: set.hash, gzip: await gzipped(tasks) }
    return this.#connection.exclusive(async () => {
      const held = { set, row, saved: false }
      const { done: saved } = await this.#connection.write((db) => write(db, held))
      this.#erased.delete(set.hash)
      this.#held.set(set.hash, { ...held, saved })
      return { saved }
    })
  }

  async list(): Promise<DataSet[]> {
    const read = await this.#connection.exclusive(() => this.#connection.read((db) => db.dataSets.toArray()))
    const sets = new Map((read.done ? read.value : []).flatMap((stored) => dataSetSchema.safeParse(stored).data ?? []).map((set) => [set.hash, set]))
    for (const hash of this.#erased) sets.delete(hash)
    for (const { set, saved } of this.#held.values()) if (!saved || !read.done) sets.set(set.hash, set)
    return [...sets.values()].sort(byImport)
  }

  async tasks(hash: string): Promise<readonly AnyTask[] | null> {
    const row = await this.#connection.exclusive(async (): Promise<unknown> => {
      if (this.#erased.has(hash)) return undefined
      const held = this.#held.get(hash)
      const read = await this.#connection.read((db) => db.dataSetTasks.get(hash))
      // Where the disk can be read, it decides: another tab may have deleted it.
      return held && (!held.saved || !read.done) ? held.row : read.done ? read.value : undefined
    })
    if (row === undefined) return null
    const what = `The data set with the hash ${hash.slice(0, 8)}…`
    const { gzip } = checked(rowSchema, row, what)
    return checked(z.array(taskSchema), await gunzipped(gzip, what), what)
  }

  delete(hash: string): Promise<void> {
    return this.#connection.exclusive(async () => {
      this.#held.delete(hash)
      // Tried on a full disk too: this is how space is made.
      const { done } = await this.#connection.read((db) => erase(db, hash))
      if (!done) this.#erased.add(hash)
    })
  }
}
