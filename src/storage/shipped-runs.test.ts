import { describe, expect, it } from 'vitest'
import { InMemoryRuns } from '../core/training/in-memory-runs.ts'
import { describeRunStore } from '../core/training/runs.contract.test-suite.ts'
import { RunsWithShipped, type ShippedRun } from './shipped-runs.ts'

/** Its files do not come. */
const away: ShippedRun = {
  index: () => Promise.reject(new Error('No network.')),
  history: () => Promise.reject(new Error('No network.')),
  adapter: () => Promise.reject(new Error('No network.')),
}

describeRunStore('RunsWithShipped', () => Promise.resolve(new RunsWithShipped(new InMemoryRuns(), 'shipped', away)))

describe('RunsWithShipped', () => {
  it('says of the run that came with the page that it cannot be read, and lists the others, when its files do not come', async () => {
    const runs = new RunsWithShipped(new InMemoryRuns(), 'shipped', away)
    expect([await runs.listRuns(), await runs.checkpoints(), await runs.getRun('shipped')]).toEqual([[], [], null])
    await expect(runs.steps('shipped')).rejects.toThrow('No network.')
    await expect(runs.checkpointState('shipped/4')).rejects.toThrow('No network.')
  })
})
