// Disks for the tests of this folder: databases of their own in memory, and the ways in which a browser's can fail.
// Only tests import it.
import { IDBFactory, IDBKeyRange, IDBObjectStore } from 'fake-indexeddb'
import { vi } from 'vitest'
import { HashEmbedder } from '../core/memory/hash-embedder.ts'
import type { Embedder } from '../core/memory/store.ts'
import { openStorage, type Storage } from './storage.ts'

/** One browser profile: every storage that is opened on it is another tab of the page. */
export class Disk {
  readonly indexedDB = new IDBFactory()
  readonly #connections: IDBDatabase[] = []

  constructor() {
    const open = this.indexedDB.open.bind(this.indexedDB)
    this.indexedDB.open = (name, version) => {
      const request = open(name, version)
      request.addEventListener('success', () => { this.#connections.push(request.result) })
      return request
    }
  }

  tab(embedder: Embedder = new HashEmbedder(), rolloutBudget?: number): Storage {
    return openStorage({ name: 'test', embedder, rolloutBudget, factory: { indexedDB: this.indexedDB, IDBKeyRange }, timeout: 200 })
  }

  async deleteDatabase(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const request = this.indexedDB.deleteDatabase('test')
      request.onsuccess = () => { resolve() }
      request.onerror = () => { reject(new Error('not deleted')) }
    })
  }

  /** What a browser does when site data are cleared: the connections end, and are told so. */
  closeConnections(): void {
    for (const connection of this.#connections.splice(0)) {
      connection.close()
      connection.onclose?.call(connection, new Event('close'))
    }
  }

  async databases(): Promise<string[]> {
    return (await this.indexedDB.databases()).map((database) => database.name ?? '')
  }
}

/** A tab of a browser that has no IndexedDB. */
export function tabWithoutDatabase(): Storage {
  return openStorage({ name: 'test', embedder: new HashEmbedder(), factory: { indexedDB: undefined, IDBKeyRange } })
}

/**
 * Every disk is full, or fails in another way, until the function that is returned is called.
 * @param after writes that still succeed
 */
export function failWrites(error = new DOMException('The disk is full.', 'QuotaExceededError'), after = 0): () => void {
  let left = after
  const spies = (['put', 'add'] as const).map((method) => {
    const real = IDBObjectStore.prototype[method]
    return vi.spyOn(IDBObjectStore.prototype, method).mockImplementation(function (this: IDBObjectStore, ...args) {
      if (left-- > 0) return real.apply(this, args)
      throw error
    })
  })
  return () => {
    for (const spy of spies) spy.mockRestore()
  }
}
