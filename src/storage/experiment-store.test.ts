// Results of experiments: back after a reload, replaced cell by cell, newest first, gone when they are deleted.
import { IDBKeyRange } from 'fake-indexeddb'
import { describe, expect, it } from 'vitest'
import { cellOf, resultOf } from '../core/experiments/cell.fixture.ts'
import { PlaygroundDatabase } from './database.ts'
import { Disk } from './fixture.ts'

const result = (key: string, created: number, cells = 1) => ({ ...resultOf('tools', ['agemem'], Array.from({ length: cells }, (_, seed) => cellOf({ seed, tasks: { a: 1, b: null } }))), key, created })

describe('DexieExperiments', () => {
  it('gives back what was put last, the newest first, after a reload', async () => {
    const disk = new Disk()
    const tab = disk.tab()
    expect(await tab.experiments.put(result('a', 1))).toEqual({ saved: true })
    await tab.experiments.put(result('a', 1, 2))
    await tab.experiments.put(result('b', 2))
    await tab.close()
    const after = disk.tab()
    expect(await after.experiments.list()).toEqual([{ key: 'b', experiment: 'tools', created: 2 }, { key: 'a', experiment: 'tools', created: 1 }])
    expect(await after.experiments.get('a')).toEqual(result('a', 1, 2))
    expect(await after.experiments.get('none')).toBeNull()
    await after.experiments.delete('a')
    expect((await after.experiments.list()).map(({ key }) => key)).toEqual(['b'])
  })

  it('says what is damaged, and lists the others', async () => {
    const disk = new Disk()
    const tab = disk.tab()
    await tab.experiments.put(result('a', 1))
    await tab.experiments.put(result('b', 2))
    const raw = new PlaygroundDatabase('test', { indexedDB: disk.indexedDB, IDBKeyRange })
    await raw.open()
    await raw.table('experiments').put({ key: 'b', created: 'yesterday' })
    await raw.table('experimentResults').put({ key: 'a', gzip: 'none' })
    raw.close()
    const fresh = disk.tab()
    expect((await fresh.experiments.list()).map(({ key }) => key)).toEqual(['a'])
    await expect(fresh.experiments.get('a')).rejects.toMatchObject({ name: 'DamagedRecordError' })
  })
})
