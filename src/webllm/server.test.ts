import { describe, expect, it } from 'vitest'
import type { CustomModel } from '../core/policy/webllm.ts'
import { Artifacts } from './artifacts.ts'
import type { Browser } from './capabilities.ts'
import { WebLlmServer } from './server.ts'

const none = (): Browser => ({ gpu: undefined, secure: true, storage: undefined })

function setUp(browser: Browser = none()) {
  let shelf: CustomModel[] = []
  let imported = 0
  const files = new Map<string, string>()
  const host = {
    caches: {
      open: () =>
        Promise.resolve({
          match: (url: string) => Promise.resolve(files.has(url) ? new Response(files.get(url)) : undefined),
          put: async (url: string, response: Response) => { files.set(url, await response.text()) },
          keys: () => Promise.resolve([...files.keys()].map((url) => ({ url }))),
          delete: (url: string) => Promise.resolve(files.delete(url)),
        }),
    },
    fetch: (url: string) => (url === 'https://example.org/damaged/resolve/main/mlc-chat-config.json' ? Promise.resolve(new Response('{"vocab_size":"many"}')) : url === 'https://example.org/m/resolve/main/mlc-chat-config.json' ? Promise.resolve(new Response('{"vocab_size":10,"context_window_size":2048}')) : Promise.reject(new TypeError('Failed to fetch'))),
    room: () => Promise.resolve(null),
  }
  const server = new WebLlmServer({
    library: () => {
      imported++
      return Promise.reject(new TypeError('Failed to fetch dynamically imported module'))
    },
    browser,
    artifacts: new Artifacts(host),
    shelf: { read: () => Promise.resolve(shelf), write: (models) => { shelf = models; return Promise.resolve() } },
    now: () => 0,
  })
  return { server, imported: () => imported }
}

describe('WebLlmServer', () => {
  it('lists chat and embedding models, the smallest first, with what they need', async () => {
    const { server, imported } = setUp()
    const models = await server.catalogue()
    expect(models.every(({ vram }, i) => (vram ?? Infinity) >= (models[i - 1]?.vram ?? 0))).toBe(true)
    expect(models.find(({ id }) => id === 'SmolLM2-360M-Instruct-q0f16-MLC')).toMatchObject({ kind: 'chat', family: 'SmolLM2', parameters: 360e6, trainable: true, needsF16: true, f32Twin: 'SmolLM2-360M-Instruct-q0f32-MLC', window: 8192, licence: { name: 'Apache 2.0' } })
    expect(models.find(({ id }) => id === 'Qwen3-0.6B-q4f32_1-MLC')).toMatchObject({ trainable: false, needsF16: false, f32Twin: null })
    expect(models.filter(({ kind }) => kind === 'embedding').map(({ family }) => family)).toContain('Snowflake Arctic Embed')
    expect(imported()).toBe(0)
  })

  it.each([
    [none(), 'no-api'],
    [{ ...none(), secure: false }, 'insecure'],
    [{ ...none(), gpu: { requestAdapter: () => Promise.resolve(null) } }, 'no-adapter'],
  ])('says why there is no WebGPU, and loads nothing then', async (browser, reason) => {
    const { server, imported } = setUp(browser)
    expect((await server.capabilities()).gpu).toMatchObject({ available: false, reason })
    expect(await server.load({ kind: 'listed', id: 'SmolLM2-135M-Instruct-q0f32-MLC' }, () => undefined)).toMatchObject({ ok: false, problem: { kind: 'no-webgpu', reason } })
    expect(imported()).toBe(0)
  })

  it('says what cannot be: an unknown model, an answer without a model, a network that is closed', async () => {
    const { server } = setUp()
    expect(await server.load({ kind: 'listed', id: 'none' }, () => undefined)).toMatchObject({ ok: false, problem: { kind: 'unknown-model', model: 'none' } })
    await expect(server.serve('c', [], { temperature: 1, maxTokens: 1 }, null)).rejects.toThrow('No model of WebLLM is loaded.')
    await expect(server.embed(['x'])).rejects.toThrow('No embedding model')
    expect(await server.download('SmolLM2-135M-Instruct-q0f32-MLC', () => undefined)).toMatchObject({ ok: false, problem: { kind: 'network' } })
    // And again: the first attempt is over.
    expect(await server.download('SmolLM2-135M-Instruct-q0f32-MLC', () => undefined)).toMatchObject({ ok: false, problem: { kind: 'network' } })
  })

  it('keeps a custom model whose configuration can be read, and lets it go', async () => {
    const { server } = setUp()
    const model = { name: 'mine', url: 'https://example.org/m', library: 'https://example.org/m.wasm' }
    expect(await server.addCustom(model)).toMatchObject({ ok: true, value: { id: 'mine', custom: true, window: 2048 } })
    expect((await server.catalogue()).some(({ id }) => id === 'mine')).toBe(true)
    expect(await server.addCustom({ ...model, name: 'other', url: 'https://example.org/elsewhere' })).toMatchObject({ ok: false, problem: { kind: 'network' } })
    const damaged = await server.addCustom({ ...model, name: 'damaged', url: 'https://example.org/damaged' })
    expect(damaged).toMatchObject({ ok: false, problem: { kind: 'unknown-model', detail: 'mlc-chat-config.json cannot be read: vocab_size: needs a whole number above 0, not text.' } })
    expect(await server.addCustom({ ...model, url: 'file:///etc' })).toMatchObject({ ok: false, problem: { kind: 'unknown-model' } })
    expect(await server.addCustom({ ...model, name: 'SmolLM2-135M-Instruct-q0f32-MLC' })).toMatchObject({ ok: false, problem: { kind: 'unknown-model' } })
    for (const [url, words] of [['http://example.org/m', 'must begin with https://'], ['https://me:secret@example.org/m', 'must not hold a name and password']] as const) {
      expect(await server.addCustom({ ...model, url })).toMatchObject({ ok: false, problem: { kind: 'unknown-model', detail: expect.stringContaining(words) } })
    }
    await server.removeCustom('mine')
    expect((await server.catalogue()).some(({ id }) => id === 'mine')).toBe(false)
  })
})
