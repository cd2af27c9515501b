// What happens to memories when the disk fails: see archive.test.ts for the recorded episodes.
import { IDBKeyRange } from 'fake-indexeddb'
import { afterEach, describe, expect, it } from 'vitest'
import type { StorageStatus } from '../core/record/archive.ts'
import { describeMemoryStore, metadata } from '../core/memory/store.contract.test-suite.ts'
import { PlaygroundDatabase } from './database.ts'
import { Disk, failWrites, tabWithoutDatabase } from './fixture.ts'
import type { Storage } from './storage.ts'

const lines = async (tab: Storage, name = 's') => (await tab.store.list(name)).map((entry) => `${entry.id} ${entry.content}`)
const add = (tab: Storage, content: string, name = 's') => tab.store.add(name, content, metadata())

const reasonOf = (status: StorageStatus | undefined) => (status?.kind === 'memory' ? status.reason : status?.kind)

let restore = () => undefined as void
afterEach(() => { restore() })

describeMemoryStore('DexieStore without a database', async () => Promise.resolve(tabWithoutDatabase().store))

describeMemoryStore('DexieStore after its database was deleted', async () => {
  const disk = new Disk()
  const tab = disk.tab()
  await add(tab, 'kept', 'another store')
  await disk.deleteDatabase()
  return tab.store
})

describe('without IndexedDB', () => {
  it('works, and says what that means', async () => {
    const tab = tabWithoutDatabase()
    expect((await add(tab, 'one')).id).toBe('m1')
    const status = await tab.status()
    expect(reasonOf(status)).toBe('unavailable')
    expect(status.kind === 'memory' && status.message).toContain('a reload loses it')
    expect(reasonOf(await tab.reconnect())).toBe('unavailable')
    expect(await lines(tab)).toEqual(['m1 one'])
  })
})

describe('a full disk', () => {
  it('goes on in memory, keeps what was saved, and saves the rest when there is space', async () => {
    const disk = new Disk()
    const tab = disk.tab()
    const seen: (string | undefined)[] = []
    await tab.watchStatus((status) => { seen.push(reasonOf(status)) })
    await add(tab, 'one')
    await add(tab, 'two')
    await add(tab, 'three')
    await add(tab, 'in another store', 't')
    restore = failWrites()
    expect((await add(tab, 'four')).id).toBe('m4')
    expect(reasonOf(await tab.status())).toBe('quota')
    await tab.store.update('s', 'm1', 'one, corrected', metadata())
    await tab.store.delete('s', 'm2')
    await add(tab, 'five')
    await tab.store.delete('s', 'm5')
    expect(await lines(tab)).toEqual(['m1 one, corrected', 'm3 three', 'm4 four'])
    expect((await tab.store.search('s', 'one corrected', { topK: 1 }))[0]?.id).toBe('m1')
    expect(reasonOf(await tab.reconnect())).toBe('quota')

    restore()
    expect(await tab.reconnect()).toEqual({ kind: 'durable' })
    expect(seen).toEqual(['durable', 'quota', 'quota', 'durable'])
    for (const reader of [tab, disk.tab()]) {
      expect(await lines(reader)).toEqual(['m1 one, corrected', 'm3 three', 'm4 four'])
      expect(await lines(reader, 't')).toEqual(['m1 in another store'])
    }
    expect((await add(disk.tab(), 'six')).id).toBe('m6')
  })

  it('still reads stores that it had not touched before', async () => {
    const disk = new Disk()
    const before = disk.tab()
    await add(before, 'old', 'never touched')
    await before.close()
    const tab = disk.tab()
    restore = failWrites()
    await add(tab, 'one')
    expect(reasonOf(await tab.status())).toBe('quota')
    expect(await lines(tab, 'never touched')).toEqual(['m1 old'])
    expect((await add(tab, 'new', 'never touched')).id).toBe('m2')
  })

  it('saves a clear that only memory had done', async () => {
    const disk = new Disk()
    const tab = disk.tab()
    await add(tab, 'old one')
    await add(tab, 'old two')
    restore = failWrites()
    await tab.store.clear('s')
    expect((await add(tab, 'new')).id).toBe('m1')
    restore()
    await tab.reconnect()
    expect(await lines(disk.tab())).toEqual(['m1 new'])
    expect((await add(disk.tab(), 'next')).id).toBe('m2')
  })

  it('loses nothing of either tab when both wrote meanwhile', async () => {
    const disk = new Disk()
    const full = disk.tab()
    const other = disk.tab()
    await add(full, 'one')
    await add(full, 'two')
    restore = failWrites()
    await add(full, 'three of the full tab')
    await full.store.update('s', 'm1', 'one, corrected', metadata())
    restore()
    expect((await add(other, 'three of the other tab')).id).toBe('m3')
    await other.store.delete('s', 'm2')
    expect(await full.reconnect()).toEqual({ kind: 'durable' })
    const expected = ['m1 one, corrected', 'm3 three of the other tab', 'm4 three of the full tab']
    for (const tab of [full, other, disk.tab()]) expect(await lines(tab)).toEqual(expected)
    expect((await full.store.search('s', 'three of the full tab', { topK: 1 }))[0]?.id).toBe('m4')
    expect((await add(full, 'five')).id).toBe('m5')
  })

  it('takes nothing of another tab with it when it fails once more after a clear was saved', async () => {
    const disk = new Disk()
    const full = disk.tab()
    const other = disk.tab()
    await add(full, 'old')
    restore = failWrites()
    await full.store.clear('s')
    await add(full, 'one')
    restore()
    expect(await full.reconnect()).toEqual({ kind: 'durable' })
    restore = failWrites()
    await add(full, 'two of the full tab')
    restore()
    await add(other, 'two of the other tab')
    expect(await full.reconnect()).toEqual({ kind: 'durable' })
    for (const tab of [full, other, disk.tab()]) expect(await lines(tab)).toEqual(['m1 one', 'm2 two of the other tab', 'm3 two of the full tab'])
  })

  it('keeps what it could not save when it fails again half way', async () => {
    const disk = new Disk()
    const tab = disk.tab()
    await add(tab, 'one')
    restore = failWrites()
    await add(tab, 'two')
    await add(tab, 'two of t', 't')
    await tab.reconnect()
    await add(tab, 'three')
    restore()
    await tab.reconnect()
    const reader = disk.tab()
    expect(await lines(reader)).toEqual(['m1 one', 'm2 two', 'm3 three'])
    expect(await lines(reader, 't')).toEqual(['m1 two of t'])
  })
})

describe('a disk that fails otherwise', () => {
  it('goes on in memory and names what the browser said', async () => {
    const disk = new Disk()
    const tab = disk.tab()
    await add(tab, 'one')
    restore = failWrites(new DOMException('Internal error.', 'UnknownError'))
    await add(tab, 'two')
    const status = await tab.status()
    expect(reasonOf(status)).toBe('failed')
    expect(status.kind === 'memory' && status.message).toContain('UnknownError: Internal error.')
    restore()
    expect(await tab.reconnect()).toEqual({ kind: 'durable' })
    expect(await lines(disk.tab())).toEqual(['m1 one', 'm2 two'])
  })
})

describe('a database that is deleted while it is open', () => {
  it('lets the deletion happen, makes no new one by itself, and keeps what was loaded', async () => {
    const disk = new Disk()
    const tab = disk.tab()
    await add(tab, 'one')
    await add(tab, 'two')
    await disk.deleteDatabase()
    expect(reasonOf(await tab.status())).toBe('deleted')
    expect((await add(tab, 'three')).id).toBe('m3')
    expect(await lines(tab)).toEqual(['m1 one', 'm2 two', 'm3 three'])
    expect(await disk.databases()).toEqual([])

    expect(await tab.reconnect()).toEqual({ kind: 'durable' })
    expect(await lines(disk.tab())).toEqual(['m1 one', 'm2 two', 'm3 three'])
    expect((await add(disk.tab(), 'four')).id).toBe('m4')
  })

  it('loses nothing in the middle of writes', async () => {
    const disk = new Disk()
    const tab = disk.tab()
    await add(tab, 'entry 0')
    const adding = Promise.all(Array.from({ length: 20 }, (_, i) => add(tab, `entry ${i + 1}`)))
    const deleted = disk.deleteDatabase()
    await Promise.all([adding, deleted])
    expect(await lines(tab)).toEqual(Array.from({ length: 21 }, (_, i) => `m${i + 1} entry ${i}`))
    expect(reasonOf(await tab.status())).toBe('deleted')
    await tab.reconnect()
    expect(await lines(disk.tab())).toHaveLength(21)
  })

  it('is made anew by two tabs without doubling what both had', async () => {
    const disk = new Disk()
    const a = disk.tab()
    const b = disk.tab()
    await add(a, 'one')
    await add(b, 'two')
    expect(await lines(a)).toEqual(['m1 one', 'm2 two'])
    await disk.deleteDatabase()
    await add(a, 'three of a')
    await add(b, 'three of b')
    expect([reasonOf(await a.reconnect()), reasonOf(await b.reconnect())]).toEqual(['durable', 'durable'])
    for (const tab of [a, b, disk.tab()]) expect(await lines(tab)).toEqual(['m1 one', 'm2 two', 'm3 three of a', 'm4 three of b'])
  })

  it('is another database when the versions happen to be the same', async () => {
    const disk = new Disk()
    const tab = disk.tab()
    await add(tab, 'one of the first')
    await disk.deleteDatabase()
    const other = disk.tab()
    await add(other, 'one of the second')
    await tab.reconnect()
    for (const reader of [tab, other]) expect(await lines(reader)).toEqual(['m1 one of the second', 'm2 one of the first'])
  })
})

describe('a connection that the browser closes', () => {
  it('keeps what was loaded and comes back', async () => {
    const disk = new Disk()
    const tab = disk.tab()
    await add(tab, 'one')
    disk.closeConnections()
    expect((await add(tab, 'two')).id).toBe('m2')
    expect(reasonOf(await tab.status())).toBe('failed')
    expect(await tab.reconnect()).toEqual({ kind: 'durable' })
    expect(await lines(disk.tab())).toEqual(['m1 one', 'm2 two'])
  })
})

describe('another version of the page', () => {
  it('may upgrade the database: this tab steps aside and says so', async () => {
    const disk = new Disk()
    const tab = disk.tab()
    await add(tab, 'one')
    const newer = new PlaygroundDatabase('test', { indexedDB: disk.indexedDB, IDBKeyRange })
    newer.version(99).stores({ runs: 'key' })
    await newer.open()
    newer.close()
    expect(reasonOf(await tab.status())).toBe('blocked')
    await add(tab, 'two')
    expect(await lines(tab)).toEqual(['m1 one', 'm2 two'])
    expect(await tab.reconnect()).toEqual({ kind: 'durable' })
    expect(await lines(disk.tab())).toEqual(['m1 one', 'm2 two'])
  })

  it('that does not step aside blocks opening: memory takes over', async () => {
    const disk = new Disk()
    const older = await new Promise<IDBDatabase>((resolve) => {
      const request = disk.indexedDB.open('test', 1)
      request.onsuccess = () => { resolve(request.result) }
    })
    const tab = disk.tab()
    expect((await add(tab, 'one')).id).toBe('m1')
    expect(reasonOf(await tab.status())).toBe('blocked')
    older.close()
  })
})
