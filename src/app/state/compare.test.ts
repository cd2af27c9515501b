// A comparison: what is asked of the lab, what comes of it, what is kept, and what is not taken any more.
import { describe, expect, it } from 'vitest'
import { InMemoryComparisons } from '../../core/evaluation/in-memory-comparisons.ts'
import { trainPresets } from '../../core/training/config.ts'
import { rolloutsOf } from '../../core/training/runs.fixture.ts'
import type { Compared, CompareRequest } from '../../rpc/training.ts'
import { createCompareStore, type ComparePlayer } from './compare.ts'
import { evaluationFixture } from './run-fixture.ts'

const nano = { kind: 'url', name: 'nano', url: 'http://here/models/nano/' } as const
const players: ComparePlayer[] = [
  { name: 'nano', choice: { name: 'model', source: nano, adapter: null } },
  { name: 'oracle with RAG', choice: { name: 'oracle', agent: 'rag' } },
]
const compared: Compared[] = players.map(({ choice }) => ({ player: choice, evaluation: { ...evaluationFixture(0, 0.5), tasks: 2 }, trajectories: rolloutsOf('base', 1).map((each) => ({ ...each, setup: { ...each.setup, agent: choice.agent ?? 'agemem' } })) }))

function driven() {
  const calls: { request: CompareRequest; tell: (share: number) => void; end: (compared: Compared[]) => void; fail: (error: Error) => void }[] = []
  const stops: string[] = []
  const training = {
    stop: () => {
      stops.push('stop')
      return Promise.resolve()
    },
    compare: (request: CompareRequest, tell: (share: number) => void) => new Promise<Compared[]>((end, fail) => calls.push({ request, tell, end, fail })),
  }
  const comparisons = new InMemoryComparisons()
  let keys = 0
  const store = createCompareStore({ lab: () => ({ training }), memory: () => ({ comparisons }) }, () => `c${++keys}`, () => 100 + keys)
  const begin = (of = players) => store.getState().begin(of, { config: trainPresets.quick, run: 'r' })
  return { store, calls, stops, begin, comparisons }
}

describe('a comparison', () => {
  it('plays all on the same tasks, is shown, kept, and opened again', async () => {
    const { store, calls, begin, comparisons } = driven()
    store.getState().set({ tasks: 8, seed: 3 })
    const begun = begin()
    calls[0]?.tell(0.5)
    expect(store.getState().share).toBe(0.5)
    expect(calls[0]?.request).toMatchObject({ players: players.map(({ choice }) => choice), tasks: 8, seed: 3 })
    calls[0]?.end(compared)
    await begun
    const { result, kept } = store.getState()
    expect(result).toMatchObject({ saved: true, comparison: { key: 'c1', tasks: 2, seed: 3, run: 'r', participants: [{ name: 'nano' }, { name: 'oracle with RAG', agent: 'rag' }] } })
    expect(result?.comparison.participants[0]).not.toHaveProperty('agent')
    expect(kept).toEqual([result?.comparison])
    expect(await store.getState().open(null)).toBe(true)
    expect(store.getState().result).toBeNull()
    expect(await store.getState().open('c1')).toBe(true)
    expect(store.getState().result).toEqual(result)
    expect(await comparisons.trajectories('c1')).toEqual(compared.map(({ trajectories }) => trajectories))
    await store.getState().remove('c1')
    expect(store.getState()).toMatchObject({ result: null, kept: [] })
    expect(await store.getState().open('c1')).toBe(false)
    expect(store.getState().failure).toContain('not kept in this browser')
  })
  it('needs two, and is one at a time', async () => {
    const { calls, begin } = driven()
    await begin(players.slice(1))
    void begin()
    await begin()
    expect(calls).toHaveLength(1)
  })
  it('says why it failed, and nothing when it was stopped', async () => {
    const { store, calls, stops, begin } = driven()
    const failed = begin()
    calls[0]?.fail(new Error('The adapter is gone.'))
    await failed
    expect(store.getState()).toMatchObject({ share: null, failure: 'The comparison could not be made. The adapter is gone.' })
    const stopped = begin()
    store.getState().stop()
    expect([store.getState().stopping, stops]).toEqual([true, ['stop']])
    calls[1]?.fail(new Error('aborted'))
    await stopped
    expect(store.getState()).toMatchObject({ share: null, failure: null })
  })
  it('takes nothing more of a worker that was lost, and is well again after the restart', async () => {
    const { store, calls, begin } = driven()
    const begun = begin()
    store.getState().lost()
    expect(store.getState()).toMatchObject({ share: null, failure: expect.stringContaining('worker stopped') })
    calls[0]?.tell(0.9)
    calls[0]?.end(compared)
    await begun
    expect(store.getState()).toMatchObject({ share: null, result: null })
    store.getState().restarted()
    expect(store.getState().failure).toBeNull()
  })
  it('that is not under way is neither stopped nor lost', () => {
    const { store, stops } = driven()
    store.getState().stop()
    store.getState().lost()
    expect([stops, store.getState().stopping, store.getState().failure]).toEqual([[], false, null])
  })
})
