import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { runRecord } from '../core/training/runs.fixture.ts'
import type { TrainEvent } from '../rpc/training.ts'
import { trainEvents } from './train-events.ts'

beforeEach(() => { vi.useFakeTimers() })
afterEach(() => { vi.useRealTimers() })

const progress = (share: number): TrainEvent => ({ type: 'progress', run: 'r', step: 1, part: 'rollout', share })
const run: TrainEvent = { type: 'run', run: 'r', record: runRecord('r') }

describe('trainEvents', () => {
  it('tells ten times a second at most, of progress the newest only, of all else everything in order', () => {
    const told: TrainEvent[][] = []
    const events = trainEvents((batch) => told.push(batch))
    for (let ms = 0; ms < 1000; ms += 10) {
      events.push(progress(ms / 1000))
      if (ms === 150 || ms === 160) events.push(run)
      vi.advanceTimersByTime(10)
    }
    events.flush()
    expect(told).toHaveLength(10)
    expect(told[0]).toEqual([progress(0.09)])
    expect(told[1]).toEqual([run, run, progress(0.19)])
    expect(told.flat().at(-1)).toEqual(progress(0.99))
  })

  it('tells the loading no more once there is progress', () => {
    const told: TrainEvent[][] = []
    const events = trainEvents((batch) => told.push(batch))
    events.push({ type: 'loading', run: 'r', progress: { doing: { step: 'configuration' }, share: 0.5 } })
    events.push(run)
    events.push(progress(0))
    events.flush()
    events.flush()
    expect(told).toEqual([[run, progress(0)]])
  })
})
