import { describe, expect, it } from 'vitest'
import { checkpointRecord } from './runs.fixture.ts'
import { checkpointName } from './runs.ts'
import { lastCheckpoint, surplusCheckpoints } from './checkpoints.ts'

const record = (step: number, changes: Parameters<typeof checkpointRecord>[2] = {}) => checkpointRecord(`r/${step}`, 'r', { step, name: checkpointName(step), ...changes })
const steps = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => record(from + i))
const evaluation = (every: number) => ({ evaluation: { every, tasks: 1, seed: 1 } })
const kept = (records: ReturnType<typeof steps>, every: number) => {
  const gone = new Set(surplusCheckpoints(records, evaluation(every)))
  return records.filter((each) => !gone.has(each)).map(({ step }) => step)
}

describe('surplusCheckpoints', () => {
  it('keeps the last one, the beginning, and one for every evaluation', () => {
    expect(kept(steps(0, 23), 10)).toEqual([0, 10, 20, 23])
    expect(kept(steps(0, 23), 5)).toEqual([0, 5, 10, 15, 20, 23])
    expect(kept(steps(1, 1), 10)).toEqual([1])
    expect(kept([], 10)).toEqual([])
  })

  it('goes by tens without evaluations', () => {
    expect(kept(steps(0, 21), 0)).toEqual([0, 10, 20, 21])
  })

  it('keeps what somebody named', () => {
    expect(kept([...steps(1, 3), record(4, { name: 'My best' }), ...steps(5, 6)], 10)).toEqual([4, 6])
  })

  it('doubles the distance when there are many: 32 at most, and the last', () => {
    expect(kept(steps(0, 320), 10)).toHaveLength(33)
    expect(kept(steps(0, 321), 10)).toEqual([...Array.from({ length: 17 }, (_, i) => 20 * i), 321])
  })
})

describe('lastCheckpoint', () => {
  it('is the furthest of those that can be trained on', () => {
    expect(lastCheckpoint([record(2), record(4), record(3), record(5, { resumable: false })])?.step).toBe(4)
    expect(lastCheckpoint([])).toBeNull()
  })
})
