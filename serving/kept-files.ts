// The files of one build as the service worker keeps and serves them: the page works without a network, on a host that
// sends no headers, and never from two builds at once. Knows caches and fetch as they are passed in, no event.
import { everywhere, isEmbedded, isHashed, policyHeader } from './policy.ts'

/** What a build made. Paths are from the folder of the page. */
export interface BuiltFiles {
  /** Of each file the beginning of its SHA-256, in hex. */
  digests: Readonly<Record<string, string>>
  /** Those that are fetched ahead; the others are kept once somebody has needed them. */
  ahead: readonly string[]
}

/** What is used of a cache. */
export type FileCache = Pick<Cache, 'match' | 'put' | 'keys' | 'delete'>

/** Hex digits of a digest: 64 bits tell the builds of one page apart. */
export const digestLength = 16

const hex = (bytes: ArrayBuffer) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('')

async function digestOf(bytes: ArrayBuffer): Promise<string> {
  return hex(await crypto.subtle.digest('SHA-256', bytes)).slice(0, digestLength)
}

/** The same response with the headers that isolate the page and say what it may do, where the host has sent none. */
function withHeaders(response: Response, path: string, embedded: boolean): Response {
  // Of a redirect and of a failure nothing can be seen, and nothing set.
  if (response.status === 0) return response
  const headers = new Headers(response.headers)
  for (const [name, value] of Object.entries({ ...everywhere, ...policyHeader(path, undefined, embedded) })) {
    if (!headers.has(name)) headers.set(name, value)
  }
  const { status, statusText } = response
  return new Response(response.body, { status, statusText, headers })
}

export class KeptFiles {
  readonly #built: BuiltFiles
  readonly #root: string
  readonly #open: () => Promise<FileCache>
  readonly #fetch: typeof fetch
  readonly #storing = new Map<string, Promise<void>>()
  #whole = false

  /**
   * @param root address of the page's folder, with a slash at its end
   * @param open the cache of all builds; a file's address there ends in its digest, so that builds share what did not change
   */
  constructor(built: BuiltFiles, root: string, open: () => Promise<FileCache>, load: typeof fetch) {
    this.#built = built
    this.#root = root
    this.#open = open
    this.#fetch = load
  }

  /** The path of a file from the page's folder; null for what lies elsewhere. */
  pathOf(address: string): string | null {
    const plain = address.replace(/[?#].*$/s, '')
    if (!plain.startsWith(this.#root)) return null
    const path = plain.slice(this.#root.length)
    return path === '' ? 'index.html' : path
  }

  /** Answers a GET for a file of the page's folder. @throws TypeError when it is not kept, and there is no network */
  async answer(request: Request): Promise<Response> {
    const path = this.pathOf(request.url) ?? ''
    const isolated = (response: Response) => withHeaders(response, path, isEmbedded(request.url))
    // The page and nano have the same names in every build. Until all of this one is here, the host may have moved on.
    // What is coming just now need not come twice: a model's weights are asked for once for their header, once whole.
    const coming = this.#storing.get(path)
    await coming?.catch(() => undefined)
    const first = coming !== undefined || isHashed(path) || (await this.isWhole())
    const kept = first ? await this.#kept(path) : null
    if (kept) return isolated(kept)
    // Somebody else has begun to load it meanwhile.
    if (this.#storing.has(path)) return this.answer(request)
    const loading = this.#fetch(request)
    if (this.#built.digests[path] !== undefined) {
      this.#storeWhenDone(path, loading.then((response) => this.#check(path, response.clone()))).catch(() => undefined)
    }
    try {
      return isolated(await loading)
    } catch (error) {
      const copy = await this.#kept(path)
      if (copy) return isolated(copy)
      // What a model may have and nano has not: without a network, too, the answer is that it is not there.
      if (this.#built.digests[path] === undefined && (await this.isWhole())) {
        return isolated(new Response(null, { status: 404 }))
      }
      throw error
    }
  }

  /** Fetches what is to be there ahead and is not yet. @throws Error when a file does not come, or is another build's */
  async keep(): Promise<void> {
    const cache = await this.#open()
    for (const path of this.#built.ahead) {
      await this.#storing.get(path)?.catch(() => undefined)
      if (await cache.match(this.#key(path))) continue
      try {
        // The page has most of them, and with them the browser.
        await this.#load(path, isHashed(path) ? 'force-cache' : 'no-cache')
      } catch {
        await this.#load(path, 'reload')
      }
    }
  }

  /** All that is fetched ahead is here. */
  async isWhole(): Promise<boolean> {
    if (this.#whole) return true
    const here = new Set((await (await this.#open()).keys()).map(({ url }) => url))
    this.#whole = this.#built.ahead.every((path) => here.has(this.#key(path)))
    return this.#whole
  }

  /** Deletes the files of other builds. */
  async forgetOthers(): Promise<void> {
    const cache = await this.#open()
    const own = new Set(Object.keys(this.#built.digests).map((path) => this.#key(path)))
    await Promise.all((await cache.keys()).filter(({ url }) => !own.has(url)).map((request) => cache.delete(request)))
  }

  /** Resolves when all that was answered so far is stored, or could not be. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#storing.values())
  }

  #key(path: string): string {
    return `${this.#root}${path}?${this.#built.digests[path] ?? ''}`
  }

  async #kept(path: string): Promise<Response | null> {
    const cache = await this.#open()
    if (this.#built.digests[path] !== undefined) return (await cache.match(this.#key(path))) ?? null
    // A page of an earlier build that is still open asks for what only that build has.
    return isHashed(path) ? ((await cache.match(this.#root + path, { ignoreSearch: true })) ?? null) : null
  }

  #storeWhenDone(path: string, work: Promise<void>): Promise<void> {
    const storing = work.finally(() => { this.#storing.delete(path) })
    this.#storing.set(path, storing)
    return storing
  }

  async #load(path: string, cache: RequestCache): Promise<void> {
    await this.#storeWhenDone(path, this.#fetch(this.#root + path, { cache }).then((response) => this.#check(path, response)))
  }

  /** Keeps a response that is this build's. @throws Error when it is not */
  async #check(path: string, response: Response): Promise<void> {
    if (response.status !== 200) throw new Error(`${path} came with status ${response.status}.`)
    const bytes = await response.arrayBuffer()
    if ((await digestOf(bytes)) !== this.#built.digests[path]) throw new Error(`${path} is not the one of this build.`)
    // Not the response itself: its headers speak of how it came, and of a redirect that it may have come by.
    const type = response.headers.get('Content-Type')
    const headers = { 'Content-Length': String(bytes.byteLength), ...(type === null ? {} : { 'Content-Type': type }) }
    await (await this.#open()).put(this.#key(path), new Response(bytes, { headers }))
  }
}
