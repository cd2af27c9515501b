import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { filesAtUrl, ModelFilesError } from './model-files.ts'

const folder = 'https://models.test/tiny/'
let asked: string[] = []
let answer: (address: string) => Response = () => new Response(null, { status: 404 })

beforeEach(() => {
  asked = []
  vi.stubGlobal('fetch', (address: string) => {
    asked.push(address)
    return Promise.resolve(answer(address))
  })
})
afterEach(() => { vi.unstubAllGlobals() })

/** A body that never ends, a kilobyte at a time; counts what was taken. */
function endless(): { response: Response; taken: () => number; cancelled: () => boolean } {
  let taken = 0
  let cancelled = false
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      taken += 1024
      controller.enqueue(new Uint8Array(1024).fill(7))
    },
    cancel: () => { cancelled = true },
  })
  return { response: new Response(body), taken: () => taken, cancelled: () => cancelled }
}

describe('filesAtUrl', () => {
  it.each(['http://models.test/', 'http://192.168.0.7:8080/m/', 'ftp://models.test/', 'https://me:secret@models.test/', 'models/nano'])('fetches nothing from %s', (address) => {
    expect(() => filesAtUrl(address, { own: null })).toThrow(ModelFilesError)
    expect(asked).toEqual([])
  })
  it('fetches over https, from this machine, and from beside the page', async () => {
    for (const address of [folder, 'http://127.0.0.1:8000/m/', 'http://localhost/m', 'http://192.168.0.7/models/nano/']) {
      expect(await filesAtUrl(address, { own: 'http://192.168.0.7' }).read('config.json')).toBeNull()
    }
    expect(asked).toEqual([`${folder}config.json`, 'http://127.0.0.1:8000/m/config.json', 'http://localhost/m/config.json', 'http://192.168.0.7/models/nano/config.json'])
  })
  it('asks for no file that is known not to be there', async () => {
    const files = filesAtUrl(folder, { names: ['config.json'] })
    expect(await files.read('config.json')).toBeNull()
    expect(await files.read('generation_config.json')).toBeNull()
    expect(await files.head('model.safetensors', 8)).toBeNull()
    expect(asked).toEqual([`${folder}config.json`])
  })
  it('never leaves the folder, whatever the name', async () => {
    for (const name of ['https://evil.test/model.safetensors', '//evil.test/x', '../other/x', '/x', 'http:evil']) {
      await expect(filesAtUrl(folder).read(name)).rejects.toThrow('does not lie in https://models.test/tiny/')
    }
    expect(asked).toEqual([])
  })
  it('does not follow to a place without https', async () => {
    answer = () => Object.defineProperty(new Response('{}'), 'url', { value: 'http://elsewhere.test/config.json' })
    await expect(filesAtUrl(folder).read('config.json')).rejects.toThrow('leads to http://elsewhere.test/config.json, which is not https')
  })
  it('takes the beginning of a file and no more', async () => {
    const { response, taken, cancelled } = endless()
    answer = () => response
    expect(await filesAtUrl(folder).head('model.safetensors', 1500)).toEqual(new Uint8Array(1500).fill(7))
    expect(cancelled()).toBe(true)
    expect(taken()).toBeLessThan(8 * 1024)
  })
  it('reads a file piece by piece, forward in one response, and asks anew for what lies behind', async () => {
    const bytes = Uint8Array.from({ length: 5000 }, (_, i) => i % 251)
    answer = () => new Response(new Blob([bytes.subarray(0, 1000), bytes.subarray(1000)]).stream())
    const done: number[] = []
    const reader = await filesAtUrl(folder).open('model.safetensors', { onBytes: (at) => done.push(at) })
    expect(await reader?.read(10, 20)).toEqual(bytes.slice(10, 20))
    expect(await reader?.read(900, 4000)).toEqual(bytes.slice(900, 4000))
    expect(asked).toHaveLength(1)
    expect(await reader?.read(0, 8)).toEqual(bytes.slice(0, 8))
    expect(asked).toHaveLength(2)
    // Fewer where it ends.
    expect(await reader?.read(4990, 6000)).toEqual(bytes.slice(4990))
    expect(done.at(-1)).toBe(5000)
    await reader?.close()
    answer = () => new Response(null, { status: 404 })
    expect(await filesAtUrl(folder).open('other')).toBeNull()
  })
  it('takes the address of a GGUF file for the file alone', async () => {
    const files = filesAtUrl('https://models.test/tiny/a%20b-Q4_0.gguf?download=true')
    expect([files.place, files.names]).toEqual([folder, ['a b-Q4_0.gguf']])
    await files.head('a b-Q4_0.gguf', 4)
    expect(asked).toEqual([`${folder}a%20b-Q4_0.gguf`])
  })
  it('stops where a file is larger than it may be', async () => {
    const { response, taken, cancelled } = endless()
    answer = () => response
    await expect(filesAtUrl(folder).read('config.json', { limit: 4096 })).rejects.toThrow('config.json has more than 4 kB: it is not what it is called')
    expect(cancelled()).toBe(true)
    expect(taken()).toBeLessThan(16 * 1024)
  })
  it('says what to do about a model that is not public', async () => {
    answer = () => new Response('Access to model is restricted', { status: 401 })
    await expect(filesAtUrl(folder).read('config.json')).rejects.toThrow('is not public (the server answers 401). Download the model with your account')
  })
})
