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

export interface ModelFiles {
  /** Where they lie, in words. */
  readonly place: string
  /** All names, where the place can be listed. */
  readonly names?: readonly string[]
  /** The file's bytes; null when there is none. */
  read(name: string, options?: ReadOptions): Promise<Uint8Array | null>
  /** So many bytes of the file from its beginning, fewer if it is shorter; null when there is none. */
  head(name: string, bytes: number, signal?: AbortSignal): Promise<Uint8Array | null>
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

/**
 * Files behind a URL, such as https://huggingface.co/OWNER/MODEL/resolve/main/.
 * @param own origin of the page, whose own files may come as the page does
 * @throws ModelFilesError for an address that nothing is fetched from; from read() and head() when the server cannot be
 *   reached or answers with an error other than 404
 */
export function filesAtUrl(base: string, own: string | null = ownOrigin()): ModelFiles {
  const problem = addressProblem(base, own)
  if (problem !== null) throw new ModelFilesError(`“${base.slice(0, 200)}” ${problem}.`)
  const at = new URL(base)
  const folder = `${at.origin}${at.pathname}${at.pathname.endsWith('/') ? '' : '/'}`
  const open = async (name: string, signal: AbortSignal | undefined): Promise<Response | null> => {
    const address = new URL(name, folder).href
    if (!address.startsWith(folder)) throw new ModelFilesError(`${name} does not lie in ${folder}.`)
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
    async read(name, options = {}) {
      const response = await open(name, options.signal)
      return response && bytesOf(response, options, name)
    },
    async head(name, bytes, signal) {
      const response = await open(name, signal)
      return response && bytesOf(response, {}, name, bytes)
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
  }
}
