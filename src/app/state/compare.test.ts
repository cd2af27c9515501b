// A comparison as the page holds it, over a lab that the test drives.
import { describe, expect, it } from 'vitest'
import { trainPresets } from '../../core/training/config.ts'
import type { ModelSource } from '../../core/policy/model.ts'
import type { Compared, CompareRequest, TrainingApi } from '../../rpc/training.ts'
import { evaluationFixture } from './run-fixture.ts'
import { createCompareStore } from './compare.ts'

const nano: ModelSource = { kind: 'url', name: 'nano', url: 'http://here/nano/' }
const compared: Compared[] = [null, 'c'].map((adapter) => ({ adapter, evaluation: evaluationFixture(0, 0.5), trajectories: [] }))

function driven() {
  const calls: { request: CompareRequest; tell: (share: number) => void; end: (compared: Compared[]) => void; fail: (error: Error) => void }[] = []
  const stops: string[] = []
  const absent = () => Promise.reject(new Error('not in this test'))
  const training: TrainingApi = {
    train: absent,
    pause: absent,
    stop: () => Promise.resolve(void stops.push('stop')),
    viewUpdate: absent,
    compare: (request, tell) => new Promise((end, fail) => calls.push({ request, tell, end, fail })),
  }
  const store = createCompareStore({ lab: () => ({ training }) })
  const begin = () => store.getState().begin(nano, trainPresets.quick)
  return { store, calls, stops, begin }
}

describe('a comparison', () => {
  it('plays the base model and the checkpoints, and shows what came out', async () => {
    const { store, calls, begin } = driven()
    store.getState().set({ first: 'c', second: 'd', tasks: 8, seed: 3 })
    store.getState().choose(5)
    const begun = begin()
    expect(calls[0]?.request).toMatchObject({ source: nano, adapters: [null, 'c', 'd'], tasks: 8, seed: 3 })
    calls[0]?.tell(0.25)
    expect(store.getState().share).toBe(0.25)
    await begin()
    expect(calls).toHaveLength(1)
    calls[0]?.end(compared)
    await begun
    expect(store.getState()).toMatchObject({ share: null, failure: null, task: 0, result: { setup: { first: 'c', tasks: 8 }, compared } })
  })
  it('needs a checkpoint, and one is enough', async () => {
    const { store, calls, begin } = driven()
    await begin()
    expect(calls).toEqual([])
    store.getState().set({ first: 'c' })
    void begin()
    expect(calls[0]?.request.adapters).toEqual([null, 'c'])
  })
  it('says why it failed, but not that it was stopped', async () => {
    const { store, calls, stops, begin } = driven()
    store.getState().set({ first: 'c' })
    const failed = begin()
    calls[0]?.fail(new Error('A checkpoint is gone.'))
    await failed
    expect(store.getState()).toMatchObject({ share: null, failure: 'A checkpoint is gone.', result: null })
    const stopped = begin()
    expect(store.getState().failure).toBeNull()
    store.getState().stop()
    expect([store.getState().stopping, stops]).toEqual([true, ['stop']])
    calls[1]?.fail(new Error('aborted'))
    await stopped
    expect(store.getState()).toMatchObject({ share: null, failure: null })
  })
  it('takes nothing more of a worker that was lost', async () => {
    const { store, calls, begin } = driven()
    store.getState().set({ first: 'c' })
    const begun = begin()
    store.getState().lost()
    expect(store.getState()).toMatchObject({ share: null, failure: expect.stringContaining('worker stopped') })
    calls[0]?.tell(0.9)
    calls[0]?.end(compared)
    await begun
    expect(store.getState()).toMatchObject({ share: null, result: null })
  })
  it('that is not under way is neither stopped nor lost', () => {
    const { store, stops } = driven()
    store.getState().stop()
    store.getState().lost()
    expect([stops, store.getState().stopping, store.getState().failure]).toEqual([[], false, null])
  })
})
