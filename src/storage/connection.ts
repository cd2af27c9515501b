// The one connection to the database and its state: durable, or memory after a failure. Decides what a failure
// means for everybody; what is kept in memory meanwhile is the business of the store and the archive.
import type { Gone, StorageStatus } from '../core/record/archive.ts'
import { createSerial } from '../core/memory/serial.ts'
import { openDatabase, type DatabaseFactory, type PlaygroundDatabase } from './database.ts'
import { StorageError, storageErrorOf } from './errors.ts'

/** The outcome of work on the database: its value, or that memory has to do. */
type Attempt<T> = { done: true; value: T } | { done: false }

/**
 * Writes to the database what memory holds and the disk lacks. Resolves with what this tab knew of in the one before and no
 * longer has.
 * @param fresh it is another database than the one that was last open: nothing of that is in it
 */
type Saver = (db: PlaygroundDatabase, fresh: boolean) => Promise<Gone>

export interface ConnectionOptions {
  name: string
  /** null: the browser's own. */
  factory?: DatabaseFactory | null
  /** ms that opening may take. */
  timeout?: number
}

export class Connection {
  /**
   * One piece of work at a time, so that a reconnection sees the store and the archive at rest. Whoever calls
   * `read` and `write` is inside such a piece.
   */
  readonly exclusive = createSerial()
  readonly #options: Required<ConnectionOptions>
  readonly #listeners = new Set<(status: StorageStatus) => void>()
  readonly #savers: Saver[] = []
  #db: PlaygroundDatabase | null = null
  /** Of the database that is or was open last. */
  #incarnation: string | null = null
  /** Of the database that was open when all was saved. */
  #savedTo: string | null = null
  #status: StorageStatus = { kind: 'durable' }

  /** Begins to open at once; work waits until that is decided. */
  constructor(options: ConnectionOptions) {
    this.#options = { factory: null, timeout: 10_000, ...options }
    void this.exclusive(async () => {
      await this.#open()
      this.#savedTo = this.#incarnation
    })
  }

  /** The status when all work that was asked for before is done. */
  status(): Promise<StorageStatus> {
    return this.exclusive(async () => Promise.resolve(this.#status))
  }

  /** Tells the present status, once it is decided, and every change. */
  async watch(listener: (status: StorageStatus) => void): Promise<void> {
    await this.exclusive(async () => {
      this.#listeners.add(listener)
      listener(this.#status)
      return Promise.resolve()
    })
  }

  /** What is in the database can be read, although new things may not be writable. */
  get readable(): boolean {
    return this.#db !== null
  }

  /** What was in the database is not there any more. */
  get deleted(): boolean {
    return this.#status.kind === 'memory' && this.#status.reason === 'deleted'
  }

  get durable(): boolean {
    return this.#status.kind === 'durable'
  }

  /** Takes part in reconnections. */
  onReconnect(save: Saver): void {
    this.#savers.push(save)
  }

  /** Work that changes the database: not tried any more after a failure, until a reconnection. */
  async write<T>(work: (db: PlaygroundDatabase) => Promise<T>): Promise<Attempt<T>> {
    return this.durable ? this.#attempt(work) : { done: false }
  }

  /** Work that reads, or frees space: also tried while nothing new can be written. */
  async read<T>(work: (db: PlaygroundDatabase) => Promise<T>): Promise<Attempt<T>> {
    return this.#attempt(work)
  }

  /** Tries the database again and writes to it what memory holds. Says what is gone with the one before. */
  reconnect(): Promise<StorageStatus> {
    return this.exclusive(async () => {
      if (this.durable) return this.#status
      if (!this.#db) await this.#open()
      const db = this.#db
      if (!db) return this.#status
      try {
        const fresh = this.#savedTo !== null && this.#savedTo !== this.#incarnation
        const gone: Gone = { episodes: 0 }
        for (const save of this.#savers) gone.episodes += (await save(db, fresh)).episodes
        if (this.#db !== db) return this.#status
        this.#savedTo = this.#incarnation
        this.#set({ kind: 'durable' })
        if (gone.episodes > 0) return { kind: 'durable', gone }
      } catch (error) {
        if (this.#db === db) this.#fail(storageErrorOf(error))
      }
      return this.#status
    })
  }

  /** Lets go of the database for good. */
  async close(): Promise<void> {
    await this.exclusive(async () => {
      const db = this.#db
      this.#db = null
      db?.close()
      return Promise.resolve()
    })
  }

  async #attempt<T>(work: (db: PlaygroundDatabase) => Promise<T>): Promise<Attempt<T>> {
    const db = this.#db
    if (!db) return { done: false }
    try {
      return { done: true, value: await work(db) }
    } catch (error) {
      // When the connection broke meanwhile, that has been told with its own reason.
      if (this.#db === db) this.#fail(storageErrorOf(error))
      return { done: false }
    }
  }

  /** Sets #db and #incarnation, or the status that says why not. */
  async #open(): Promise<void> {
    try {
      const { db, incarnation } = await openDatabase(this.#options.name, this.#options.factory, this.#options.timeout)
      this.#db = db
      this.#incarnation = incarnation
      db.on('versionchange', (event) => {
        if (this.#db === db) this.#fail(new StorageError(event.newVersion ? 'blocked' : 'deleted'))
        db.close()
        // Dexie's own handler would close it in a way that lets it open again.
        return false
      })
      db.on('close', () => {
        if (this.#db === db) this.#fail(new StorageError('failed', 'the browser closed it, perhaps because site data were cleared'))
      })
    } catch (error) {
      this.#fail(storageErrorOf(error, true))
    }
  }

  #fail(error: StorageError): void {
    // Full is full for writing only; after anything else the connection is not trusted any more.
    if (error.kind !== 'quota') {
      const db = this.#db
      this.#db = null
      db?.close()
    }
    this.#set({ kind: 'memory', reason: error.kind, message: error.message })
  }

  #set(status: StorageStatus): void {
    this.#status = status
    for (const listener of this.#listeners) listener(status)
  }
}
