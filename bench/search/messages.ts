// What the page of the search benchmark and its worker say to each other.

/** memory: the store in arrays. disk: the store of the playground, every write in IndexedDB first. */
export type StoreKind = 'memory' | 'disk'

export interface SearchRequest {
  store: StoreKind
  entries: number
  searches: number
}

export interface SearchResult {
  /** ms of each search, the embedding of the query included. */
  times: number[]
  /** ms to add all entries, one after the other. */
  filling: number
  /** Share of the searches whose first hit is the entry that was searched for. */
  found: number
  /** False when the disk did not take the entries. */
  durable: boolean
}

export type SearchReply = { result: SearchResult } | { error: string }
