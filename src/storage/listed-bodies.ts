// Listings that have a large body each: what is listed in one table, the bodies in another, as gzipped JSON. What the disk
// does not take is held in memory until a reconnection, and what was used here in case the database is deleted.
import type { Table } from 'dexie'
import { z } from 'zod'
import type { Connection } from './connection.ts'
import type { PlaygroundDatabase } from './database.ts'
import { gunzipped, gzipped } from './gzip.ts'
import { checked } from './run-rows.ts'

interface Tables<Listing, Row> {
  listings: (db: PlaygroundDatabase) => Table<Listing, string>
  bodies: (db: PlaygroundDatabase) => Table<Row, string>
  keyOf: (listing: Listing) => string
  listing: z.ZodType<Listing>
  row: (key: string, gzip: Uint8Array<ArrayBuffer>) => Row
}

interface Held<Listing, Row> {
  listing: Listing
  row: Row
  saved: boolean
}

const bodySchema = z.object({ gzip: z.instanceof(Uint8Array) })

export class ListedBodies<Listing, Row> {
  readonly #connection: Connection
  readonly #tables: Tables<Listing, Row>
  readonly #held = new Map<string, Held<Listing, Row>>()
  /** Deleted while the disk could not be reached. */
  readonly #erased = new Set<string>()

  constructor(connection: Connection, tables: Tables<Listing, Row>) {
    this.#connection = connection
    this.#tables = tables
    connection.onReconnect(async (db, fresh) => {
      if (!fresh) for (const key of this.#erased) await this.#erase(db, key)
      this.#erased.clear()
      for (const held of this.#held.values()) {
        if (held.saved && !fresh) continue
        await this.#write(db, held)
        held.saved = true
      }
      return { episodes: 0 }
    })
  }

  /** @param body JSON data that the caller has checked */
  async put(listing: Listing, body: unknown): Promise<{ saved: boolean }> {
    const key = this.#tables.keyOf(listing)
    // Before the transaction, which would end while it waits for something else than the database.
    const row = this.#tables.row(key, await gzipped(body))
    return this.#connection.exclusive(async () => {
      const held = { listing, row, saved: false }
      const { done: saved } = await this.#connection.write((db) => this.#write(db, held))
      this.#erased.delete(key)
      this.#held.set(key, { ...held, saved })
      return { saved }
    })
  }

  /** In no order. What is damaged is left out. */
  async list(): Promise<Listing[]> {
    const { listings, listing: schema, keyOf } = this.#tables
    const read = await this.#connection.exclusive(() => this.#connection.read((db) => listings(db).toArray()))
    const stored = (read.done ? read.value : []).flatMap((row) => {
      const listing = schema.safeParse(row)
      return listing.success ? [listing.data] : []
    })
    const all = new Map(stored.map((listing) => [keyOf(listing), listing]))
    for (const key of this.#erased) all.delete(key)
    for (const [key, { listing, saved }] of this.#held) if (!saved || !read.done) all.set(key, listing)
    return [...all.values()]
  }

  /** @param what the beginning of the sentence for what is damaged; @returns null: it is not there */
  async body<T>(key: string, schema: z.ZodType<T>, what: string): Promise<T | null> {
    const row = await this.#connection.exclusive(async (): Promise<unknown> => {
      if (this.#erased.has(key)) return undefined
      const held = this.#held.get(key)
      const read = await this.#connection.read((db) => this.#tables.bodies(db).get(key))
      // Where the disk can be read, it decides: another tab may have deleted it.
      return held && (!held.saved || !read.done) ? held.row : read.done ? read.value : undefined
    })
    if (row === undefined) return null
    const { gzip } = checked(bodySchema, row, what)
    return checked(schema, await gunzipped(gzip, what), what)
  }

  delete(key: string): Promise<void> {
    return this.#connection.exclusive(async () => {
      this.#held.delete(key)
      // Tried on a full disk too: this is how space is made.
      const { done } = await this.#connection.read((db) => this.#erase(db, key))
      if (!done) this.#erased.add(key)
    })
  }

  async #write(db: PlaygroundDatabase, { listing, row }: Held<Listing, Row>): Promise<void> {
    const [listings, bodies] = [this.#tables.listings(db), this.#tables.bodies(db)]
    await db.transaction('rw', listings, bodies, async () => {
      await bodies.put(row)
      await listings.put(listing)
    })
  }

  async #erase(db: PlaygroundDatabase, key: string): Promise<void> {
    const [listings, bodies] = [this.#tables.listings(db), this.#tables.bodies(db)]
    await db.transaction('rw', listings, bodies, async () => {
      await listings.delete(key)
      await bodies.delete(key)
    })
  }
}
