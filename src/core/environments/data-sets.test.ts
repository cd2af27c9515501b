import { describe, expect, it } from 'vitest'
import { miraTask } from '../episode/fixture.ts'
import { dataSetStoreContract } from './data-sets.contract.test-suite.ts'
import { dataSetsOf, InMemoryDataSets } from './data-sets.ts'
import { MissingDataError } from './family.ts'

describe('InMemoryDataSets', () => {
  dataSetStoreContract(() => new InMemoryDataSets())
})

describe('dataSetsOf', () => {
  it('asks once for the tasks that every step wants, and says what to do when there are none', async () => {
    let asked = 0
    const sets = dataSetsOf(
      (hash) => Promise.resolve(hash === 'a' ? [{ ...miraTask(), id: String(asked++) }] : null),
      ({ name }) => `Bring ${name}.`,
    )
    const data = { name: 'dev', hash: 'a' }
    expect(await sets.tasks(data)).toBe(await sets.tasks(data))
    expect(asked).toBe(1)
    await expect(sets.tasks({ name: 'dev', hash: 'b' })).rejects.toThrow(new MissingDataError('Bring dev.'))
  })
})
