// What every store of data sets does.
import { expect, it } from 'vitest'
import { miraTask } from '../episode/fixture.ts'
import type { DataSet, DataSetStore } from './data-sets.ts'

export const dataSet = (letter: string, changes: Partial<DataSet> = {}): DataSet => ({
  name: `${letter}.json`,
  hash: letter.repeat(64),
  source: 'hotpotqa',
  tasks: 1,
  imported: 0,
  ...changes,
})

export function dataSetStoreContract(open: () => DataSetStore): void {
  const task = (id: string) => ({ ...miraTask(), id })

  it('gives back what was put, by its hash', async () => {
    const store = open()
    expect([await store.list(), await store.tasks('a'.repeat(64))]).toEqual([[], null])
    expect(await store.put(dataSet('a', { tasks: 2 }), [task('one'), task('two')])).toMatchObject({ saved: true })
    await store.put(dataSet('b', { imported: 5 }), [task('three')])
    expect(await store.list()).toEqual([dataSet('b', { imported: 5 }), dataSet('a', { tasks: 2 })])
    expect(await store.tasks('a'.repeat(64))).toEqual([task('one'), task('two')])
    expect(await store.tasks('b'.repeat(64))).toEqual([task('three')])
  })
  it('has the same tasks once, under their newest name', async () => {
    const store = open()
    await store.put(dataSet('a'), [task('one')])
    await store.put(dataSet('a', { name: 'renamed.json', imported: 3 }), [task('one')])
    expect(await store.list()).toEqual([dataSet('a', { name: 'renamed.json', imported: 3 })])
  })
  it('forgets what was deleted', async () => {
    const store = open()
    await store.put(dataSet('a'), [task('one')])
    await store.delete('a'.repeat(64))
    await store.delete('c'.repeat(64))
    expect([await store.list(), await store.tasks('a'.repeat(64))]).toEqual([[], null])
  })
}
