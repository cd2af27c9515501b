import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createRandom } from '../../core/random.ts'
import { keyOf, type WeightsSource } from '../../core/policy/catalogue/weights-source.ts'
import { KeptModels, wholeFiles, type WeightsProgress } from './kept-models.ts'
import { readManifest, writeManifest } from './manifest.ts'
import { MemoryFolder } from './memory-folder.fixture.ts'
import { commit, weightsHost, type WeightsHost } from './weights-host.fixture.ts'

const text = (value: string) => new TextEncoder().encode(value)
const random = createRandom(5)
const weights = Uint8Array.from({ length: 300_000 }, () => random.int(256))
const model = new Map([
  ['config.json', text('{"model_type":"llama"}')],
  ['tokenizer.json', text('{"model":{}}')],
  ['tokenizer_config.json', text('{}')],
  ['model.safetensors', weights],
])

let host: WeightsHost
let root: MemoryFolder
let source: Extract<WeightsSource, { kind: 'address' }>
beforeEach(async () => {
  host = await weightsHost(model)
  root = new MemoryFolder()
  source = { kind: 'address', name: 'tiny', address: host.address }
})
afterEach(() => { host.close() })

const models = (folder = root, room = Infinity) => new KeptModels({
  root: () => Promise.resolve(folder),
  fetch: (url, init) => fetch(url, init),
  wait: () => Promise.resolve(),
  room: () => Promise.resolve(room),
  own: null,
})
const ignore = () => undefined
/** The weights that are kept are these. */
async function has(bytes: Uint8Array): Promise<boolean> {
  const file = (await wholeFiles(root, keyOf(source))).find(({ name }) => name === 'model.safetensors')
  return file !== undefined && Buffer.from(await file.arrayBuffer()).equals(bytes)
}

describe('a download', () => {
  it('brings every file, at the commit behind the branch, and says how far it is', async () => {
    const told: WeightsProgress[] = []
    const outcome = await models().download(source, (progress) => told.push(progress))
    expect(outcome).toMatchObject({ ok: true, value: { complete: true, files: 4, ofFiles: 4, from: host.address } })
    expect((await readManifest(await root.folder(keyOf(source))))?.address).toBe(host.address.replace('main', commit))
    expect(await has(weights)).toBe(true)
    const total = [...model.values()].reduce((sum, { length }) => sum + length, 0)
    expect(told[0]).toEqual({ bytes: 0, total, files: 0, ofFiles: 4 })
    expect(told.at(-1)).toEqual({ bytes: total, total, files: 4, ofFiles: 4 })
    expect(await models().kept()).toMatchObject([{ key: keyOf(source), name: 'tiny', complete: true, bytes: total }])
    // What is whole is not asked for again.
    host.asked.length = 0
    expect((await models().download(source, ignore)).ok).toBe(true)
    expect(host.asked).toEqual([])
  })

  it('takes a broken connection up again at the byte', async () => {
    host.breakAt = { file: 'model.safetensors', byte: 123_456 }
    expect((await models().download(source, ignore)).ok).toBe(true)
    expect(host.asked.filter((each) => each.startsWith('model'))).toEqual(['model.safetensors', 'model.safetensors 123456-'])
    expect(await has(weights)).toBe(true)
  })

  it('goes on at the byte after its tab was lost, and is not read meanwhile', async () => {
    host.pace = 2_000_000
    const running = models()
    const stopped = new Promise<number>((resolve) => {
      void running.download(source, ({ bytes }) => {
        if (bytes < 100_000) return
        // As when the tab goes: nobody closes anything.
        void running.cancelDownload(keyOf(source))
        resolve(bytes)
      })
    })
    await stopped
    root.lose()
    await expect(wholeFiles(root, keyOf(source))).rejects.toThrow('model.safetensors of tiny has not come whole yet')
    expect(await models().kept()).toMatchObject([{ complete: false, files: 3, ofFiles: 4 }])
    await new Promise((resolve) => setTimeout(resolve, 50))
    root.lose()
    host.asked.length = 0
    host.pace = Infinity
    expect((await models().download(source, ignore)).ok).toBe(true)
    expect(host.asked).toEqual([expect.stringMatching(/^model\.safetensors \d{6}-$/)])
    expect(await has(weights)).toBe(true)
  })

  it('begins anew where the host knows no ranges', async () => {
    host.ranges = false
    host.breakAt = { file: 'model.safetensors', byte: 100_000 }
    expect((await models().download(source, ignore)).ok).toBe(true)
    expect(await has(weights)).toBe(true)
  })

  it('that is stopped ends with aborted, and can be gone on with', async () => {
    host.pace = 2_000_000
    const running = models()
    const outcome = await running.download(source, ({ bytes }) => { if (bytes > 50_000) void running.cancelDownload(keyOf(source)) })
    expect(outcome).toEqual({ ok: false, problem: { kind: 'aborted' } })
    host.pace = Infinity
    expect((await running.download(source, ignore)).ok).toBe(true)
    expect(await has(weights)).toBe(true)
  })

  it('is not begun twice at once', async () => {
    const running = models()
    const first = running.download(source, ignore)
    expect(await running.download(source, ignore)).toEqual({ ok: false, problem: { kind: 'elsewhere' } })
    expect((await first).ok).toBe(true)
  })

  it('of a place without a list takes the names of every model, those that are not there left out', async () => {
    host.lists = false
    host.files.set('chat_template.jinja', text('{{ messages }}'))
    const outcome = await models().download(source, ignore)
    expect(outcome).toMatchObject({ ok: true, value: { complete: true, files: 5, ofFiles: 5 } })
    expect((await wholeFiles(root, keyOf(source))).map(({ name }) => name)).toContain('chat_template.jinja')
    expect(await models().kept()).toMatchObject([{ complete: true }])
  })

  it('goes on with the commit that it began with, wherever its branch is by now', async () => {
    host.breakAt = { file: 'tokenizer.json', byte: 5 }
    const running = models()
    await running.download(source, ({ files }) => { if (files === 1) void running.cancelDownload(keyOf(source)) })
    host.lists = false
    expect((await running.download(source, ignore)).ok).toBe(true)
    expect((await readManifest(await root.folder(keyOf(source))))?.address).toContain(commit)
  })

  it.each([
    ['goes on where the host says that the file is still the same', 'Mon, 01 Jan 2024 00:00:00 GMT', 'Mon, 01 Jan 2024 00:00:00 GMT', true],
    ['begins anew where the host has another one by now', 'Mon, 01 Jan 2024 00:00:00 GMT', 'Tue, 02 Jan 2024 00:00:00 GMT', false],
    ['begins anew where nothing tells whether it is the same', null, null, false],
  ])('of files without a hash %s', async (_, before, after, on) => {
    host.lists = false
    host.pace = 2_000_000
    host.version = before
    const running = models()
    await running.download(source, ({ bytes }) => { if (bytes > 50_000) void running.cancelDownload(keyOf(source)) })
    host.pace = Infinity
    host.version = after
    const other = Uint8Array.from(weights).reverse()
    if (!on) host.files.set('model.safetensors', other)
    host.asked.length = 0
    expect((await running.download(source, ignore)).ok).toBe(true)
    expect(await has(on ? weights : other)).toBe(true)
    expect(host.asked.filter((each) => each.startsWith('model.safetensors')).at(-1)).toMatch(on ? /^model\.safetensors \d+-$/ : /^model\.safetensors$/)
  })

  it.each([true, false])('brings a model in one GGUF file, with a list: %s', async (lists) => {
    host.lists = lists
    host.files = new Map([['tiny.Q8_0.gguf', Uint8Array.from([...text('GGUF'), ...weights.subarray(0, 1000)])]])
    const gguf: WeightsSource = { kind: 'address', name: 'tiny', address: `${host.address}tiny.Q8_0.gguf` }
    expect(await models().look(gguf)).toEqual({ ok: true, value: { config: null, bytes: lists ? 1004 : null } })
    expect(await models().download(gguf, ignore)).toMatchObject({ ok: true, value: { complete: true, files: 1, bytes: 1004 } })
    expect((await wholeFiles(root, keyOf(gguf))).map(({ name }) => name)).toEqual(['tiny.Q8_0.gguf'])
  })

  it('takes all shards that an index names', async () => {
    host.lists = false
    host.files.delete('model.safetensors')
    host.files.set('model.safetensors.index.json', text('{"weight_map":{"a":"model-00001-of-00002.safetensors","b":"model-00002-of-00002.safetensors"}}'))
    for (const name of ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors']) host.files.set(name, weights)
    expect(await models().download(source, ignore)).toMatchObject({ ok: true, value: { files: 6 } })
  })
})

describe('a look', () => {
  it('tells what a model is and how large, from its small files alone', async () => {
    const outcome = await models().look(source)
    expect(outcome).toEqual({ ok: true, value: { config: { model_type: 'llama' }, bytes: [...model.values()].reduce((all, { length }) => all + length, 0) } })
    expect(host.asked).toEqual(['config.json'])
    host.lists = false
    expect(await models().look(source)).toMatchObject({ ok: true, value: { bytes: null } })
  })

  it('says that an address has no model', async () => {
    host.files.delete('config.json')
    host.lists = false
    expect(await models().look(source)).toMatchObject({ ok: false, problem: { kind: 'unknown-model', detail: expect.stringContaining('resolve/main') } })
  })
})

describe('a download that goes wrong', () => {
  it('is refused where a file is not what its hash says, and nothing of it is gone on with', async () => {
    const other = Uint8Array.from(weights)
    other[250_000] = (other[250_000] ?? 0) ^ 1
    // The list has the true hash; what comes is another file of the same size.
    host.instead.set('model.safetensors', other)
    const outcome = await models().download(source, ignore)
    expect(outcome).toMatchObject({ ok: false, problem: { kind: 'integrity', detail: expect.stringContaining('SHA-256') } })
    await expect(wholeFiles(root, keyOf(source))).rejects.toThrow('has not come whole yet')
    host.instead.clear()
    host.asked.length = 0
    expect((await models().download(source, ignore)).ok).toBe(true)
    expect(host.asked).toEqual(['model.safetensors'])
  })

  it('notices what was damaged on the disk before it went on', async () => {
    host.pace = 2_000_000
    const running = models()
    await running.download(source, ({ bytes }) => { if (bytes > 50_000) void running.cancelDownload(keyOf(source)) })
    host.pace = Infinity
    ;(await root.folder(keyOf(source))).damage('model.safetensors', 7)
    expect(await running.download(source, ignore)).toMatchObject({ ok: false, problem: { kind: 'integrity' } })
    expect((await running.download(source, ignore)).ok).toBe(true)
    expect(await has(weights)).toBe(true)
  })

  it('says that there is no room, before anything large comes', async () => {
    expect(await models(root, 200_000).download(source, ignore)).toMatchObject({ ok: false, problem: { kind: 'quota', available: 200_000 } })
    expect(host.asked).toEqual([])
  })

  it('keeps what has come when the disk is full after all', async () => {
    const full = new MemoryFolder({ room: 150_000 })
    expect(await models(full).download(source, ignore)).toMatchObject({ ok: false, problem: { kind: 'quota' } })
    expect(await models(full).kept()).toMatchObject([{ complete: false }])
    full.disk.room = Infinity
    host.asked.length = 0
    expect((await models(full).download(source, ignore)).ok).toBe(true)
    expect(host.asked).toEqual([expect.stringMatching(/^model\.safetensors \d+-$/)])
  })

  it('says who is at the files', async () => {
    const open = await (await root.folder(keyOf(source))).open('config.json')
    expect(await models().download(source, ignore)).toEqual({ ok: false, problem: { kind: 'elsewhere' } })
    open.close()
  })

  it.each([
    ['an address that is none of a model', 'ftp://models.test/', 'unknown-model'],
    ['a host that is not there', 'http://127.0.0.1:9/owner/tiny/resolve/main/', 'network'],
  ])('%s', async (_, address, kind) => {
    expect(await models().download({ kind: 'address', name: 'x', address }, ignore)).toMatchObject({ ok: false, problem: { kind } })
  })

  it('refuses a repository without weights as safetensors', async () => {
    host.files.delete('model.safetensors')
    expect(await models().download(source, ignore)).toMatchObject({ ok: false, problem: { kind: 'unknown-model', detail: expect.stringContaining('no model.safetensors') } })
  })
})

describe('kept weights', () => {
  it('are gone when they are deleted', async () => {
    await models().download(source, ignore)
    await models().remove(keyOf(source))
    expect(await models().kept()).toEqual([])
    await expect(wholeFiles(root, keyOf(source))).rejects.toThrow('not in this browser')
  })

  it('are never read when a file has another size than it was marked whole with', async () => {
    await models().download(source, ignore)
    const file = await (await root.folder(keyOf(source))).open('model.safetensors')
    file.truncate(1000)
    file.close()
    await expect(wholeFiles(root, keyOf(source))).rejects.toThrow('has not come whole yet')
    expect(await models().kept()).toMatchObject([{ complete: false }])
  })

  it('of an older revision make place for those of a newer one', async () => {
    await models().download(source, ignore)
    const folder = await root.folder(keyOf(source))
    const manifest = await readManifest(folder)
    if (manifest) await writeManifest(folder, { ...manifest, from: 'https://models.test/older/' })
    const other = Uint8Array.from(weights).reverse()
    host.files.set('model.safetensors', other)
    expect((await models().download(source, ignore)).ok).toBe(true)
    expect(await has(other)).toBe(true)
  })

  it('have keys that are names of folders', async () => {
    expect(keyOf(source)).toMatch(/^\w[\w.-]{0,120}$/)
    expect(keyOf({ ...source, address: `${source.address}x` })).not.toBe(keyOf(source))
    await expect(models().remove('../x')).rejects.toThrow('no key')
  })
})
