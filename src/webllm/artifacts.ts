// A model's files in the browser's cache, in the places where WebLLM looks for them: fetching piece by piece, what is
// there, deleting. A file is there whole or not at all, so a download goes on with the first one that is missing.
import { z } from 'zod'
import { mustFit } from '../core/fit.ts'
import { kindOfFile } from '../core/file-kind.ts'
import { WebLlmError, type WebLlmModel } from '../core/policy/webllm.ts'
import { messageOf } from '../core/error-message.ts'

/** WebLLM's caches. */
type Scope = 'webllm/config' | 'webllm/model' | 'webllm/wasm'

export interface ArtifactProgress {
  bytes: number
  total: number | null
  files: number
  ofFiles: number | null
}

export interface HeldModel extends Omit<ArtifactProgress, 'total'> {
  id: string
  complete: boolean
}

/** What of a browser's cache is used. */
interface FileCache {
  match(url: string): Promise<Response | undefined>
  put(url: string, response: Response): Promise<void>
  keys(): Promise<readonly { url: string }[]>
  delete(url: string): Promise<boolean>
}

/** What of the browser is used; tests give their own. */
export interface ArtifactHost {
  caches: { open(name: string): Promise<FileCache> }
  fetch(url: string, init: { signal?: AbortSignal }): Promise<Response>
  /** Bytes that may still be stored; null where the browser does not tell. */
  room(): Promise<number | null>
}

const config = 'mlc-chat-config.json'
const tokenizer = 'tokenizer.json'
/** The weights' manifest, as the present version calls it. */
const manifest = 'tensor-cache.json'
/** And as older versions called it. */
const olderManifest = 'ndarray-cache.json'
/** Files that are read into memory as text, bytes. */
const textLimit = 32 * 2 ** 20
/** Shards that are fetched at once. */
const sideBySide = 3

const manifestSchema = z.object({
  records: z
    .array(z.object({ dataPath: z.string().regex(/^\w[\w.-]*(\/\w[\w.-]*)*$/), nbytes: z.number().int().positive(), records: z.array(z.object({ shape: z.array(z.number().int().nonnegative()) })).max(100_000) }))
    .min(1)
    .max(10_000),
})
export type Manifest = z.infer<typeof manifestSchema>

/** The folder as WebLLM makes it of an address: Hugging Face's main branch unless another is named. */
export function folderOf(url: string): string {
  const folder = url.endsWith('/') ? url : `${url}/`
  return new URL(/.+\/resolve\/.+\//.test(folder) ? folder : `${folder}resolve/main/`).href
}

const nameOf = (error: unknown) => (error instanceof Error || error instanceof DOMException ? error.name : '')

const isMissing = (error: unknown) => error instanceof WebLlmError && error.problem.kind === 'network' && error.problem.status === 404

/** What came in the place of a model's file, in words; null: nothing that is known for something else. */
function mistakenFile(head: Uint8Array): string | null {
  switch (kindOfFile(head)) {
    case 'html':
      return 'It is a web page: the address is that of a page, or wants a login.'
    case 'lfs-pointer':
      return 'It is a pointer of Git LFS, not the file itself: the host has not got the file.'
    case 'gguf':
      return 'It is a GGUF file, as llama.cpp takes them, which WebLLM does not.'
    case 'empty':
      return 'It is empty.'
    default:
      return null
  }
}

/** How many weights a manifest lists; of unquantised models that is how many parameters they have. */
export function weightsIn({ records }: Manifest): number {
  return records.reduce((sum, shard) => sum + shard.records.reduce((all, { shape }) => all + shape.reduce((product, size) => product * size, 1), 0), 0)
}

export class Artifacts {
  readonly #host: ArtifactHost
  constructor(host: ArtifactHost) {
    this.#host = host
  }

  async #match(scope: Scope, url: string): Promise<Response | undefined> {
    return (await this.#host.caches.open(scope)).match(url)
  }

  /**
   * One file into the cache, if it is not there. @param expected its size; another one is refused
   * @throws WebLlmError with problem network, quota, integrity or aborted
   */
  async #fetch(scope: Scope, url: string, expected: number | null, signal: AbortSignal | undefined, onBytes: (bytes: number) => void): Promise<void> {
    const cache = await this.#host.caches.open(scope)
    if (await cache.match(url)) return
    let bytes = 0
    try {
      const response = await this.#host.fetch(url, signal ? { signal } : {})
      if (!response.ok || !response.body) throw new WebLlmError({ kind: 'network', url, status: response.status, detail: response.statusText })
      const counted = response.body.pipeThrough(
        new TransformStream<Uint8Array, Uint8Array>({
          transform(chunk, controller) {
            bytes += chunk.byteLength
            onBytes(chunk.byteLength)
            controller.enqueue(chunk)
          },
        }),
      )
      const body = await new Response(counted).blob()
      const mistaken = mistakenFile(new Uint8Array(await body.slice(0, 512).arrayBuffer()))
      if (mistaken !== null) throw new WebLlmError({ kind: 'integrity', url, detail: mistaken })
      if (expected !== null && body.size !== expected) throw new WebLlmError({ kind: 'integrity', url, detail: `It has ${body.size} bytes, and its manifest says ${expected}.` })
      const type = response.headers.get('content-type')
      await cache.put(url, new Response(body, { headers: { 'content-length': String(body.size), ...(type ? { 'content-type': type } : {}) } }))
    } catch (error) {
      onBytes(-bytes)
      throw error instanceof WebLlmError ? error : await this.#problem(error, url, signal)
    }
  }

  async #problem(error: unknown, url: string, signal: AbortSignal | undefined): Promise<WebLlmError> {
    if (signal?.aborted) return new WebLlmError({ kind: 'aborted' }, { cause: error })
    if (nameOf(error) === 'QuotaExceededError') return new WebLlmError({ kind: 'quota', available: await this.#host.room().catch(() => null), detail: messageOf(error) }, { cause: error })
    return new WebLlmError({ kind: 'network', url, status: null, detail: messageOf(error) }, { cause: error })
  }

  async #text(scope: Scope, url: string, signal?: AbortSignal): Promise<string> {
    await this.#fetch(scope, url, null, signal, () => undefined)
    const response = await this.#match(scope, url)
    const blob = await response?.blob()
    if (!blob || blob.size > textLimit) throw new WebLlmError({ kind: 'integrity', url, detail: blob ? `It has ${blob.size} bytes.` : 'It is gone from the cache.' })
    return blob.text()
  }

  /** mlc-chat-config.json, fetched when it is not here. */
  async chatConfig({ id, url }: WebLlmModel, signal?: AbortSignal): Promise<string> {
    const folder = folderOf(url)
    try {
      return await this.#text('webllm/config', `${folder}${config}`, signal)
    } catch (error) {
      if (!isMissing(error)) throw error
      const detail = (await this.#has(`${folder}config.json`, signal))
        ? `${folder} has a model in Hugging Face form, which is not compiled for WebLLM. Take the same model from a folder that ends in -MLC; or, if it is small, load this one in the sentence of Watch as “your own model”.`
        : `There is no ${config} in ${folder}.`
      throw new WebLlmError({ kind: 'unknown-model', model: id, detail }, { cause: error })
    }
  }

  /** A configuration that cannot be read must not be kept: the next attempt would find it again. */
  async forgetConfig({ url }: WebLlmModel): Promise<void> {
    await (await this.#host.caches.open('webllm/config')).delete(`${folderOf(url)}${config}`)
  }

  /** Whether the host has a file; nothing of it is kept. */
  async #has(url: string, signal?: AbortSignal): Promise<boolean> {
    try {
      const response = await this.#host.fetch(url, signal ? { signal } : {})
      await response.body?.cancel()
      return response.ok
    } catch {
      return false
    }
  }

  /** tokenizer.json, fetched when it is not here. */
  tokenizer({ url }: WebLlmModel, signal?: AbortSignal): Promise<string> {
    return this.#text('webllm/model', `${folderOf(url)}${tokenizer}`, signal)
  }

  /** The list of shards, fetched when it is not here. */
  async manifest({ id, url }: WebLlmModel, signal?: AbortSignal): Promise<Manifest> {
    const at = `${folderOf(url)}${manifest}`
    try {
      return mustFit(manifestSchema, JSON.parse(await this.#text('webllm/model', at, signal)))
    } catch (error) {
      if (isMissing(error) && (await this.#has(`${folderOf(url)}${olderManifest}`, signal))) {
        throw new WebLlmError({ kind: 'unknown-model', model: id, detail: `The folder has ${olderManifest}, as older versions of WebLLM wanted it, and no ${manifest}. Take a newer form of the model.` }, { cause: error })
      }
      if (error instanceof WebLlmError) throw error
      // What cannot be read must not be kept: the next attempt would find it again.
      await (await this.#host.caches.open('webllm/model')).delete(at)
      throw new WebLlmError({ kind: 'integrity', url: at, detail: 'It is not the list of files that it should be.' }, { cause: error })
    }
  }

  /** Fetches what is missing. @throws WebLlmError; what has come stays */
  async download(model: WebLlmModel, signal: AbortSignal, onProgress: (progress: ArtifactProgress) => void): Promise<HeldModel> {
    const progress: ArtifactProgress = { bytes: 0, total: null, files: 0, ofFiles: null }
    await this.chatConfig(model, signal)
    await this.tokenizer(model, signal)
    const { records } = await this.manifest(model, signal)
    progress.total = records.reduce((sum, { nbytes }) => sum + nbytes, 0)
    progress.ofFiles = records.length
    const here = await this.#urls('webllm/model')
    const folder = folderOf(model.url)
    const missing = records.filter(({ dataPath, nbytes }) => {
      if (!here.has(folder + dataPath)) return true
      progress.bytes += nbytes
      progress.files++
      return false
    })
    onProgress({ ...progress })
    await this.#fetch('webllm/wasm', model.library, null, signal, () => undefined)
    const failed = new AbortController()
    const both = AbortSignal.any([signal, failed.signal])
    const queue = missing.values()
    const work = async () => {
      for (const { dataPath, nbytes } of queue) {
        await this.#fetch('webllm/model', folder + dataPath, nbytes, both, (bytes) => {
          progress.bytes += bytes
          onProgress({ ...progress })
        })
        progress.files++
        onProgress({ ...progress })
      }
    }
    const workers = Array.from({ length: sideBySide }, () => work())
    try {
      await Promise.all(workers)
    } catch (error) {
      failed.abort()
      await Promise.allSettled(workers)
      throw error
    }
    const [held] = await this.held([model])
    if (!held) throw new WebLlmError({ kind: 'other', detail: 'The browser has not kept what was fetched.' })
    return held
  }

  async #urls(scope: Scope): Promise<Set<string>> {
    return new Set((await (await this.#host.caches.open(scope)).keys()).map(({ url }) => url))
  }

  /** Of which of these models something is here. Reads nothing from the network. */
  async held(models: readonly WebLlmModel[]): Promise<HeldModel[]> {
    const [configs, weights, libraries] = [await this.#urls('webllm/config'), await this.#urls('webllm/model'), await this.#urls('webllm/wasm')]
    const found: HeldModel[] = []
    for (const model of models) {
      const folder = folderOf(model.url)
      const here = [...weights].filter((url) => url.startsWith(folder))
      if (here.length === 0) continue
      const shards = weights.has(folder + manifest) ? (await this.manifest(model).catch(() => null))?.records : undefined
      const present = shards?.filter(({ dataPath }) => weights.has(folder + dataPath))
      found.push({
        id: model.id,
        bytes: present?.reduce((sum, { nbytes }) => sum + nbytes, 0) ?? 0,
        files: present?.length ?? 0,
        ofFiles: shards?.length ?? null,
        complete: shards !== undefined && present?.length === shards.length && configs.has(folder + config) && weights.has(folder + tokenizer) && libraries.has(model.library),
      })
    }
    return found
  }

  /** Deletes a model's files; a library that other models share goes with them, and comes again when it is needed. */
  async remove({ url, library }: WebLlmModel): Promise<void> {
    const folder = folderOf(url)
    for (const scope of ['webllm/config', 'webllm/model'] as const) {
      const cache = await this.#host.caches.open(scope)
      for (const { url: at } of await cache.keys()) if (at.startsWith(folder)) await cache.delete(at)
    }
    await (await this.#host.caches.open('webllm/wasm')).delete(library)
  }
}
