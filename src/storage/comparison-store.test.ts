// Comparisons: back after a reload, newest first, held while the disk is full, gone when they are deleted.
import { afterEach, describe, expect, it } from 'vitest'
import type { Comparison } from '../core/evaluation/comparisons.ts'
import { evaluationMetrics, rolloutsOf } from '../core/training/runs.fixture.ts'
import { PlaygroundDatabase } from './database.ts'
import { IDBKeyRange } from 'fake-indexeddb'
import { Disk, failWrites } from './fixture.ts'
import type { Storage } from './storage.ts'

const comparison = (key: string, created: number): Comparison => ({
  key,
  created,
  tasks: 2,
  seed: 7,
  run: null,
  participants: [
    { name: 'nano', policy: { kind: 'onnx', model: 'nano', source: null, adapter: null }, evaluation: evaluationMetrics(0) },
    { name: 'oracle', policy: { kind: 'scripted', name: 'oracle' }, evaluation: evaluationMetrics(0, 0.9) },
  ],
})
const episodes = () => [rolloutsOf('a', 1), rolloutsOf('b', 1)]
const put = (tab: Storage, key: string, created: number) => tab.comparisons.put(comparison(key, created), episodes())
const listed = async (tab: Storage) => (await tab.comparisons.list()).map(({ key }) => key)

let restore = () => undefined as void
afterEach(() => { restore() })

describe('DexieComparisons', () => {
  it('gives back what was put, the newest first, after a reload', async () => {
    const disk = new Disk()
    const tab = disk.tab()
    expect(await put(tab, 'a', 1)).toEqual({ saved: true })
    await put(tab, 'b', 2)
    await tab.close()
    const after = disk.tab()
    expect(await after.comparisons.list()).toEqual([comparison('b', 2), comparison('a', 1)])
    expect(await after.comparisons.trajectories('a')).toEqual(episodes())
    expect(await after.comparisons.trajectories('none')).toBeNull()
    await after.comparisons.delete('a')
    expect(await listed(after)).toEqual(['b'])
    expect(await after.comparisons.trajectories('a')).toBeNull()
  })
  it('holds in memory what the disk does not take, and saves it later', async () => {
    const disk = new Disk()
    const tab = disk.tab()
    await put(tab, 'a', 1)
    restore = failWrites()
    expect(await put(tab, 'b', 2)).toEqual({ saved: false })
    expect(await listed(tab)).toEqual(['b', 'a'])
    expect(await tab.comparisons.trajectories('b')).toEqual(episodes())
    expect(await listed(disk.tab())).toEqual(['a'])
    restore()
    await tab.reconnect()
    expect(await listed(disk.tab())).toEqual(['b', 'a'])
  })
  it('keeps what this tab made when the database is deleted, and saves it to the next one', async () => {
    const disk = new Disk()
    const tab = disk.tab()
    await put(tab, 'a', 1)
    await disk.deleteDatabase()
    expect(await listed(tab)).toEqual(['a'])
    await tab.reconnect()
    expect(await listed(disk.tab())).toEqual(['a'])
    expect(await disk.tab().comparisons.trajectories('a')).toEqual(episodes())
  })
  it('lists the others of one that is damaged, and says what is wrong with episodes', async () => {
    const disk = new Disk()
    const tab = disk.tab()
    await put(tab, 'a', 1)
    await put(tab, 'b', 2)
    const raw = new PlaygroundDatabase('test', { indexedDB: disk.indexedDB, IDBKeyRange })
    await raw.open()
    await raw.table('comparisons').put({ key: 'b', created: 'yesterday' })
    await raw.table('comparisonEpisodes').put({ key: 'a', gzip: 'none' })
    raw.close()
    expect(await listed(tab)).toEqual(['a'])
    await expect(tab.comparisons.trajectories('a')).rejects.toMatchObject({ name: 'DamagedRecordError' })
  })
})
