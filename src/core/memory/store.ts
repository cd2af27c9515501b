// The long-term memory M_t as an interface: in-memory and IndexedDB forms obey one contract suite.
import type { Hit, MemoryRecord } from '../record/trajectory.ts'

/** Turns text into unit vectors. Vectors of different name@version are never compared. */
export interface Embedder {
  readonly name: string
  readonly version: number
  readonly dimensions: number
  /** One unit vector (or zero vector for text without content) per text; the caller owns them. */
  embed(texts: readonly string[]): Promise<Float32Array[]>
  /** The same for what is looked up, by embedders that were trained to tell a query from a text; left out: embed() does both. */
  embedQueries?(texts: readonly string[]): Promise<Float32Array[]>
}

/** `name@version`: what is stored beside a vector. */
export function embedderKey(embedder: Pick<Embedder, 'name' | 'version'>): string {
  return `${embedder.name}@${embedder.version}`
}

/** The vector of one text, as what is stored or as what is looked up. @throws RangeError when the embedder gives none */
export async function embedOne(embedder: Embedder, text: string, as: 'text' | 'query' = 'text'): Promise<Float32Array> {
  const [vector] = as === 'query' && embedder.embedQueries ? await embedder.embedQueries([text]) : await embedder.embed([text])
  if (!vector) throw new RangeError(`The embedder ${embedder.name} gave no vector for a text.`)
  return vector
}

export type MemoryMetadata = MemoryRecord['metadata']

export interface SearchOptions {
  topK: number
  /** Entries must match every field: type, tags (all of them), source_step, or a key of extra. */
  filter?: Readonly<Record<string, unknown>>
}

export class MemoryNotFoundError extends Error {
  override readonly name = 'MemoryNotFoundError'
  constructor(readonly id: string) {
    super(`There is no memory ${id.length > 60 ? `${id.slice(0, 60)}…` : id}. Use an id that a retrieval returned.`)
  }
}

/**
 * Entries under store ids; stores are independent and come into being with their first entry.
 * Every promise that resolves after a write means that the write is as durable as the form can make it.
 */
export interface MemoryStore {
  /** Gives the entry the store's next id (m1, m2 …; never used twice, not even after a delete). */
  add(store: string, content: string, metadata: MemoryMetadata): Promise<MemoryRecord>
  /** Replaces the content (and so the vector) and metadata. @throws MemoryNotFoundError */
  update(store: string, id: string, content: string, metadata: MemoryMetadata): Promise<{ before: MemoryRecord; after: MemoryRecord }>
  /** @throws MemoryNotFoundError */
  delete(store: string, id: string): Promise<MemoryRecord>
  /** @throws MemoryNotFoundError */
  get(store: string, id: string): Promise<MemoryRecord>
  /** The topK most similar by cosine (eq. 8, 9), best first; ties by age. */
  search(store: string, query: string, options: SearchOptions): Promise<Hit[]>
  /** All entries, oldest first. */
  list(store: string): Promise<MemoryRecord[]>
  /** Removes the store's entries and its id counter. */
  clear(store: string): Promise<void>
}
