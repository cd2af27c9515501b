// The models whose weights are kept in this browser: what is here, fetching what is missing, deleting, reading. What a
// file is marked whole for was checked; without the mark it is never read as a model's.
import { addressProblem } from '../../core/address.ts'
import { entryOf } from '../../core/policy/catalogue/catalogue.ts'
import { addressIn, isGguf, keyOf, type WeightsSource } from '../../core/policy/catalogue/weights-source.ts'
import { WebLlmError, type Outcome } from '../../core/policy/webllm.ts'
import { ModelLoadError } from '../files/load-errors.ts'
import { fetchFile, type FetchHost } from './fetch-file.ts'
import type { Folder } from './folder.ts'
import { json, listFiles } from './hub.ts'
import { readManifest, removeFile, wholeMark, writeManifest, type Manifest, type ManifestFile } from './manifest.ts'
import { problemOf } from './problem.ts'

export interface KeptHost extends FetchHost {
  /** @throws NoFilesError */
  root(): Promise<Folder>
  /** Bytes that may still be stored; null where the browser does not tell. */
  room(): Promise<number | null>
  /** Origin of the page. */
  own: string | null
}

/** How far a model is that comes. */
export interface WeightsProgress {
  /** Bytes that are here, those of an earlier attempt included. */
  bytes: number
  /** Of the whole; null until every file's size is known. */
  total: number | null
  files: number
  ofFiles: number | null
}

/** What of a model is here. */
export interface KeptWeights extends WeightsProgress {
  key: string
  name: string
  /** The folder that it comes from, as it was asked for. */
  from: string
  /** All is here, and was checked. */
  complete: boolean
}

const manifestFiles = (source: Extract<WeightsSource, { kind: 'entry' }>): ManifestFile[] =>
  (entryOf(source.id)?.files ?? []).map(({ name, bytes, sha256 }) => ({ name, bytes, sha256, git: null, optional: false }))

const sum = (sizes: readonly number[]) => sizes.reduce((all, each) => all + each, 0)

export class KeptModels {
  readonly #host: KeptHost
  /** Downloads under way. */
  readonly #running = new Map<string, AbortController>()
  constructor(host: KeptHost) {
    this.#host = host
  }

  async #folder(key: string): Promise<Folder> {
    // Keys are names of folders.
    if (!/^\w[\w.-]{0,120}$/.test(key)) throw new Error(`“${key.slice(0, 100)}” is no key of kept weights.`)
    return (await this.#host.root()).folder(key)
  }

  /** Every model of which something is here. @throws NoFilesError */
  async kept(): Promise<KeptWeights[]> {
    const root = await this.#host.root()
    const found: KeptWeights[] = []
    for (const key of await root.folders()) {
      const folder = await root.folder(key)
      const manifest = await readManifest(folder)
      if (manifest) found.push(await this.#state(key, folder, manifest))
    }
    return found
  }

  async #state(key: string, folder: Folder, { name, from, files }: Manifest): Promise<KeptWeights> {
    const states = await Promise.all(files.map(async (each) => {
      const mark = await wholeMark(folder, each.name)
      return { bytes: mark?.bytes ?? (await folder.file(each.name))?.size ?? 0, whole: mark !== null, size: mark?.bytes ?? each.bytes, optional: each.optional }
    }))
    const needed = states.filter(({ optional, whole }) => whole || !optional)
    const total = needed.every(({ size }) => size !== null) ? sum(needed.map(({ size }) => size ?? 0)) : null
    const whole = needed.filter((each) => each.whole).length
    return { key, name, from, bytes: sum(states.map(({ bytes }) => bytes)), total, files: whole, ofFiles: needed.length, complete: whole === needed.length }
  }

  /** What a model at an address is, before anything large of it is fetched. */
  async look(source: WeightsSource): Promise<Outcome<{ config: unknown; bytes: number | null }>> {
    try {
      const from = this.#from(source)
      const { address, files } = await this.#listing(source, from, undefined)
      const needed = files.filter(({ optional }) => !optional)
      const bytes = needed.every((each) => each.bytes !== null) ? sum(needed.map((each) => each.bytes ?? 0)) : null
      // What a GGUF file is stands in the file itself.
      if (isGguf(from)) return { ok: true, value: { config: null, bytes } }
      const url = new URL('config.json', address).href
      const config = await json(this.#host, url, undefined, 2 ** 20)
      if (config === null) throw new WebLlmError({ kind: 'unknown-model', model: from, detail: `${url} is no JSON, or not there: the address is to be the folder of the model’s files, for Hugging Face https://huggingface.co/OWNER/MODEL/resolve/main/.` })
      return { ok: true, value: { config, bytes } }
    } catch (error) {
      return { ok: false, problem: await problemOf(error, () => this.#host.room()) }
    }
  }

  /** The folder that is asked for. @throws WebLlmError unknown-model */
  #from(source: WeightsSource): string {
    const from = addressIn(source)
    if (from === null) throw new WebLlmError({ kind: 'unknown-model', model: keyOf(source), detail: 'The catalogue has no such model.' })
    const fault = addressProblem(from, this.#host.own)
    if (fault !== null) throw new WebLlmError({ kind: 'unknown-model', model: from, detail: `The address ${fault}.` })
    return from
  }

  /**
   * Fetches what is missing. Ends with `aborted` after cancel(); what has come stays, and the next call goes on at the byte.
   * One at a time of each model.
   */
  async download(source: WeightsSource, onProgress: (progress: WeightsProgress) => void): Promise<Outcome<KeptWeights>> {
    const key = keyOf(source)
    if (this.#running.has(key)) return { ok: false, problem: { kind: 'elsewhere' } }
    const control = new AbortController()
    this.#running.set(key, control)
    try {
      return { ok: true, value: await this.#download(key, source, onProgress, control.signal) }
    } catch (error) {
      return { ok: false, problem: await problemOf(error, () => this.#host.room(), control.signal) }
    } finally {
      this.#running.delete(key)
    }
  }

  async #download(key: string, source: WeightsSource, onProgress: (progress: WeightsProgress) => void, signal: AbortSignal): Promise<KeptWeights> {
    const from = this.#from(source)
    const folder = await this.#folder(key)
    const before = await readManifest(folder)
    // What a branch meant when the download began goes for all of it.
    const manifest: Manifest = before?.from === from ? before : { version: 1, from, ...(await this.#listing(source, from, signal)) }
    if (before && before.from !== from) for (const each of before.files) await removeFile(folder, each.name)
    await writeManifest(folder, manifest)

    const { files, address } = manifest
    const here = new Map<string, { bytes: number; total: number | null; whole: boolean }>()
    for (const each of files) {
      const mark = await wholeMark(folder, each.name)
      here.set(each.name, { bytes: mark?.bytes ?? (await folder.file(each.name))?.size ?? 0, total: mark?.bytes ?? each.bytes, whole: mark !== null })
    }
    const progress = (): WeightsProgress => {
      const all = [...here.values()]
      // Small files of unknown size hold nothing up: what is known of the rest is nearly all.
      const known = all.some(({ total }) => total !== null && total > 2 ** 20) || all.every(({ total }) => total !== null)
      return {
        bytes: sum(all.map(({ bytes }) => bytes)),
        total: known ? sum(all.map(({ total, bytes }) => total ?? bytes)) : null,
        files: all.filter(({ whole }) => whole).length,
        ofFiles: all.length,
      }
    }
    onProgress(progress())
    await this.#checkRoom(progress())
    for (const each of files) {
      const mark = await fetchFile(this.#host, folder, address, each, {
        signal,
        onBytes: (bytes, total) => {
          here.set(each.name, { bytes, total, whole: false })
          onProgress(progress())
        },
      })
      if (mark) here.set(each.name, { bytes: mark.bytes, total: mark.bytes, whole: true })
      else here.delete(each.name)
      onProgress(progress())
    }
    return this.#state(key, folder, manifest)
  }

  async #listing(source: WeightsSource, from: string, signal: AbortSignal | undefined): Promise<Pick<Manifest, 'name' | 'address' | 'files'>> {
    if (source.kind === 'address') return { name: source.name, ...(await listFiles(this.#host, from, signal)) }
    return { name: entryOf(source.id)?.name ?? source.id, address: from, files: manifestFiles(source) }
  }

  /** @throws WebLlmError quota, before anything large is fetched */
  async #checkRoom({ bytes, total }: WeightsProgress): Promise<void> {
    const room = await this.#host.room()
    if (room === null || total === null || total - bytes <= room) return
    throw new WebLlmError({ kind: 'quota', available: room, detail: `${total - bytes} bytes are still to come.` })
  }

  /** Ends a download; what has come stays. */
  cancelDownload(key: string): Promise<void> {
    this.#running.get(key)?.abort()
    return Promise.resolve()
  }

  /** Deletes what is here of a model. */
  async remove(key: string): Promise<void> {
    await this.#folder(key)
    await (await this.#host.root()).remove(key)
  }
}

/**
 * The files of a model that is whole.
 * @throws ModelLoadError when something of it is missing
 */
export async function wholeFiles(root: Folder, key: string): Promise<File[]> {
  const folder = (await root.folders()).includes(key) ? await root.folder(key) : null
  const manifest = folder && (await readManifest(folder))
  if (!manifest || !folder) throw new ModelLoadError('The weights of this model are not in this browser. Download them under Models.')
  const found: File[] = []
  for (const { name, optional } of manifest.files) {
    const file = (await wholeMark(folder, name)) && (await folder.file(name))
    if (file) found.push(file)
    else if (!optional) throw new ModelLoadError(`${name} of ${manifest.name} has not come whole yet. Go on with its download under Models.`)
  }
  return found
}
