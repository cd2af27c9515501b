import { webcrypto } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { digestLength, KeptFiles, type BuiltFiles, type FileCache } from './kept-files.ts'

const root = 'https://host.test/foo/'

async function digest(text: string): Promise<string> {
  const bytes = await webcrypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Buffer.from(bytes).toString('hex').slice(0, digestLength)
}

const addressOf = (request: RequestInfo | URL) => (request instanceof Request ? request.url : String(request))

/** What of Cache is used, as it is specified: by address, the query too unless it is told not to look at it. */
class MemoryCache implements FileCache {
  readonly entries = new Map<string, Response>()
  match(request: RequestInfo | URL, options: CacheQueryOptions = {}): Promise<Response | undefined> {
    const at = addressOf(request)
    const found = options.ignoreSearch ? [...this.entries.keys()].find((url) => url.replace(/\?.*/, '') === at) : at
    return Promise.resolve(this.entries.get(found ?? '')?.clone())
  }
  put(request: RequestInfo | URL, response: Response): Promise<void> {
    this.entries.set(addressOf(request), response)
    return Promise.resolve()
  }
  keys(): Promise<Request[]> {
    return Promise.resolve([...this.entries.keys()].map((url) => new Request(url)))
  }
  delete(request: RequestInfo | URL): Promise<boolean> {
    return Promise.resolve(this.entries.delete(addressOf(request)))
  }
}

describe('the files of a build', () => {
  let cache: MemoryCache
  let host: Record<string, string>
  let asked: string[]
  let offline: boolean
  beforeEach(() => {
    cache = new MemoryCache()
    host = {}
    asked = []
    offline = false
  })

  /** A build of these files, and what a service worker of it does. */
  async function built(files: Record<string, string>, ahead = Object.keys(files)): Promise<KeptFiles> {
    host = { ...files }
    const digests: BuiltFiles['digests'] = Object.fromEntries(await Promise.all(Object.entries(files).map(async ([path, text]) => [path, await digest(text)] as const)))
    const load = (input: RequestInfo | URL) => {
      const path = addressOf(input).slice(root.length).replace(/\?.*/, '') || 'index.html'
      asked.push(path)
      if (offline) return Promise.reject(new TypeError('Failed to fetch'))
      const text = host[path]
      return Promise.resolve(text === undefined ? new Response('', { status: 404 }) : new Response(text, { headers: { 'Content-Type': 'text/plain' } }))
    }
    return new KeptFiles({ digests, ahead }, root, () => Promise.resolve(cache), load)
  }
  const text = async (files: KeptFiles, path: string) => (await files.answer(new Request(root + path))).text()

  const old = { 'index.html': 'old page', 'assets/index-AAAAAAAA.js': 'old script', 'models/nano/weights': 'same' }
  const next = { 'index.html': 'new page', 'assets/index-BBBBBBBB.js': 'new script', 'models/nano/weights': 'same' }

  it('come once, are all there without a network, and carry the headers that isolate the page', async () => {
    const files = await built(old)
    expect(await text(files, '')).toBe('old page')
    await files.settled()
    await files.keep()
    expect(asked.sort()).toEqual(Object.keys(old).sort())
    offline = true
    for (const [path, content] of Object.entries(old)) expect(await text(files, path)).toBe(content)
    const { headers } = await files.answer(new Request(`${root}?embed`))
    expect(headers.get('Cross-Origin-Embedder-Policy')).toBe('require-corp')
    expect(headers.get('Content-Security-Policy')).toContain("script-src 'self' 'wasm-unsafe-eval'")
    expect(headers.get('Content-Type')).toBe('text/plain')
    // Another page may show one view of it, and nothing else.
    const policyAt = async (at: string) => (await files.answer(new Request(root + at))).headers.get('Content-Security-Policy')
    expect(await policyAt('?embed')).not.toContain('frame-ancestors')
    expect(await policyAt('')).toContain("frame-ancestors 'none'")
    expect(asked.length).toBe(3)
    // nano has no file of that name, and so it is without a network.
    expect((await files.answer(new Request(`${root}models/nano/chat_template.jinja`))).status).toBe(404)
  })

  it('that are asked for twice at once come once', async () => {
    const files = await built(old)
    expect(await Promise.all([text(files, 'models/nano/weights'), text(files, 'models/nano/weights')])).toEqual(['same', 'same'])
    expect(asked).toEqual(['models/nano/weights'])
  })

  it('are not mixed with another build that the host has meanwhile', async () => {
    const files = await built(old)
    await text(files, '')
    await files.settled()
    host = { ...next }
    // Half of it is kept, and the host has moved on: the page of the host, with its own script.
    expect(await text(files, '')).toBe('new page')
    expect(await text(files, 'assets/index-BBBBBBBB.js')).toBe('new script')
    await expect(files.keep()).rejects.toThrow('assets/index-AAAAAAAA.js came with status 404')
    expect([...cache.entries.keys()]).toEqual([`${root}index.html?${await digest('old page')}`])
    host = { ...old, 'index.html': 'damaged' }
    cache.entries.clear()
    await expect(files.keep()).rejects.toThrow('index.html is not the one of this build')
  })

  it('are shared by builds where they are the same, and an open page of the old one still finds its own', async () => {
    await (await built(old)).keep()
    asked = []
    const files = await built(next)
    await files.keep()
    expect(asked.sort()).toEqual(['assets/index-BBBBBBBB.js', 'index.html'])
    expect(await text(files, '')).toBe('new page')
    expect(await text(files, 'assets/index-AAAAAAAA.js')).toBe('old script')
    await files.forgetOthers()
    offline = true
    expect((await files.answer(new Request(`${root}assets/index-AAAAAAAA.js`))).status).toBe(404)
    expect(await text(files, 'models/nano/weights')).toBe('same')
  })

  it('that are not fetched ahead are kept once somebody has needed them', async () => {
    const files = await built({ ...old, 'assets/webllm-CCCCCCCC.js': 'large' }, Object.keys(old))
    await files.keep()
    expect(asked).not.toContain('assets/webllm-CCCCCCCC.js')
    await text(files, 'assets/webllm-CCCCCCCC.js')
    await files.settled()
    offline = true
    expect(await text(files, 'assets/webllm-CCCCCCCC.js')).toBe('large')
  })

  it('are those of its folder alone; headers of the host stay as they are', async () => {
    const files = await built(old)
    expect(files.pathOf('https://host.test/fool/index.html')).toBeNull()
    expect(files.pathOf('https://models.test/foo/')).toBeNull()
    expect(files.pathOf(`${root}?seed=7#step=3`)).toBe('index.html')
    expect(files.pathOf(`${root}models/nano/weights`)).toBe('models/nano/weights')
    const missing = await files.answer(new Request(`${root}models/nano/chat_template.jinja`))
    expect([missing.status, missing.headers.get('Cross-Origin-Resource-Policy')]).toEqual([404, 'same-origin'])
  })
})
