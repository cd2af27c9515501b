// Runs on the page: what is read and what is told meet by step number; deletions wait for a change of mind.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { trainPresets } from '../../core/training/config.ts'
import type { CheckpointRecord, RunRecord, RunStore } from '../../core/training/runs.ts'
import { evaluationFixture, stepFixture } from './run-fixture.ts'
import { createRunsStore as create, graceMs, withStep } from './runs.ts'

const record = (key: string): RunRecord => ({ key, name: key, created: 1, model: 'nano', model_url: null, config: trainPresets.quick, steps: 2, status: 'paused', note: null })
const checkpoint = (key: string, run: string | null): CheckpointRecord => ({ key, run, name: key, step: 1, created: 1, model: 'nano', lora: { rank: 2, alpha: 4, targets: ['q_proj'] }, evaluation: null, resumable: true })

function fakeStore(given: Partial<RunStore> = {}) {
  const deleted: string[] = []
  const nothing = () => Promise.reject(new Error('not in this test'))
  const store: RunStore = {
    putRun: nothing,
    discard: (_, key, at) => {
      deleted.push(`${at === null ? 'back' : `${at}`} ${key}`)
      return Promise.resolve()
    },
    sweep: (before) => {
      deleted.push(`before ${before}`)
      return Promise.resolve()
    },
    getRun: nothing,
    putStep: nothing,
    rollouts: nothing,
    rolloutRows: nothing,
    putEvaluation: nothing,
    putCheckpoint: nothing,
    updateCheckpoint: nothing,
    checkpointState: nothing,
    listRuns: () => Promise.resolve([record('a'), record('b')]),
    checkpoints: () => Promise.resolve([checkpoint('a/1', 'a'), checkpoint('b/1', 'b'), checkpoint('x', null)]),
    steps: () => Promise.resolve([stepFixture(1, { reward: 0.1 }), stepFixture(2, { reward: 0.2 })]),
    evaluations: () => Promise.resolve([evaluationFixture(0, 0.1)]),
    deleteRun: (key) => {
      deleted.push(key)
      return Promise.resolve()
    },
    deleteCheckpoint: (key) => {
      deleted.push(key)
      return Promise.resolve()
    },
    ...given,
  }
  return { deleted, backend: { memory: () => ({ runs: store }) } }
}

const createRunsStore = (backend: Parameters<typeof create>[0], onFailure: (message: string) => void) => create(backend, onFailure, () => 100_000)

const stepsOf = (store: ReturnType<typeof createRunsStore>, run: string) => {
  const data = store.getState().data[run]
  return data?.state === 'ready' ? data.steps.map(({ step, reward }) => [step, reward]) : data?.state
}

describe('withStep', () => {
  const at = (step: number, reward = 0) => stepFixture(step, { reward })
  it('keeps the order and replaces a step that is made again', () => {
    expect([at(3), at(1), at(2), at(2, 0.5)].reduce(withStep, [at(2, 0.1)]).map(({ step, reward }) => [step, reward])).toEqual([[1, 0], [2, 0.5], [3, 0]])
  })
})

describe('runs', () => {
  beforeEach(() => { vi.useFakeTimers() })
  afterEach(() => { vi.useRealTimers() })

  it('are read when they are shown, and take what the training tells', async () => {
    const store = createRunsStore(fakeStore().backend, () => undefined)
    await store.getState().show('a')
    store.getState().take([{ type: 'step', run: 'a', metrics: stepFixture(3, { reward: 0.3 }), saved: true }])
    expect(stepsOf(store, 'a')).toEqual([[1, 0.1], [2, 0.2], [3, 0.3]])
  })

  it('keep what was told while they were being read', async () => {
    let arrive: () => void = () => undefined
    const { backend } = fakeStore({ steps: () => new Promise((resolve) => { arrive = () => { resolve([stepFixture(1), stepFixture(2)]) } }) })
    const store = createRunsStore(backend, () => undefined)
    const shown = store.getState().show('a')
    expect(stepsOf(store, 'a')).toBe('reading')
    store.getState().take([{ type: 'step', run: 'a', metrics: stepFixture(3), saved: true }])
    arrive()
    await shown
    expect(stepsOf(store, 'a')).toEqual([[1, 0], [2, 0], [3, 0]])
  })

  it('say why they cannot be read, and are read again when asked', async () => {
    let fails = true
    const { backend } = fakeStore({ steps: () => (fails ? Promise.reject(new Error('The record of step 2 is damaged.')) : Promise.resolve([stepFixture(1)])) })
    const store = createRunsStore(backend, () => undefined)
    await store.getState().show('a')
    expect(store.getState().data['a']).toEqual({ state: 'failed', message: 'The record of step 2 is damaged.' })
    fails = false
    await store.getState().show('a')
    expect(stepsOf(store, 'a')).toEqual([[1, 0]])
  })

  it('are deleted with their checkpoints some time after they left the list', async () => {
    const { deleted, backend } = fakeStore()
    const store = createRunsStore(backend, () => undefined)
    await store.getState().refresh()
    await store.getState().show('a')
    const removing = store.getState().remove('a')
    expect(store.getState()).toMatchObject({ shown: null, runs: [{ key: 'b' }], checkpoints: [{ key: 'b/1' }, { key: 'x' }] })
    // Another look at the store does not bring them back.
    await store.getState().refresh()
    expect(store.getState()).toMatchObject({ runs: [{ key: 'b' }], checkpoints: [{ key: 'b/1' }, { key: 'x' }] })
    // A reload would not show it any more either, once that was said.
    expect(await removing).not.toBeNull()
    expect(deleted).toEqual(['100000 a'])
    await vi.advanceTimersByTimeAsync(graceMs)
    expect(deleted).toEqual(['100000 a', 'a'])
    await store.getState().sweep()
    expect(deleted.at(-1)).toBe(`before ${100_000 - 10 * graceMs}`)
  })

  it('come back when the deletion is undone', async () => {
    const { deleted, backend } = fakeStore()
    const store = createRunsStore(backend, () => undefined)
    await store.getState().refresh()
    const undo = await store.getState().remove('a')
    await undo?.()
    await vi.advanceTimersByTimeAsync(2 * graceMs)
    expect(deleted).toEqual(['100000 a', 'back a'])
    expect(store.getState().runs).toHaveLength(2)
  })

  it('come back, with a word, when they cannot be deleted', async () => {
    const told: string[] = []
    const { backend } = fakeStore({ deleteRun: () => Promise.reject(new Error('The disk is full.')) })
    const store = createRunsStore(backend, (message) => told.push(message))
    await store.getState().refresh()
    await store.getState().remove('a')
    await vi.advanceTimersByTimeAsync(graceMs)
    expect(told).toEqual(['It could not be deleted. The disk is full.'])
    expect(store.getState().runs).toHaveLength(2)
    const refusing = createRunsStore(fakeStore({ discard: () => Promise.reject(new Error('No worker.')) }).backend, (message) => told.push(message))
    await refusing.getState().refresh()
    expect(await refusing.getState().remove('a')).toBeNull()
    await vi.advanceTimersByTimeAsync(0)
    expect(told).toEqual(['It could not be deleted. The disk is full.', 'It could not be deleted. No worker.'])
    expect(refusing.getState().runs).toHaveLength(2)
  })

  it('are renamed as they are kept now, not as they were read', async () => {
    const kept: RunRecord[] = []
    const told: string[] = []
    const { backend } = fakeStore({
      getRun: (key) => Promise.resolve(key === 'a' ? { ...record('a'), steps: 9, status: 'finished' } : null),
      putRun: (run) => {
        kept.push(run)
        return Promise.resolve({ saved: true })
      },
    })
    const store = createRunsStore(backend, (message) => told.push(message))
    await store.getState().refresh()
    await store.getState().rename('a', ' mine ')
    expect(kept).toMatchObject([{ key: 'a', name: 'mine', steps: 9, status: 'finished' }])
    await store.getState().rename('b', 'gone')
    expect(kept).toHaveLength(1)
    expect(told).toEqual(['“b” could not be renamed. It was deleted, perhaps in another tab.'])
  })

  it('lose the checkpoints that went in favour of a new one', async () => {
    const store = createRunsStore(fakeStore().backend, () => undefined)
    await store.getState().refresh()
    store.getState().take([{ type: 'checkpoint', run: 'a', checkpoint: checkpoint('a/2', 'a'), gone: ['a/1'] }])
    expect(store.getState().checkpoints?.map(({ key }) => key)).toEqual(['a/2', 'b/1', 'x'])
  })
})
