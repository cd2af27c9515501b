// An experiment in the page: what is asked of the lab, what is kept and shown, how long it still takes, what came with the page.
import { describe, expect, it, vi } from 'vitest'
import { cellOf, resultOf } from '../../core/experiments/cell.fixture.ts'
import type { ExperimentResult } from '../../core/experiments/result.ts'
import { InMemoryExperiments } from '../../core/experiments/results.ts'
import type { ModelSource } from '../../core/policy/model.ts'
import { checkpoint } from '../../core/training/runs.fixture.ts'
import type { CheckpointRecord } from '../../core/training/runs.ts'
import type { ExperimentProgress } from '../../core/experiments/run.ts'
import { settingsPresets } from '../../core/episode/settings.ts'
import { trainPresets } from '../../core/training/config.ts'
import type { ExperimentEvent, ExperimentRequest } from '../../rpc/training.ts'
import { cameWithPage, plannedHere } from './experiment-core.ts'
import { secondsLeft, toldOf } from './experiment-pace.ts'
import { createExperimentsStore, type LiveExperiment } from './experiments.ts'

const nano = { kind: 'url', name: 'nano', url: 'http://here/models/nano/' } as const
const others = [{ experiment: 'tools', model: 'SmolLM2', file: 'tools-smollm2' }]
const shipped = resultOf('tools', ['agemem'], [cellOf({ tasks: { a: 1 } })])

function driven(texts: Readonly<Record<string, string>> = { tools: JSON.stringify(shipped) }, taught: (source: ModelSource) => Promise<{ checkpoint: CheckpointRecord } | null> = () => Promise.resolve(null), comes = true) {
  const calls: { request: ExperimentRequest; tell: (event: ExperimentEvent) => void; end: (result: ExperimentResult) => void; fail: (error: Error) => void }[] = []
  const told: string[] = []
  const training = {
    experiment: (request: ExperimentRequest, tell: (event: ExperimentEvent) => void) => new Promise<ExperimentResult>((end, fail) => calls.push({ request, tell, end, fail })),
    replay: () => Promise.reject(new Error('The adapter is not kept in this browser.')),
    pause: async () => { await Promise.resolve(told.push('pause')) },
    stop: async () => { await Promise.resolve(told.push('stop')) },
  }
  const experiments = new InMemoryExperiments()
  let keys = 0
  const store = createExperimentsStore({
    backend: { lab: () => ({ training }), memory: () => ({ experiments }) },
    newKey: () => `e${++keys}`,
    now: () => 100 + keys,
    clock: () => 0,
    file: (path) => {
      const text = { 'experiments/index': JSON.stringify({ results: Object.keys(texts).filter((name) => !name.includes('smollm2')), others }), ...Object.fromEntries(Object.entries(texts).map(([name, each]) => [`experiments/${name}`, each])) }[path.replace(/\.json$/, '')]
      return text === undefined || !comes ? Promise.reject(new Error(`${path} did not come.`)) : Promise.resolve(new Blob([text]))
    },
    taught,
  })
  return { store, calls, told, experiments }
}

const progress = (done: number, share: number, steps = 0): ExperimentProgress => ({ doing: { kind: 'cell', arm: 'agemem', data: 'lesson', seed: 1, share }, cells: { done, of: 4 }, steps: { done: steps, of: 0 } })

describe('an experiment', () => {
  it('shows what came with the page, and the paper alone where nothing did', async () => {
    const { store } = driven()
    expect(await store.getState().open({ name: 'tools', key: null })).toBe(true)
    expect(store.getState()).toMatchObject({ at: { name: 'tools', key: null }, result: shipped, failure: null })
    expect(await store.getState().open({ name: 'main', key: null })).toBe(true)
    expect(store.getState()).toMatchObject({ at: { name: 'main' }, result: null, failure: null })
  })

  it('shows what came with the page of another model, by its file', async () => {
    const other = { ...shipped, key: 'tools-smollm2', model: { name: 'SmolLM2', sha256: null } }
    const { store } = driven({ tools: JSON.stringify(shipped), 'tools-smollm2': JSON.stringify(other) })
    expect(await store.getState().open({ name: 'tools', key: 'tools-smollm2' })).toBe(true)
    expect(store.getState()).toMatchObject({ at: { name: 'tools', key: 'tools-smollm2' }, result: other, failure: null })
    await store.getState().refresh()
    expect([null, 'tools-smollm2', 'e1'].map((key) => cameWithPage(store.getState().came, key))).toEqual([true, true, false])
    // It is of another table.
    expect(await store.getState().open({ name: 'main', key: 'tools-smollm2' })).toBe(false)
    expect(store.getState()).toMatchObject({ at: { name: 'main', key: null }, result: null })
  })

  it('shows what was made here when nothing comes', async () => {
    const { store, experiments } = driven({}, undefined, false)
    await experiments.put({ ...shipped, key: 'e9' })
    expect(await store.getState().open({ name: 'tools', key: 'e9' })).toBe(true)
    expect(store.getState()).toMatchObject({ result: { key: 'e9' }, failure: null })
    await store.getState().refresh()
    expect(store.getState()).toMatchObject({ kept: [{ key: 'e9' }], failure: expect.stringContaining('did not come') })
  })

  it('says what is wrong with a result that came damaged', async () => {
    const { store } = driven({ tools: '{}' })
    expect(await store.getState().open({ name: 'tools', key: null })).toBe(false)
    expect(store.getState().failure).toContain('This is no result of an experiment: kind')
  })

  it('runs a new one with every arm, shows each cell as it is kept, and goes on with it', async () => {
    const { store, calls, experiments } = driven()
    store.getState().set({ seeds: 2, tasks: 8, steps: 5 })
    const begun = store.getState().begin('tools', nano)
    await vi.waitFor(() => { expect(calls).toHaveLength(1) })
    const { request, tell, end } = calls[0] ?? expect.fail('nothing was asked')
    expect(request.result).toMatchObject({ key: 'e1', plan: { arms: ['agemem', 'agemem-grpo'], seeds: [1, 2], tasks: 8, steps: 5, base: 'quick', data: [{ name: 'lesson', choice: trainPresets.quick.tasks }] } })
    tell({ type: 'progress', progress: progress(0, 0.5) })
    expect(store.getState().live?.progress).toEqual(progress(0, 0.5))
    const next = { ...request.result, cells: [cellOf({ tasks: { a: 1 } })] }
    await experiments.put(next)
    tell({ type: 'kept', result: next, saved: true })
    expect(store.getState().result?.cells).toHaveLength(1)
    end(next)
    await begun
    expect(store.getState()).toMatchObject({ live: null, kept: [{ key: 'e1', experiment: 'tools' }], failure: null })
    const resumed = store.getState().resume(nano)
    await vi.waitFor(() => { expect(calls).toHaveLength(2) })
    expect(calls[1]?.request.result).toEqual(next)
    calls[1]?.end(next)
    await resumed
  })

  it('begins with what a pretrained model was taught, and says what it began with', async () => {
    const smol = { kind: 'kept', name: 'SmolLM2-135M-Instruct.Q4_1', key: 'k' } as const
    const { record } = checkpoint('taught', null, { name: 'Taught the protocol', model: smol.name, prompt: 'compact' })
    const { store, calls } = driven({}, () => Promise.resolve({ checkpoint: record }))
    const begun = store.getState().begin('tools', smol)
    await vi.waitFor(() => { expect(calls).toHaveLength(1) })
    expect(calls[0]?.request.result.plan).toMatchObject({ base: 'pretrained', settings: settingsPresets.quick, start: { key: 'taught', name: 'Taught the protocol', hash: null } })
    calls[0]?.end(calls[0].request.result)
    await begun

    const without = driven({}, () => Promise.reject(new Error('The model is not kept.')))
    await without.store.getState().begin('tools', smol)
    expect([without.calls.length, without.store.getState().live, without.store.getState().failure]).toEqual([0, null, expect.stringContaining('The model is not kept.')])
  })

  it('pauses and stops, and says what went wrong', async () => {
    const { store, calls, told } = driven()
    const begun = store.getState().begin('tools', nano)
    await vi.waitFor(() => { expect(calls).toHaveLength(1) })
    store.getState().pause()
    expect(store.getState().live?.pausing).toBe(true)
    store.getState().stop()
    expect(told).toEqual(['pause', 'stop'])
    calls[0]?.fail(Object.assign(new Error('stopped'), { name: 'AbortError' }))
    await begun
    expect(store.getState()).toMatchObject({ live: null, failure: null })
    const again = store.getState().resume(nano)
    await vi.waitFor(() => { expect(calls).toHaveLength(2) })
    calls[1]?.fail(new Error('Out of memory.'))
    await again
    expect(store.getState().failure).toBe('The experiment could not go on. Out of memory. What is done is kept: resume goes on from there.')
    void store.getState().resume(nano)
    await vi.waitFor(() => { expect(calls).toHaveLength(3) })
    store.getState().lost()
    expect(store.getState()).toMatchObject({ live: null, broken: true })
    store.getState().restarted()
    expect(store.getState().failure).toBeNull()
  })

  it('takes a result from a file, opens it again, and forgets it', async () => {
    const { store } = driven()
    await store.getState().take(JSON.stringify(shipped))
    expect(store.getState()).toMatchObject({ at: { name: 'tools', key: 'e1' }, result: { key: 'e1' } })
    await expect(store.getState().take('[]')).rejects.toThrow('This is no result of an experiment')
    await expect(store.getState().take(JSON.stringify({ ...shipped, experiment: 'other' }))).rejects.toThrow('This page has no experiment other.')
    await store.getState().open(null)
    expect(await store.getState().open({ name: 'tools', key: 'e1' })).toBe(true)
    expect(await store.getState().open({ name: 'other', key: null })).toBe(false)
    await store.getState().open({ name: 'tools', key: 'e1' })
    await store.getState().remove('e1')
    expect(store.getState()).toMatchObject({ at: { name: 'tools', key: null }, kept: [] })
    expect(await store.getState().open({ name: 'tools', key: 'gone' })).toBe(false)
    expect(store.getState().failure).toBe('That result is not kept in this browser any more.')
  })

  it('says why an episode cannot be played again', async () => {
    const { store } = driven()
    await store.getState().open({ name: 'tools', key: null })
    expect(await store.getState().replay({ arm: 'agemem', data: 'lesson', seed: 1, place: 0 }, nano)).toBeNull()
    expect(store.getState()).toMatchObject({ replaying: false, failure: 'The episode could not be played again. The adapter is not kept in this browser.' })
  })
})

describe('the time that is left', () => {
  const live: LiveExperiment = { key: 'e', experiment: 'tools', progress: null, told: 0, spent: { cells: { ms: 0, made: 0 }, steps: { ms: 0, made: 0 } }, pausing: false }
  const training = (step: number): ExperimentProgress => ({ doing: { kind: 'training', training: 'all-returns', seed: 1, step, steps: 10 }, cells: { done: 1, of: 3 }, steps: { done: step, of: 10 } })

  it('goes by what cells and steps took, each for itself', () => {
    expect(secondsLeft(live)).toBeNull()
    const begun = toldOf(live, { ...training(0), doing: { kind: 'cell', arm: 'a', data: 'lesson', seed: 1, share: 0 }, cells: { done: 0, of: 3 } }, 0)
    const half = toldOf(begun, { ...training(0), doing: { kind: 'cell', arm: 'a', data: 'lesson', seed: 1, share: 0.5 }, cells: { done: 0, of: 3 } }, 10_000)
    // Ten steps of which none was made yet.
    expect(secondsLeft(half)).toBeNull()
    const trained = toldOf(toldOf(half, training(0), 20_000), training(2), 30_000)
    // A cell takes 20 s, of which two are left; a step 5 s, of which eight are.
    expect(secondsLeft(trained)).toBeCloseTo(2 * 20 + 8 * 5, 6)
  })

  it('plans what the page can play: no files', () => {
    const plan = plannedHere('main', { seeds: 3, tasks: 24, steps: null }, 'SmolLM2')
    expect(plan).toMatchObject({ data: [{ name: 'lesson' }, { name: 'world' }], seeds: [1, 2, 3], base: 'pretrained', settings: { prompt: 'full' } })
  })
})
