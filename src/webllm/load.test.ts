// A model coming onto the card: with which window, and stopped on its way. The engine is the double of this folder.
import type { MLCEngineConfig } from '@mlc-ai/web-llm'
import { describe, expect, it } from 'vitest'
import { Artifacts } from './artifacts.ts'
import { doubleText, EngineDouble } from './engine.fixture.ts'
import { WebLlmError } from '../core/policy/webllm.ts'
import { LogitTap } from './logit-tap.ts'
import { WebLlmServer } from './server.ts'

const id = 'SmolLM2-135M-Instruct-q0f32-MLC'
const chatConfig = { vocab_size: 258, context_window_size: 8192, model_config: { num_hidden_layers: 30, num_key_value_heads: 3, num_attention_heads: 9, hidden_size: 576 } }
const manifest = { records: [{ dataPath: 'params_shard_0.bin', nbytes: 4, records: [{ shape: [1] }] }] }
const never = () => Promise.reject(new Error('not in this test'))

/** A card with room for a cache of so many tokens. */
function machine(room: number, onReload: (window: number) => Promise<void> = () => Promise.resolve()) {
  const tried: number[] = []
  let unloads = 0
  let lose: (message: string) => void = () => undefined
  class Loaded extends EngineDouble {
    readonly loadedModelIdToPipeline = new Map<string, object>()
    readonly #config: MLCEngineConfig
    constructor(config: MLCEngineConfig) {
      const tap = config.logitProcessorRegistry?.get(id)
      super(tap instanceof LogitTap ? tap : new LogitTap(), 0)
      this.#config = config
    }
    async reload() {
      const window = this.#config.appConfig?.model_list[0]?.overrides?.context_window_size ?? 0
      tried.push(window)
      await onReload(window)
      if (window > room) throw new Error('Device was lost: out of memory')
      const lost = new Promise((resolve) => { lose = (message) => { resolve({ reason: 'unknown', message }) } })
      const tvm = { lib: { webGPUContext: { device: { queue: {}, limits: {}, lost } } } }
      this.loadedModelIdToPipeline.set(id, { tvm, tokenizer: { encode: (text: string) => Int32Array.from(doubleText.encode(text)), decode: () => '' }, getConversationObject: () => ({ config: { seps: ['<|im_end|>'] } }) })
    }
    unload() {
      unloads++
      return Promise.resolve()
    }
    embedding = never
  }
  const answers: Record<string, string> = { 'mlc-chat-config.json': JSON.stringify(chatConfig), 'tokenizer.json': '{}', 'tensor-cache.json': JSON.stringify(manifest), 'params_shard_0.bin': 'abcd' }
  const kept = new Map<string, Blob>()
  const adapter = { info: { vendor: 'test', architecture: '', device: '', description: '', isFallbackAdapter: false }, features: new Set<string>(), limits: { maxBufferSize: 2 ** 28, maxStorageBufferBindingSize: 2 ** 27, maxComputeWorkgroupStorageSize: 1, maxStorageBuffersPerShaderStage: 8 }, requestDevice: () => Promise.resolve({ destroy: () => undefined }) }
  const gpu: object = { requestAdapter: () => Promise.resolve(adapter) }
  const isGpu = (value: object): value is GPU => 'requestAdapter' in value
  const server = new WebLlmServer({
    library: () => Promise.resolve({ MLCEngine: Loaded }),
    browser: { gpu: isGpu(gpu) ? gpu : undefined, secure: true, storage: undefined },
    artifacts: new Artifacts({
      caches: {
        open: () =>
          Promise.resolve({
            match: (url: string) => Promise.resolve(kept.has(url) ? new Response(kept.get(url)) : undefined),
            put: async (url: string, response: Response) => { kept.set(url, await response.blob()) },
            keys: () => Promise.resolve([...kept.keys()].map((url) => ({ url }))),
            delete: (url: string) => Promise.resolve(kept.delete(url)),
          }),
      },
      fetch: (url) => Promise.resolve(new Response(answers[url.split('/').at(-1) ?? ''] ?? 'wasm')),
      room: () => Promise.resolve(null),
    }),
    shelf: { read: () => Promise.resolve([]), write: () => Promise.resolve() },
    now: () => 0,
  })
  return { server, tried, unloads: () => unloads, lose: (message: string) => { lose(message) } }
}

describe('a card that is lost', () => {
  const source = { kind: 'listed', id } as const

  it('ends what waits for it, however long that would wait, and leaves no model behind', async () => {
    const { server, tried, lose } = machine(Infinity)
    await server.load(source, () => undefined)
    const gone = server.gone()
    const left: boolean[] = []
    const work = server.withModel(({ leaving }) => {
      leaving.add((lost) => Promise.resolve(void left.push(lost)))
      return new Promise(() => undefined)
    })
    lose('The driver was reset.')
    await expect(work).rejects.toThrow('The graphics card was lost. The driver was reset.')
    expect(left).toEqual([true])
    expect(await gone).toEqual({ id, problem: { kind: 'device-lost', detail: 'The driver was reset.' } })
    await expect(server.ask([], 1, 0)).rejects.toThrow('No model of WebLLM is loaded.')
    // Not what was there before: it is loaded anew.
    expect(await server.load(source, () => undefined)).toMatchObject({ ok: true })
    expect(tried).toHaveLength(2)
    expect(await server.withModel(({ info }) => Promise.resolve(info.window))).toBe(8192)
  })

  it('while nothing is asked of it is known before anything is', async () => {
    const { server, tried, lose } = machine(Infinity)
    await server.load(source, () => undefined)
    const gone = server.gone()
    lose('asleep')
    expect(await gone).toEqual({ id, problem: { kind: 'device-lost', detail: 'asleep' } })
    await server.load(source, () => undefined)
    expect(tried).toHaveLength(2)
  })

  it('is none when a model was unloaded', async () => {
    const { server, lose } = machine(Infinity)
    await server.load(source, () => undefined)
    let told = false
    void server.gone().then(() => { told = true })
    await server.unload()
    lose('destroyed')
    await server.load(source, () => undefined)
    await server.withModel(() => Promise.resolve())
    expect(told).toBe(false)
  })
})

it('a model whose weights are no checkpoint’s leaves the card, and its buffers with it', async () => {
  const { server, tried, unloads } = machine(Infinity)
  await server.load({ kind: 'listed', id }, () => undefined)
  const gone = server.gone()
  const left: boolean[] = []
  await expect(server.withModel(({ leaving }) => {
    leaving.add((lost) => Promise.resolve(void left.push(lost)))
    return Promise.reject(new WebLlmError({ kind: 'torn-weights', detail: '' }))
  })).rejects.toThrow('Load the model again.')
  expect([left, unloads()]).toEqual([[false], 1])
  expect(await gone).toMatchObject({ problem: { kind: 'torn-weights' } })
  await server.load({ kind: 'listed', id }, () => undefined)
  expect(tried).toHaveLength(2)
})

describe('loading', () => {
  it('takes the paper’s window where the model and the card allow it', async () => {
    const { server, tried } = machine(Infinity)
    const loaded = await server.load({ kind: 'listed', id }, () => undefined)
    // Beyond the 719.38 MB of WebLLM's list: 4,096 tokens · 30 layers · 2 · 3 heads · 64 numbers · 4 bytes.
    expect(loaded).toMatchObject({ ok: true, value: { window: 8192, bytes: 719.38 * 1e6 + 188_743_680 } })
    expect(tried).toEqual([8192])
    // It is there: nothing is loaded anew, and the answer is the same.
    expect(await server.load({ kind: 'listed', id }, () => undefined)).toEqual(loaded)
    expect(tried).toEqual([8192])
  })

  it('goes back to the list’s when the card has too little memory, and gives up when that fails too', async () => {
    const small = machine(4096)
    expect(await small.server.load({ kind: 'listed', id }, () => undefined)).toMatchObject({ ok: true, value: { window: 4096 } })
    expect(small.tried).toEqual([8192, 4096])
    expect(small.unloads()).toBe(1)
    const tiny = machine(0)
    expect(await tiny.server.load({ kind: 'listed', id }, () => undefined)).toMatchObject({ ok: false, problem: { kind: 'device-lost' } })
    expect(tiny.tried).toEqual([8192, 4096])
  })

  it('can be stopped: nothing is on the card then, and the next load begins anew', async () => {
    let stopped = false
    const rig = machine(Infinity, async () => {
      if (!stopped) await rig.server.cancelLoad()
      stopped = true
    })
    const { server, unloads } = rig
    expect(await server.load({ kind: 'listed', id }, () => undefined)).toEqual({ ok: false, problem: { kind: 'aborted' } })
    expect(unloads()).toBeGreaterThan(0)
    await expect(server.ask([], 1, 0)).rejects.toThrow('No model of WebLLM is loaded.')
    expect(await server.load({ kind: 'listed', id }, () => undefined)).toMatchObject({ ok: true })
  })

  it('can be stopped while it waits behind another', async () => {
    const { server, tried } = machine(Infinity)
    const both = [server.load({ kind: 'listed', id }, () => undefined), server.load({ kind: 'listed', id: 'SmolLM2-360M-Instruct-q0f32-MLC' }, () => undefined)]
    await server.cancelLoad()
    expect(await Promise.all(both)).toEqual([{ ok: false, problem: { kind: 'aborted' } }, { ok: false, problem: { kind: 'aborted' } }])
    expect(tried).toEqual([])
  })
})
