// The MemoryStore that lives in arrays: headless runs, tests, and whatever needs no disk.
import type { Hit, MemoryRecord } from '../record/trajectory.ts'
import { createSerial } from './serial.ts'
import { embedOne, MemoryNotFoundError, type Embedder, type MemoryMetadata, type MemoryStore, type SearchOptions } from './store.ts'
import { memoryId, VectorIndex } from './vector-index.ts'

interface Shelf {
  index: VectorIndex
  /** Number of the next entry. */
  next: number
}

/** Calls take effect in the order in which they were made, also when the embedder answers late. */
export class InMemoryStore implements MemoryStore {
  readonly #shelves = new Map<string, Shelf>()
  readonly #serial = createSerial()
  readonly #embedder: Embedder

  constructor(embedder: Embedder) {
    this.#embedder = embedder
  }

  add(store: string, content: string, metadata: MemoryMetadata): Promise<MemoryRecord> {
    return this.#serial(async () => {
      const vector = await embedOne(this.#embedder, content)
      const shelf = this.#shelf(store)
      const record = { id: memoryId(shelf.next), content, metadata }
      shelf.index.put(record, vector)
      shelf.next++
      return this.#find(store, record.id)
    })
  }

  update(store: string, id: string, content: string, metadata: MemoryMetadata): Promise<{ before: MemoryRecord; after: MemoryRecord }> {
    return this.#serial(async () => {
      const before = this.#find(store, id)
      this.#shelf(store).index.put({ id, content, metadata }, await embedOne(this.#embedder, content))
      return { before, after: this.#find(store, id) }
    })
  }

  delete(store: string, id: string): Promise<MemoryRecord> {
    return this.#serial(async () => {
      const record = this.#find(store, id)
      this.#shelf(store).index.remove(id)
      return Promise.resolve(record)
    })
  }

  get(store: string, id: string): Promise<MemoryRecord> {
    return this.#serial(async () => Promise.resolve(this.#find(store, id)))
  }

  search(store: string, query: string, options: SearchOptions): Promise<Hit[]> {
    return this.#serial(async () => {
      const vector = await embedOne(this.#embedder, query, 'query')
      return this.#shelves.get(store)?.index.search(vector, options) ?? []
    })
  }

  list(store: string): Promise<MemoryRecord[]> {
    return this.#serial(async () => Promise.resolve(this.#shelves.get(store)?.index.list() ?? []))
  }

  clear(store: string): Promise<void> {
    return this.#serial(async () => {
      this.#shelves.delete(store)
      return Promise.resolve()
    })
  }

  #shelf(store: string): Shelf {
    let shelf = this.#shelves.get(store)
    if (!shelf) {
      shelf = { index: new VectorIndex(this.#embedder.dimensions), next: 1 }
      this.#shelves.set(store, shelf)
    }
    return shelf
  }

  #find(store: string, id: string): MemoryRecord {
    const record = this.#shelves.get(store)?.index.get(id)
    if (!record) throw new MemoryNotFoundError(id)
    return record
  }
}

/** Puts contents into a store that nobody stored: what an agent can do with facts that it was not told. */
export async function tell(memory: MemoryStore, store: string, contents: readonly string[]): Promise<void> {
  for (const content of contents) {
    await memory.add(store, content, { created: 0, updated: 0, source_step: null, tags: [], type: null, extra: {} })
  }
}
