import { describe, expect, it } from 'vitest'
import type { WeightsSource } from '../../core/policy/catalogue/weights-source.ts'
import type { ModelNeeds, ModelSource } from '../../core/policy/model.ts'
import type { Outcome } from '../../core/policy/webllm.ts'
import type { DownloadProgress } from '../../rpc/webllm.ts'
import type { KeptWeights, WeightsApi } from '../../rpc/weights.ts'
import { createWeightsStore, sourcesOf } from './weights.ts'

const nano: ModelSource = { kind: 'url', name: 'nano', url: 'http://here/models/nano/' }
const needs: ModelNeeds = { parameters: 1e6, bytes: 1e7, learning: 1e8, window: 2048, limit: 1e9 }
const source: WeightsSource = { kind: 'entry', id: 'smollm2-135m-instruct' }
const whole: KeptWeights = { key: 'smollm2-135m-instruct', name: 'SmolLM2-135M-Instruct', from: 'https://models.test/', bytes: 100, total: 100, files: 5, ofFiles: 5, complete: true }

/** A worker whose download ends when the test says so. */
function rig() {
  let end: (outcome: Outcome<KeptWeights>) => void = () => undefined
  let report: (progress: DownloadProgress) => void = () => undefined
  let kept: KeptWeights[] = []
  let now = 0
  const calls: string[] = []
  const api: WeightsApi = {
    kept: () => Promise.resolve(kept),
    look: () => Promise.resolve({ ok: true, value: { config: { model_type: 'llama' }, bytes: 7 } }),
    download(_, onProgress) {
      report = onProgress
      calls.push('download')
      return new Promise((resolve) => { end = resolve })
    },
    cancelDownload(key) {
      calls.push(`cancel ${key}`)
      end({ ok: false, problem: { kind: 'aborted' } })
      return Promise.resolve()
    },
    remove(key) {
      calls.push(`remove ${key}`)
      kept = []
      return Promise.resolve()
    },
  }
  const model = { needs: () => Promise.resolve(needs), plan: () => Promise.resolve(needs) }
  const store = createWeightsStore({ weights: () => api, model: () => model }, () => now, nano, { persist: () => Promise.resolve(calls.push('persist') > 0) })
  return {
    store,
    calls,
    keep: (...models: KeptWeights[]) => { kept = models },
    end: (outcome: Outcome<KeptWeights>) => { end(outcome) },
    progress(at: number, bytes: number) {
      now = at
      report({ bytes, total: 100, files: 0, ofFiles: 5 })
    },
    phase: () => store.getState().downloads.get(whole.key)?.phase,
  }
}

describe('weights', () => {
  it('that are fetched are told of with their pace, asked to be kept, and are a model at hand at the end', async () => {
    const { store, calls, progress, keep, end, phase } = rig()
    const done = store.getState().download(source)
    void store.getState().download(source)
    expect(calls).toEqual(['persist', 'download'])
    progress(0, 10)
    progress(3000, 40)
    expect(store.getState().downloads.get(whole.key)).toMatchObject({ phase: 'running', progress: { bytes: 40 }, samples: [{ at: 0, bytes: 10 }, { at: 3000, bytes: 40 }] })
    keep(whole)
    end({ ok: true, value: whole })
    await done
    expect(phase()).toBeUndefined()
    const { kept } = store.getState()
    expect(sourcesOf({ nanoSource: nano, ownSource: null }, kept)).toEqual([nano, { kind: 'kept', name: whole.name, key: whole.key }])
    expect(sourcesOf({ nanoSource: nano, ownSource: { kind: 'files', name: whole.name, files: [] } }, kept)).toHaveLength(2)
    expect(sourcesOf({ nanoSource: nano, ownSource: null }, [{ ...whole, complete: false }])).toEqual([nano])
  })

  it('are paused with what has come, fail with why, and are forgotten when they are deleted', async () => {
    const { store, calls, progress, end, phase } = rig()
    const first = store.getState().download(source)
    progress(0, 40)
    await store.getState().pause(whole.key)
    await first
    expect(phase()).toBe('paused')
    const second = store.getState().download(source)
    end({ ok: false, problem: { kind: 'quota', available: 5, detail: '' } })
    await second
    expect(store.getState().downloads.get(whole.key)).toMatchObject({ phase: 'failed', problem: { kind: 'quota' }, progress: { bytes: 40 } })
    await store.getState().remove(whole.key)
    expect(phase()).toBeUndefined()
    expect(calls.at(-1)).toBe(`remove ${whole.key}`)
  })

  it('that came when their worker was lost can be gone on with', () => {
    const { store, phase } = rig()
    void store.getState().download(source)
    store.getState().lost()
    expect(phase()).toBe('failed')
  })

  it('are looked at before anything large is fetched', async () => {
    const { store } = rig()
    await store.getState().look(source)
    expect(store.getState().looked).toEqual({ state: 'found', source, needs, bytes: 7 })
  })

  it('say what they need, nano too', async () => {
    const { store } = rig()
    await store.getState().refresh()
    expect(store.getState().needs.get('nano')).toEqual(needs)
    expect(store.getState().needs.size).toBe(6)
  })
})
