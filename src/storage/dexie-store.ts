// The MemoryStore on IndexedDB: every write goes to the disk first, then to an index in memory that answers
// searches. Several tabs may use one store: each compares versions before it trusts its index. When the disk fails,
// the index goes on as the store, and a reconnection writes what the disk lacks.
import { embedderKey, embedOne, MemoryNotFoundError, type Embedder, type MemoryMetadata, type MemoryStore, type SearchOptions } from '../core/memory/store.ts'
import { memoryId, memoryNumber, VectorIndex } from '../core/memory/vector-index.ts'
import type { Hit, MemoryRecord } from '../core/record/trajectory.ts'
import type { Connection } from './connection.ts'
import type { CounterRow, MemoryRow, PlaygroundDatabase } from './database.ts'
import { StorageError } from './errors.ts'
import { emptyShelf, noteUnsaved, recordOf, rowsOf, saveShelf, type Shelf } from './shelf.ts'

/** What a transaction found and left: the store's version before, and the counter after. */
interface Written<T> {
  value: T
  before: number
  after: CounterRow
}

export class DexieStore implements MemoryStore {
  readonly #connection: Connection
  readonly #embedder: Embedder
  readonly #key: string
  readonly #shelves = new Map<string, Shelf>()

  constructor(connection: Connection, embedder: Embedder) {
    this.#connection = connection
    this.#embedder = embedder
    this.#key = embedderKey(embedder)
    connection.onReconnect(async (db, fresh) => {
      for (const shelf of this.#shelves.values()) await saveShelf(db, shelf, fresh, this.#key)
      return { episodes: 0 }
    })
  }

  add(store: string, content: string, given: MemoryMetadata): Promise<MemoryRecord> {
    return this.#connection.exclusive(async () => {
      const metadata = structuredClone(given)
      const shelf = await this.#fresh(store)
      const embedding = await embedOne(this.#embedder, content)
      const attempt = await this.#write(shelf, async (db, counter) => {
        const number = counter.next
        await db.memories.add({ store, number, content, metadata, embedding, embedder: this.#key })
        return { value: number, next: number + 1 }
      })
      const record = { id: memoryId(attempt ? attempt.value : shelf.next), content, metadata }
      shelf.index.put(record, embedding)
      if (!attempt) {
        shelf.next++
        noteUnsaved(shelf, record.id, 'added')
      }
      return structuredClone(record)
    })
  }

  update(store: string, id: string, content: string, given: MemoryMetadata): Promise<{ before: MemoryRecord; after: MemoryRecord }> {
    return this.#connection.exclusive(async () => {
      const metadata = structuredClone(given)
      const shelf = await this.#fresh(store)
      const number = memoryNumber(id)
      if (number === null) throw new MemoryNotFoundError(id)
      const embedding = await embedOne(this.#embedder, content)
      const attempt = await this.#write(shelf, async (db, counter) => {
        const row = await db.memories.get([store, number])
        if (row) await db.memories.put({ store, number, content, metadata, embedding, embedder: this.#key })
        return { value: row ? recordOf(row) : null, next: counter.next }
      })
      const before = attempt ? attempt.value : (shelf.index.get(id) ?? null)
      if (!before) throw new MemoryNotFoundError(id)
      const after = { id, content, metadata }
      shelf.index.put(after, embedding)
      if (!attempt) noteUnsaved(shelf, id, 'changed')
      return { before, after: structuredClone(after) }
    })
  }

  delete(store: string, id: string): Promise<MemoryRecord> {
    return this.#connection.exclusive(async () => {
      const shelf = await this.#fresh(store)
      const number = memoryNumber(id)
      if (number === null) throw new MemoryNotFoundError(id)
      const attempt = await this.#write(shelf, async (db, counter) => {
        const row = await db.memories.get([store, number])
        if (row) await db.memories.delete([store, number])
        return { value: row ? recordOf(row) : null, next: counter.next }
      })
      const record = attempt ? attempt.value : (shelf.index.get(id) ?? null)
      if (!record) throw new MemoryNotFoundError(id)
      shelf.index.remove(id)
      if (!attempt) noteUnsaved(shelf, id, 'removed')
      return record
    })
  }

  get(store: string, id: string): Promise<MemoryRecord> {
    return this.#connection.exclusive(async () => {
      const record = (await this.#fresh(store)).index.get(id)
      if (!record) throw new MemoryNotFoundError(id)
      return record
    })
  }

  search(store: string, query: string, options: SearchOptions): Promise<Hit[]> {
    return this.#connection.exclusive(async () => {
      const shelf = await this.#fresh(store)
      return shelf.index.search(await embedOne(this.#embedder, query, 'query'), options)
    })
  }

  list(store: string): Promise<MemoryRecord[]> {
    return this.#connection.exclusive(async () => (await this.#fresh(store)).index.list())
  }

  clear(store: string): Promise<void> {
    return this.#connection.exclusive(async () => {
      const shelf = await this.#fresh(store)
      // Every episode begins by clearing a store that is not there yet.
      if (this.#connection.durable && shelf.version === 0) return
      const attempt = await this.#write(shelf, async (db) => {
        await rowsOf(db, store).delete()
        return { value: undefined, next: 1 }
      })
      shelf.index = new VectorIndex(this.#embedder.dimensions)
      shelf.next = 1
      shelf.unsaved.clear()
      shelf.clearedUnsaved = attempt === null
    })
  }

  /**
   * One transaction on a store: the work and the new version together, or neither. Moves the shelf's version along,
   * unless another tab has written since it was read: then the next use reads again. Null: memory has to do.
   */
  async #write<T>(
    shelf: Shelf,
    work: (db: PlaygroundDatabase, counter: CounterRow) => Promise<{ value: T; next: number }>,
  ): Promise<Written<T> | null> {
    const { store } = shelf
    const attempt = await this.#connection.write((db) =>
      db.transaction('rw', db.memories, db.counters, async (): Promise<Written<T>> => {
        const found = await db.counters.get(store)
        // The rows of counters are never removed: without one, this is another database than the one that was read.
        if (!found && shelf.version) throw new StorageError('deleted')
        const counter = found ?? { store, next: 1, version: 0 }
        const { value, next } = await work(db, counter)
        const after = { store, next, version: counter.version + 1 }
        await db.counters.put(after)
        return { value, before: counter.version, after }
      }),
    )
    if (!attempt.done) return null
    const { before, after } = attempt.value
    shelf.version = before === shelf.version ? after.version : null
    shelf.next = after.next
    return attempt.value
  }

  /** The shelf of the store, read again when another tab has written since. */
  async #fresh(store: string): Promise<Shelf> {
    const shelf = this.#shelves.get(store)
    // In memory alone, what this tab has is what counts.
    if (shelf && !this.#connection.durable) return shelf
    const read = await this.#connection.read((db) =>
      db.transaction('r', db.memories, db.counters, async () => {
        const counter = await db.counters.get(store)
        if (!counter && shelf?.version) throw new StorageError('deleted')
        const version = counter?.version ?? 0
        if (shelf?.version === version) return { counter, version, rows: null }
        return { counter, version, rows: await rowsOf(db, store).toArray() }
      }),
    )
    if (read.done && shelf && !read.value.rows) return shelf
    const loaded = shelf ?? emptyShelf(store, this.#embedder.dimensions, null)
    this.#shelves.set(store, loaded)
    if (!read.done) return loaded
    const { counter, version, rows } = read.value
    loaded.index = await this.#indexOf(rows ?? [], version)
    loaded.next = counter?.next ?? 1
    loaded.version = version
    return loaded
  }

  /** The rows in an index. Vectors of another embedder, or damaged ones, are recomputed and written back. */
  async #indexOf(rows: readonly MemoryRow[], version: number): Promise<VectorIndex> {
    const { dimensions } = this.#embedder
    const index = new VectorIndex(dimensions)
    const foreign = rows.filter((row) => row.embedder !== this.#key || !ArrayBuffer.isView(row.embedding) || row.embedding.length !== dimensions)
    const computed = foreign.length > 0 ? await this.#embedder.embed(foreign.map((row) => row.content)) : []
    const renewed = new Map(foreign.map((row, i): [MemoryRow, Float32Array | undefined] => [row, computed[i]]))
    for (const row of rows) index.put(recordOf(row), renewed.get(row) ?? row.embedding)

    const [first] = foreign
    if (first) {
      await this.#connection.write((db) =>
        db.transaction('rw', db.memories, db.counters, async () => {
          // The content is the same, so that the version stays; after another tab's write the next use does it.
          if ((await db.counters.get(first.store))?.version !== version) return
          await db.memories.bulkPut(foreign.map((row) => ({ ...row, embedding: renewed.get(row) ?? row.embedding, embedder: this.#key })))
        }),
      )
    }
    return index
  }
}
