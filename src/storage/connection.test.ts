// The connection itself while it comes back; what stores and archive make of failures is in fallback.test.ts.
import { IDBKeyRange } from 'fake-indexeddb'
import { describe, expect, it } from 'vitest'
import { Connection } from './connection.ts'
import { Disk } from './fixture.ts'

/** Nothing that it saves is gone. */
const nothing = () => Promise.resolve({ episodes: 0 })
const full = () => Promise.reject(new DOMException('The disk is full.', 'QuotaExceededError'))

function failed() {
  const disk = new Disk()
  const connection = new Connection({ name: 'test', factory: { indexedDB: disk.indexedDB, IDBKeyRange } })
  const fail = () => connection.exclusive(() => connection.write(full))
  return { disk, connection, fail }
}

describe('a reconnection', () => {
  it('is durable once everything was saved', async () => {
    const { connection, fail } = failed()
    const fresh: boolean[] = []
    connection.onReconnect((_, isFresh) => {
      fresh.push(isFresh)
      return nothing()
    })
    await fail()
    expect(await connection.status()).toMatchObject({ kind: 'memory', reason: 'quota' })
    expect(await connection.reconnect()).toEqual({ kind: 'durable' })
    expect(await connection.reconnect()).toEqual({ kind: 'durable' })
    expect(fresh).toEqual([false])
  })
  it('during which the database goes away is none, and the next one saves everything again', async () => {
    const { disk, connection, fail } = failed()
    let saved = 0
    connection.onReconnect(() => {
      if (++saved === 1) disk.closeConnections()
      return nothing()
    })
    await fail()
    expect(await connection.reconnect()).toMatchObject({ kind: 'memory', reason: 'failed' })
    expect([connection.durable, connection.readable]).toEqual([false, false])
    expect(await connection.reconnect()).toEqual({ kind: 'durable' })
    expect(saved).toBe(2)
  })
  it('in which something cannot be saved is none', async () => {
    const { connection, fail } = failed()
    let works = false
    connection.onReconnect(() => (works ? nothing() : full()))
    await fail()
    expect(await connection.reconnect()).toMatchObject({ kind: 'memory', reason: 'quota' })
    works = true
    expect(await connection.reconnect()).toEqual({ kind: 'durable' })
  })
})
