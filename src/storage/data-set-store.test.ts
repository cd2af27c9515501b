import { afterEach, describe, expect, it, vi } from 'vitest'
import { dataSet, dataSetStoreContract } from '../core/environments/data-sets.contract.test-suite.ts'
import { miraTask } from '../core/episode/fixture.ts'
import { Disk, failWrites, tabWithoutDatabase } from './fixture.ts'

afterEach(() => { vi.restoreAllMocks() })

describe('data sets in IndexedDB', () => {
  dataSetStoreContract(() => new Disk().tab().data)

  it('are there for the next visit, and for other tabs until one deletes them', async () => {
    const disk = new Disk()
    const [one, two] = [disk.tab(), disk.tab()]
    await one.data.put(dataSet('a'), [miraTask()])
    expect([await two.data.list(), await two.data.tasks('a'.repeat(64))]).toEqual([[dataSet('a')], [miraTask()]])
    await two.data.delete('a'.repeat(64))
    expect([await one.data.list(), await one.data.tasks('a'.repeat(64))]).toEqual([[], null])
  })
  it('are held while the disk is full, and written when it is not any more', async () => {
    const disk = new Disk()
    const tab = disk.tab()
    const restore = failWrites()
    expect(await tab.data.put(dataSet('a'), [miraTask()])).toEqual({ saved: false })
    expect([await tab.data.list(), await tab.data.tasks('a'.repeat(64))]).toEqual([[dataSet('a')], [miraTask()]])
    restore()
    expect(await tab.reconnect()).toEqual({ kind: 'durable' })
    expect(await disk.tab().data.tasks('a'.repeat(64))).toEqual([miraTask()])
  })
  it('refuses tasks that could not be read again', async () => {
    const { data } = new Disk().tab()
    await expect(data.put(dataSet('a'), [{ ...miraTask(), kind: 3 } as never])).rejects.toThrow('One of the tasks of the data set a.json')
    expect(await data.list()).toEqual([])
  })
})

describe('data sets without a database', () => {
  it('are kept for the visit', async () => {
    const { data } = tabWithoutDatabase()
    expect(await data.put(dataSet('a'), [miraTask()])).toEqual({ saved: false })
    expect([await data.list(), await data.tasks('a'.repeat(64))]).toEqual([[dataSet('a')], [miraTask()]])
    await data.delete('a'.repeat(64))
    expect([await data.list(), await data.tasks('a'.repeat(64))]).toEqual([[], null])
  })
})
