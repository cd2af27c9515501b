// The files of a model in Hugging Face form, wherever they lie: behind a URL, in a folder that somebody picked. (On
// disk, for the command line: cli/model-folder.ts.)
import { addressProblem } from '../../core/address.ts'

interface ReadOptions {
  /** Told how many bytes have come so far, and of how many if that is known. */
  onBytes?: (done: number, total: number | null) => void
  signal?: AbortSignal
  /** Bytes at most: more is refused while it comes. */
  limit?: number
}

/** A file that is read piece by piece. */
export interface ByteReader {
  /** Bytes from..to−1, fewer where the file ends before. In rising order every byte of it comes once. The bytes are the caller's, with a buffer of their own. */
  read(from: number, to: number): Promise<Uint8Array<ArrayBuffer>>
  close(): Promise<void>
}

interface OpenOptions {
  /** Told how far into the file what has come reaches. */
  onBytes?: (done: number) => void
  signal?: AbortSignal
}

export interface ModelFiles {
  /** Where they lie, in words. */
  readonly place: string
  /** All names, where the place can be listed. */
  readonly names?: readonly string[]
  /** The file's bytes; null when there is none. */
  read(name: string, options?: ReadOptions): Promise<Uint8Array | null>
  /** So many bytes of the file from its beginning, fewer if it is shorter; null when there is none. */
  head(name: string, bytes: number, signal?: AbortSignal): Promise<Uint8Array | null>
  /** The file to be read piece by piece, so that it is never in memory whole; null when there is none. */
  open(name: string, options?: OpenOptions): Promise<ByteReader | null>
}

export class ModelFilesError extends Error {
  override readonly name = 'ModelFilesError'
}

/** @throws ModelFilesError for a file that is larger than it may be */
export function checkSize(name: string, bytes: number, limit: number | undefined): void {
  if (limit === undefined || bytes <= limit) return
  throw new ModelFilesError(`${name} has more than ${Math.ceil(limit / 1024).toLocaleString('en')} kB: it is not what it is called, or it is damaged.`)
}

/** Reads a response piece by piece, up to `enough` bytes where that is said. */
async function bytesOf(response: Response, { onBytes, limit }: ReadOptions, name: string, enough = Infinity): Promise<Uint8Array> {
  const told = Number(response.headers.get('content-length'))
  // A compressed body is longer than its announced length.
  const total = told > 0 && response.headers.get('content-encoding') === null ? told : null
  if (!response.body) return new Uint8Array(await response.arrayBuffer()).subarray(0, enough)
  const parts: Uint8Array[] = []
  let done = 0
  const reader = response.body.getReader()
  try {
    while (done < enough) {
      const { done: ended, value } = await reader.read()
      if (ended) break
      parts.push(value)
      done += value.length
      checkSize(name, done, limit)
      onBytes?.(done, total)
    }
  } finally {
    // What is still to come is not wanted; after the end this does nothing.
    await reader.cancel().catch(() => undefined)
  }
  const bytes = new Uint8Array(done)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes.subarray(0, enough)
}

/** Reads a response forward; what lies behind is had by asking anew. */
class ResponseReader implements ByteReader {
  readonly #again: () => Promise<Response | null>
  readonly #onBytes: ((done: number) => void) | undefined
  #body: ReadableStreamDefaultReader<Uint8Array> | null = null
  /** A piece that has come and is not used up, and where it begins. */
  #piece = new Uint8Array(0)
  #at = 0

  constructor(response: Response, again: () => Promise<Response | null>, onBytes: ((done: number) => void) | undefined) {
    this.#again = again
    this.#onBytes = onBytes
    this.#begin(response)
  }

  #begin(response: Response): void {
    this.#body = (response.body ?? new Response('').body)?.getReader() ?? null
    this.#piece = new Uint8Array(0)
    this.#at = 0
  }

  async read(from: number, to: number): Promise<Uint8Array<ArrayBuffer>> {
    if (from < this.#at) {
      await this.close()
      const response = await this.#again()
      if (!response) return new Uint8Array(0)
      this.#begin(response)
    }
    const bytes = new Uint8Array(Math.max(0, to - from))
    let filled = 0
    while (filled < bytes.length) {
      if (this.#piece.length === 0) {
        const next = await this.#body?.read()
        if (!next || next.done) break
        this.#piece = new Uint8Array(next.value)
        this.#onBytes?.(this.#at + this.#piece.length)
      }
      // What lies before is passed over.
      const skipped = Math.min(this.#piece.length, Math.max(0, from - this.#at))
      const used = this.#piece.subarray(skipped, skipped + bytes.length - filled)
      bytes.set(used, filled)
      filled += used.length
      this.#at += skipped + used.length
      this.#piece = this.#piece.subarray(skipped + used.length)
    }
    return filled === bytes.length ? bytes : bytes.slice(0, filled)
  }

  async close(): Promise<void> {
    await this.#body?.cancel().catch(() => undefined)
    this.#body = null
  }
}

/** Reads slices of a file that the browser, or Node, has at hand. */
export function blobReader(blob: Blob, { onBytes, signal }: OpenOptions = {}): ByteReader {
  return {
    async read(from, to) {
      signal?.throwIfAborted()
      const bytes = new Uint8Array(await blob.slice(from, to).arrayBuffer())
      onBytes?.(from + bytes.length)
      return bytes
    },
    close: () => Promise.resolve(),
  }
}

/**
 * Files behind a URL, such as https://huggingface.co/OWNER/MODEL/resolve/main/.
 * @param own origin of the page, whose own files may come as the page does
 * @param names all files that lie there, where that is known: no other is asked for
 * @throws ModelFilesError for an address that nothing is fetched from; from read() and head() when the server cannot be
 *   reached or answers with an error other than 404
 */
export function filesAtUrl(base: string, { own = ownOrigin(), names }: { own?: string | null; names?: readonly string[] | undefined } = {}): ModelFiles {
  const problem = addressProblem(base, own)
  if (problem !== null) throw new ModelFilesError(`“${base.slice(0, 200)}” ${problem}.`)
  const at = new URL(base)
  // A model in one file has an address of its own.
  const single = /[^/]+\.gguf$/i.exec(at.pathname)?.[0]
  const path = single === undefined ? at.pathname : at.pathname.slice(0, -single.length)
  const folder = `${at.origin}${path}${path.endsWith('/') ? '' : '/'}`
  const known = single === undefined ? names : [decodeURIComponent(single)]
  const open = async (name: string, signal: AbortSignal | undefined): Promise<Response | null> => {
    const address = new URL(name, folder).href
    if (!address.startsWith(folder)) throw new ModelFilesError(`${name} does not lie in ${folder}.`)
    if (known?.includes(name) === false) return null
    let response: Response
    try {
      response = await fetch(address, { signal: signal ?? null })
    } catch (error) {
      if (signal?.aborted) throw error
      throw new ModelFilesError(`${address} cannot be reached. Check the address and the network, and whether that server lets other pages read its files (CORS).`, { cause: error })
    }
    // Where a redirection has led to; responses that were made by hand have no address.
    if (response.url !== '' && addressProblem(response.url, own) !== null) throw new ModelFilesError(`${address} leads to ${response.url.slice(0, 200)}, which is not https.`)
    if (response.status === 404) return null
    if (response.status === 401 || response.status === 403) throw new ModelFilesError(`${address} is not public (the server answers ${response.status}). Download the model with your account, and choose its folder here.`)
    if (!response.ok) throw new ModelFilesError(`${address} answers ${response.status} ${response.statusText}.`)
    return response
  }
  return {
    place: folder,
    ...(known === undefined ? {} : { names: known }),
    async read(name, options = {}) {
      const response = await open(name, options.signal)
      return response && bytesOf(response, options, name)
    },
    async head(name, bytes, signal) {
      const response = await open(name, signal)
      return response && bytesOf(response, {}, name, bytes)
    },
    async open(name, { signal, onBytes } = {}) {
      const response = await open(name, signal)
      return response && new ResponseReader(response, () => open(name, signal), onBytes)
    },
  }
}

function ownOrigin(): string | null {
  return typeof location === 'undefined' ? null : location.origin
}

/** Files of a folder that somebody picked; names count from the folder's own top. */
export function filesOfFolder(files: readonly File[]): ModelFiles {
  const folder = files[0]?.webkitRelativePath.split('/')[0] ?? ''
  const nameOf = (file: File) => (file.webkitRelativePath === '' ? file.name : file.webkitRelativePath.slice(folder.length + 1))
  const byName = new Map(files.map((file) => [nameOf(file), file]))
  return {
    place: folder === '' ? 'the chosen files' : `the folder ${folder}`,
    names: [...byName.keys()],
    async read(name, { onBytes, limit } = {}) {
      const file = byName.get(name)
      if (!file) return null
      checkSize(name, file.size, limit)
      const bytes = new Uint8Array(await file.arrayBuffer())
      onBytes?.(bytes.length, bytes.length)
      return bytes
    },
    async head(name, bytes) {
      const file = byName.get(name)
      return file ? new Uint8Array(await file.slice(0, bytes).arrayBuffer()) : null
    },
    open: (name, options) => {
      const file = byName.get(name)
      return Promise.resolve(file ? blobReader(file, options) : null)
    },
  }
}
