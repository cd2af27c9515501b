import { openAsBlob } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readTasks } from './read-tasks.ts'

it('a Parquet file of MemoryAgentBench has questions and answers as lists, and its name in a struct', async () => {
  const report = await readTasks(await openAsBlob(join(import.meta.dirname, 'fixtures/factconsolidation.parquet')), 'Conflict_Resolution.parquet')
  expect(report.tasks.map(({ id, answer, aliases, facts }) => [id, answer, aliases, facts.length])).toEqual([
    ['factconsolidation-sh_6k-q1', 'Harrow Bay', ['the town of Harrow Bay'], 3],
    ['factconsolidation-sh_6k-q2', 'Velmora', [], 3],
  ])
})
