import { beforeEach, describe, expect, it } from 'vitest'
import { Artifacts, folderOf, weightsIn, type ArtifactHost } from './artifacts.ts'
import { listedModels } from './catalogue.ts'

/** A CacheStorage over maps. */
function memoryCaches(put: (url: string) => void = () => undefined) {
  const scopes = new Map<string, Map<string, Blob>>()
  const open = (name: string) => {
    const held = scopes.get(name) ?? new Map<string, Blob>()
    scopes.set(name, held)
    return Promise.resolve({
      match: (url: string) => Promise.resolve(held.has(url) ? new Response(held.get(url)) : undefined),
      put: async (url: string, response: Response) => {
        put(url)
        held.set(url, await response.blob())
      },
      keys: () => Promise.resolve([...held.keys()].map((url) => ({ url }))),
      delete: (url: string) => Promise.resolve(held.delete(url)),
    })
  }
  return { scopes, open }
}

const [model] = listedModels()
if (!model) throw new Error('The list is empty.')
const folder = folderOf(model.url)
const shards = [10, 20, 30, 40, 50].map((nbytes, i) => ({ dataPath: `params_shard_${i}.bin`, nbytes, records: [{ name: `w${i}`, shape: [nbytes / 2] }] }))

let fetched: string[]
let answers: Map<string, () => Response>
beforeEach(() => {
  fetched = []
  answers = new Map([
    [`${folder}mlc-chat-config.json`, () => new Response('{"model_type":"llama"}')],
    [`${folder}tokenizer.json`, () => new Response('{}')],
    [`${folder}tensor-cache.json`, () => new Response(JSON.stringify({ metadata: {}, records: shards }))],
    [model.library, () => new Response('wasm')],
    ...shards.map(({ dataPath, nbytes }): [string, () => Response] => [folder + dataPath, () => new Response(new Uint8Array(nbytes))]),
  ])
})

function setUp(put?: (url: string) => void) {
  const caches = memoryCaches(put)
  const host: ArtifactHost = {
    caches,
    fetch: async (url, { signal }) => {
      fetched.push(url)
      await new Promise((resolve) => setTimeout(resolve, 1))
      signal?.throwIfAborted()
      const answer = answers.get(url)
      if (!answer) throw new TypeError('Failed to fetch')
      return answer()
    },
    room: () => Promise.resolve(123),
  }
  return { artifacts: new Artifacts(host), scopes: caches.scopes }
}
const never = new AbortController().signal

describe('Artifacts', () => {
  it('fetches a whole model and says how far it is', async () => {
    const { artifacts, scopes } = setUp()
    const told: { bytes: number; total: number | null }[] = []
    expect(await artifacts.download(model, never, (progress) => told.push(progress))).toEqual({ id: model.id, bytes: 150, files: 5, ofFiles: 5, complete: true })
    expect(told.at(-1)).toMatchObject({ bytes: 150, total: 150, files: 5, ofFiles: 5 })
    expect(told.every(({ bytes }, i) => bytes >= (told[i - 1]?.bytes ?? 0))).toBe(true)
    expect([...(scopes.get('webllm/config')?.keys() ?? [])]).toEqual([`${folder}mlc-chat-config.json`])
    expect([...(scopes.get('webllm/wasm')?.keys() ?? [])]).toEqual([model.library])
    expect(scopes.get('webllm/model')?.size).toBe(7)
  })

  it('keeps what has come when it is stopped, and goes on there', async () => {
    const { artifacts } = setUp()
    const stop = new AbortController()
    const stopped = artifacts.download(model, stop.signal, ({ files }) => { if (files === 2) stop.abort() })
    await expect(stopped).rejects.toMatchObject({ problem: { kind: 'aborted' } })
    const [held] = await artifacts.held([model])
    expect(held?.complete).toBe(false)
    expect(held?.files).toBeGreaterThanOrEqual(2)
    expect(held?.files).toBeLessThan(5)
    const before = fetched.length
    let first: number | null = null
    await artifacts.download(model, never, ({ files }) => { first ??= files })
    expect(first).toBe(held?.files)
    expect(fetched.length - before).toBe(5 - (held?.files ?? 0))
  })

  it('tells a network that is gone from an answer that is none', async () => {
    const { artifacts } = setUp()
    answers.delete(`${folder}params_shard_3.bin`)
    await expect(artifacts.download(model, never, () => undefined)).rejects.toMatchObject({ problem: { kind: 'network', url: `${folder}params_shard_3.bin`, status: null } })
    answers.set(`${folder}params_shard_3.bin`, () => new Response('no', { status: 404, statusText: 'Not Found' }))
    await expect(artifacts.download(model, never, () => undefined)).rejects.toMatchObject({ problem: { kind: 'network', status: 404 } })
  })

  it('fetches nothing more once a shard could not be had', async () => {
    const many = Array.from({ length: 40 }, (_, i) => ({ dataPath: `params_shard_${i}.bin`, nbytes: 10, records: [] }))
    answers.set(`${folder}tensor-cache.json`, () => new Response(JSON.stringify({ metadata: {}, records: many })))
    for (const { dataPath } of many) answers.set(folder + dataPath, () => new Response(new Uint8Array(10)))
    answers.delete(`${folder}params_shard_0.bin`)
    const { artifacts } = setUp()
    await expect(artifacts.download(model, never, () => undefined)).rejects.toMatchObject({ problem: { kind: 'network' } })
    // Those that were on their way, and perhaps one more each.
    expect(fetched.filter((url) => url.includes('shard')).length).toBeLessThan(20)
  })

  it('refuses a shard of another size, and a manifest that is none, and keeps neither', async () => {
    const { artifacts, scopes } = setUp()
    answers.set(`${folder}params_shard_1.bin`, () => new Response(new Uint8Array(19)))
    await expect(artifacts.download(model, never, () => undefined)).rejects.toMatchObject({ problem: { kind: 'integrity', url: `${folder}params_shard_1.bin` } })
    expect(scopes.get('webllm/model')?.has(`${folder}params_shard_1.bin`)).toBe(false)

    const other = setUp()
    answers.set(`${folder}tensor-cache.json`, () => new Response(JSON.stringify({ records: [{ dataPath: '../../x', nbytes: 1, records: [] }] })))
    await expect(other.artifacts.download(model, never, () => undefined)).rejects.toMatchObject({ problem: { kind: 'integrity' } })
    expect(other.scopes.get('webllm/model')?.has(`${folder}tensor-cache.json`)).toBe(false)
  })

  it('names a file for what it is, and does not keep it', async () => {
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 40\n'
    for (const [file, text, words] of [
      ['params_shard_3.bin', pointer, 'It is a pointer of Git LFS'],
      ['tokenizer.json', '<!doctype html><html>', 'It is a web page'],
    ] as const) {
      const { artifacts, scopes } = setUp()
      const sound = answers.get(folder + file)
      answers.set(folder + file, () => new Response(text))
      await expect(artifacts.download(model, never, () => undefined)).rejects.toMatchObject({ problem: { kind: 'integrity', url: folder + file, detail: expect.stringContaining(words) } })
      expect(scopes.get('webllm/model')?.has(folder + file)).toBe(false)
      if (sound) answers.set(folder + file, sound)
    }
    answers.set(model.library, () => new Response('<html>Not found'))
    await expect(setUp().artifacts.download(model, never, () => undefined)).rejects.toMatchObject({ problem: { kind: 'integrity', url: model.library } })
  })

  it('tells a folder in another form from one that is empty', async () => {
    const missing = () => new Response('no', { status: 404 })
    for (const file of ['mlc-chat-config.json', 'config.json', 'tensor-cache.json', 'ndarray-cache.json']) answers.set(folder + file, missing)
    const { artifacts } = setUp()
    const refused = { kind: 'unknown-model', model: model.id }
    await expect(artifacts.chatConfig(model)).rejects.toMatchObject({ problem: { ...refused, detail: `There is no mlc-chat-config.json in ${folder}.` } })
    answers.set(`${folder}config.json`, () => new Response('{}'))
    await expect(artifacts.chatConfig(model)).rejects.toMatchObject({ problem: { ...refused, detail: expect.stringContaining('has a model in Hugging Face form, which is not compiled for WebLLM') } })
    await expect(artifacts.manifest(model)).rejects.toMatchObject({ problem: { kind: 'network', status: 404 } })
    answers.set(`${folder}ndarray-cache.json`, () => new Response('{}'))
    await expect(artifacts.manifest(model)).rejects.toMatchObject({ problem: { ...refused, detail: expect.stringContaining('as older versions of WebLLM wanted it') } })
  })

  it('says how much room there is when the storage is full', async () => {
    const { artifacts } = setUp((url) => {
      if (url.endsWith('shard_2.bin')) throw new DOMException('Quota exceeded.', 'QuotaExceededError')
    })
    await expect(artifacts.download(model, never, () => undefined)).rejects.toMatchObject({ problem: { kind: 'quota', available: 123 } })
  })

  it('deletes a model and leaves the others', async () => {
    const { artifacts, scopes } = setUp()
    await artifacts.download(model, never, () => undefined)
    scopes.get('webllm/model')?.set('https://huggingface.co/mlc-ai/other/resolve/main/params_shard_0.bin', new Blob(['x']))
    await artifacts.remove(model)
    expect(await artifacts.held([model])).toEqual([])
    expect([...(scopes.get('webllm/model')?.keys() ?? [])]).toEqual(['https://huggingface.co/mlc-ai/other/resolve/main/params_shard_0.bin'])
  })

  it('counts weights, and makes folders as WebLLM does', () => {
    expect(weightsIn({ records: [{ dataPath: 'a', nbytes: 2, records: [{ shape: [2, 3] }, { shape: [4] }] }] })).toBe(10)
    expect(folderOf('https://huggingface.co/mlc-ai/x')).toBe('https://huggingface.co/mlc-ai/x/resolve/main/')
    expect(folderOf('https://example.org/m/resolve/v2/')).toBe('https://example.org/m/resolve/v2/')
  })
})
