import { describe, expect, it } from 'vitest'
import { add, miraTask, trajectoryOf } from '../../core/episode/fixture.ts'
import type { ModelInfo } from '../../core/policy/model.ts'
import type { GoneModel, Outcome, WebLlmProblem } from '../../core/policy/webllm.ts'
import type { CachedModel, DownloadProgress, WebLlmApi } from '../../rpc/webllm.ts'
import { listed } from './webllm-fixture.ts'
import { createWebLlmStore } from './webllm.ts'

const id = 'A-q0f32-MLC'
const here = (bytes: number, complete: boolean): CachedModel => ({ id, bytes, files: complete ? 2 : 1, ofFiles: 2, complete })
const info: ModelInfo = { name: 'B', family: 'Qwen3', parameters: 1, vocabulary: 8, window: 4096, bytes: 1, runsOn: { device: 'webgpu', hardware: { kind: 'gpu', name: null, software: false }, milliseconds: null, others: [] }, processor: 'gpu', milliseconds: 1, tokenizer: { tokenizer: '', config: '' } }
const aborted: WebLlmProblem = { kind: 'aborted' }

/** A worker whose downloads end when the test says so. */
function rig() {
  const ends: ((outcome: Outcome<CachedModel>) => void)[] = []
  let report: (progress: DownloadProgress) => void = () => undefined
  const calls: string[] = []
  let lose: (gone: GoneModel) => void = () => undefined
  let stopLoad: (outcome: Outcome<ModelInfo>) => void = () => undefined
  let cached: CachedModel[] = []
  const absent = () => Promise.reject(new Error('not in this test'))
  const api: WebLlmApi = {
    capabilities: () => Promise.resolve({ gpu: { available: false, reason: 'no-api', detail: '' }, storage: null }),
    catalogue: () => Promise.resolve([listed(id)]),
    cached: () => Promise.resolve(cached),
    addCustom: () => Promise.resolve({ ok: false, problem: { kind: 'unknown-model', model: 'x', detail: 'no configuration' } }),
    removeCustom: (name) => Promise.resolve(void calls.push(`removeCustom ${name}`)),
    download(_, onProgress) {
      report = onProgress
      calls.push('download')
      return new Promise((resolve) => ends.push(resolve))
    },
    cancelDownload(name) {
      calls.push(`cancel ${name}`)
      ends.shift()?.({ ok: false, problem: aborted })
      return Promise.resolve()
    },
    remove(name) {
      calls.push(`remove ${name}`)
      cached = []
      return Promise.resolve()
    },
    load: (source) => source.kind === 'listed' && source.id === 'slow' ? new Promise((resolve) => { stopLoad = resolve }) : Promise.resolve(source.kind === 'listed' && source.id === id ? { ok: false, problem: { kind: 'no-shader-f16', model: id, twin: null } } : { ok: true, value: info }),
    cancelLoad() {
      calls.push('cancelLoad')
      stopLoad({ ok: false, problem: aborted })
      return Promise.resolve()
    },
    unload: () => Promise.resolve(void calls.push('unload')),
    gone: () => new Promise((resolve) => {
      calls.push('gone')
      lose = resolve
    }),
    serve: absent,
    closeStream: absent,
    abort: absent,
    inspect: absent,
    ask: (conversation) => Promise.resolve(`Score: ${conversation[1]?.content.includes('Notes') ? 0.5 : 0.8}`),
    loadEmbedder: absent,
    embed: absent,
  }
  let now = 0
  const store = createWebLlmStore({ webllm: () => api }, () => now)
  return {
    store,
    calls,
    lose: (gone: GoneModel) => { lose(gone) },
    progress: (at: number, bytes: number) => {
      now = at
      report({ bytes, total: 100, files: 0, ofFiles: 2 })
    },
    end: (outcome: Outcome<CachedModel>) => ends.shift()?.(outcome),
    keep: (...models: CachedModel[]) => { cached = models },
    phase: () => store.getState().downloads.get(id)?.phase,
  }
}

describe('a download', () => {
  it('reports, and leaves the list of what is going on when all has come', async () => {
    const { store, progress, end, keep, phase } = rig()
    const done = store.getState().download(id)
    progress(0, 10)
    progress(2000, 30)
    expect(store.getState().downloads.get(id)).toMatchObject({ phase: 'running', progress: { bytes: 30 }, samples: [{ at: 0, bytes: 10 }, { at: 2000, bytes: 30 }] })
    keep(here(100, true))
    end({ ok: true, value: here(100, true) })
    await done
    expect(phase()).toBeUndefined()
    expect(store.getState().cached).toEqual([here(100, true)])
  })

  it('is paused with what it has, and goes on', async () => {
    const { store, progress, phase, calls } = rig()
    const first = store.getState().download(id)
    progress(0, 40)
    await store.getState().pause(id)
    await first
    expect(phase()).toBe('paused')
    void store.getState().download(id)
    expect(store.getState().downloads.get(id)).toMatchObject({ phase: 'running', progress: { bytes: 40 } })
    expect(calls).toEqual(['download', `cancel ${id}`, 'download'])
  })

  it('that is cancelled is forgotten, but what has come stays in the cache', async () => {
    const { store, progress, phase, keep, calls } = rig()
    const done = store.getState().download(id)
    progress(0, 40)
    keep(here(40, false))
    await store.getState().pause(id, true)
    await done
    expect(phase()).toBeUndefined()
    expect(store.getState().cached).toEqual([here(40, false)])
    expect(calls).not.toContain(`remove ${id}`)
  })

  it('that fails says why and can be tried again', async () => {
    const { store, end, phase } = rig()
    const done = store.getState().download(id)
    end({ ok: false, problem: { kind: 'network', url: null, status: null, detail: 'closed' } })
    await done
    expect(store.getState().downloads.get(id)).toMatchObject({ phase: 'failed', problem: { kind: 'network' } })
    void store.getState().download(id)
    expect(store.getState().downloads.get(id)).toMatchObject({ phase: 'running', problem: null })
    store.getState().lost()
    expect(phase()).toBe('failed')
  })

  it('is not begun twice', () => {
    const { store, calls } = rig()
    void store.getState().download(id)
    void store.getState().download(id)
    expect(calls).toEqual(['download'])
  })
})

describe('models', () => {
  it('are deleted, their download with them; one’s own leaves the list', async () => {
    const { store, calls } = rig()
    void store.getState().download(id)
    await store.getState().remove(listed(id))
    expect(calls).toEqual(['download', `cancel ${id}`, `remove ${id}`])
    await store.getState().remove(listed('mine', { custom: true }))
    expect(calls.at(-1)).toBe('removeCustom mine')
  })

  it('say why they could not be added or loaded', async () => {
    const { store } = rig()
    expect(await store.getState().addCustom({ name: 'x', url: '', library: '' })).toBe(false)
    expect(store.getState().adding).toMatchObject({ state: 'failed', problem: { kind: 'unknown-model' } })
    expect(await store.getState().load(id)).toBe(false)
    expect(store.getState().card).toMatchObject({ state: 'failed', id, problem: { kind: 'no-shader-f16' } })
  })

  it('are not loaded when somebody stops it, and the card is empty then', async () => {
    const { store, calls } = rig()
    const loading = store.getState().load('slow')
    expect(store.getState().card).toMatchObject({ state: 'loading', stopping: false })
    void store.getState().stopLoading()
    expect(store.getState().card).toMatchObject({ state: 'loading', stopping: true })
    expect(await loading).toBe(false)
    expect(store.getState().card).toEqual({ state: 'none' })
    await store.getState().stopLoading()
    expect(calls).toEqual(['cancelLoad'])
  })

  it('are known to have left the card when that is lost, also while nobody asks anything of them', async () => {
    const { store, calls, lose } = rig()
    const lost: WebLlmProblem = { kind: 'device-lost', detail: 'asleep' }
    await store.getState().load('B')
    await store.getState().load('B')
    expect(calls).toEqual(['gone'])
    lose({ id: 'B', problem: lost })
    await Promise.resolve()
    expect(store.getState().card).toEqual({ state: 'failed', id: 'B', problem: lost })
    // It is loaded again, and watched again; another one that was lost is not this one.
    await store.getState().load('B')
    expect(calls).toEqual(['gone', 'gone'])
    lose({ id: 'C', problem: lost })
    await Promise.resolve()
    expect(store.getState().card).toMatchObject({ state: 'ready', id: 'B' })
  })

  it('leave the card when they are deleted', async () => {
    const { store, calls } = rig()
    await store.getState().load('B')
    await store.getState().remove(listed('B'))
    expect(store.getState().card).toEqual({ state: 'none' })
    expect(calls).toEqual(['gone', 'remove B', 'unload'])
  })

  it('cannot be listed when the worker is not there', async () => {
    const store = createWebLlmStore({ webllm: () => { throw new Error('no worker') } }, () => 0)
    await store.getState().refresh()
    expect(store.getState().failure).toBe('no worker')
  })
})

describe('the model as judge', () => {
  const task = miraTask()
  const trajectory = trajectoryOf({ task, steps: [{ phase: 'build', says: 'Mira Voss lives in Tarn.', calls: [add('m1', 'Mira Voss lives in Tarn.')] }, { phase: 'answer', says: task.query, answer: 'Somewhere by the sea' }] })

  it('judges only when it is on the card, and gives its verdicts as they are recorded', async () => {
    const { store } = rig()
    await expect(store.getState().judge(trajectory)).rejects.toThrow('No model is on the graphics card.')
    expect(await store.getState().load('B')).toBe(true)
    const judging = store.getState().judge(trajectory)
    expect(store.getState().judging).toBe(true)
    await expect(store.getState().judge(trajectory)).rejects.toThrow('judging already')
    expect(await judging).toEqual([
      { judge: 'B', rubric: 'answer', score: 0.8, words: 'Score: 0.8' },
      { judge: 'B', rubric: 'memories', score: 0.5, words: 'Score: 0.5' },
    ])
    expect(store.getState().judging).toBe(false)
  })
})
