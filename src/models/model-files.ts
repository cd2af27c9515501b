// The files of a model in Hugging Face form, wherever they lie: behind a URL, in a folder that somebody picked. (On
// disk, for the command line: cli/model-folder.ts.)

export interface ModelFiles {
  /** Where they lie, in words. */
  readonly place: string
  /** The file's bytes; null when there is none. `onBytes` is told how many have come so far, and of how many if that is known. */
  read(name: string, options?: { onBytes?: (done: number, total: number | null) => void; signal?: AbortSignal }): Promise<Uint8Array | null>
}

export class ModelFilesError extends Error {
  override readonly name = 'ModelFilesError'
}

/** Reads a response piece by piece. */
async function bytesOf(response: Response, onBytes: ((done: number, total: number | null) => void) | undefined): Promise<Uint8Array> {
  const told = Number(response.headers.get('content-length'))
  // A compressed body is longer than its announced length.
  const total = told > 0 && response.headers.get('content-encoding') === null ? told : null
  if (!response.body) return new Uint8Array(await response.arrayBuffer())
  const parts: Uint8Array[] = []
  let done = 0
  const reader = response.body.getReader()
  for (;;) {
    const { done: ended, value } = await reader.read()
    if (ended) break
    parts.push(value)
    done += value.length
    onBytes?.(done, total)
  }
  const bytes = new Uint8Array(done)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/**
 * Files behind a URL, such as https://huggingface.co/OWNER/MODEL/resolve/main/.
 * @throws ModelFilesError from read() when the server cannot be reached or answers with an error other than 404
 */
export function filesAtUrl(base: string): ModelFiles {
  const folder = base.endsWith('/') ? base : `${base}/`
  return {
    place: folder,
    async read(name, { onBytes, signal } = {}) {
      const address = new URL(name, folder).href
      let response: Response
      try {
        response = await fetch(address, { signal: signal ?? null })
      } catch (error) {
        if (signal?.aborted) throw error
        throw new ModelFilesError(`${address} cannot be reached. Check the address and the network, and whether that server lets other pages read its files (CORS).`, { cause: error })
      }
      if (response.status === 404) return null
      if (!response.ok) throw new ModelFilesError(`${address} answers ${response.status} ${response.statusText}.`)
      // Servers of single pages answer every address with their page.
      if (response.headers.get('content-type')?.startsWith('text/html')) return null
      return bytesOf(response, onBytes)
    },
  }
}

/** Files of a folder that somebody picked; names count from the folder's own top. */
export function filesOfFolder(files: readonly File[]): ModelFiles {
  const folder = files[0]?.webkitRelativePath.split('/')[0] ?? ''
  const nameOf = (file: File) => (file.webkitRelativePath === '' ? file.name : file.webkitRelativePath.slice(folder.length + 1))
  const byName = new Map(files.map((file) => [nameOf(file), file]))
  return {
    place: folder === '' ? 'the chosen files' : `the folder ${folder}`,
    async read(name, { onBytes } = {}) {
      const file = byName.get(name)
      if (!file) return null
      const bytes = new Uint8Array(await file.arrayBuffer())
      onBytes?.(bytes.length, bytes.length)
      return bytes
    },
  }
}
