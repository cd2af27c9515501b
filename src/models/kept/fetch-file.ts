// One file of a model from its host onto the disk: goes on at the byte where it stopped, whatever stopped it, and is
// whole only when its size and its hash are what they should be.
import { createSHA256 } from 'hash-wasm'
import { kindOfFile } from '../../core/file-kind.ts'
import { WebLlmError, type WebLlmProblem } from '../../core/policy/webllm.ts'
import type { Folder, OpenFile } from './folder.ts'
import { keepVersion, markWhole, removeFile, versionOf, wholeMark, type ManifestFile, type Mark } from './manifest.ts'

export interface FetchHost {
  fetch(url: string, init: RequestInit): Promise<Response>
  /** Resolves after so many ms, or at once when the signal aborts. */
  wait(ms: number, signal: AbortSignal | undefined): Promise<void>
}

/** Pieces that are read back to go on with a hash. */
const piece = 2 ** 20
/** What a lost tab can lose at most, bytes. */
const flushed = 16 * 2 ** 20
/** Times that a broken connection is taken up again without a byte having come. */
const tries = 5
/** A connection that says nothing for so long is given up, ms. */
const silence = 60_000

function fail(problem: WebLlmProblem, cause?: unknown): never {
  throw new WebLlmError(problem, { cause })
}

/** Writes all of it. @throws QuotaExceededError when the disk is full */
function writeAll(file: OpenFile, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length; ) {
    const written = file.write(bytes.subarray(done), { at: at + done })
    if (written <= 0) throw new DOMException('Nothing more could be written.', 'QuotaExceededError')
    done += written
  }
}

/** SHA-256 as it grows, in WebAssembly: WebCrypto takes only what is there as a whole. */
type Hash = Awaited<ReturnType<typeof createSHA256>>

function hashOfFirst(file: OpenFile, bytes: number, hash: Hash): void {
  hash.init()
  const buffer = new Uint8Array(Math.min(piece, bytes))
  for (let at = 0; at < bytes; ) {
    const read = file.read(buffer.subarray(0, Math.min(piece, bytes - at)), { at })
    if (read <= 0) throw new Error('A file could not be read back.')
    hash.update(buffer.subarray(0, read))
    at += read
  }
}

/** "bytes 100-199/1000": where the answer begins, and of how many. */
function rangeIn(response: Response): { from: number; total: number | null } | null {
  const [, from, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '') ?? []
  return from === undefined ? null : { from: Number(from), total: total === undefined || total === '*' ? null : Number(total) }
}

/** Bytes of the whole file, as an answer to a request for its rest says. */
function totalIn(response: Response, at: number): number | null {
  const range = rangeIn(response)
  if (range && range.total !== null) return range.total
  const length = Number(response.headers.get('content-length') ?? 0)
  // A compressed body is longer than its announced length.
  return length > 0 && response.headers.get('content-encoding') === null ? at + length : null
}

/** What tells a version of a file from another; null: the host does not let pages know. */
const versionIn = ({ headers }: Response): string | null => headers.get('etag') ?? headers.get('last-modified')

/** The SHA-1 that Git gives to a file of this content. */
async function gitHash(bytes: Uint8Array): Promise<string> {
  const head = new TextEncoder().encode(`blob ${bytes.length}\0`)
  const whole = new Uint8Array(head.length + bytes.length)
  whole.set(head)
  whole.set(bytes, head.length)
  return [...new Uint8Array(await crypto.subtle.digest('SHA-1', whole))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

export interface FetchOptions {
  signal: AbortSignal | undefined
  /** Bytes of this file that are on the disk. */
  onBytes: (bytes: number, total: number | null) => void
}

/**
 * Fetches what is missing of a file.
 * @returns the mark of the whole file; null when it is optional and its host has none
 * @throws WebLlmError with problem network, integrity or aborted; FileElsewhereError, QuotaExceededError
 */
export async function fetchFile(host: FetchHost, folder: Folder, address: string, wanted: ManifestFile, { signal, onBytes }: FetchOptions): Promise<Mark | null> {
  const { name, optional } = wanted
  const present = await wholeMark(folder, name)
  if (present && (wanted.sha256 === null || wanted.sha256 === present.sha256)) {
    onBytes(present.bytes, present.bytes)
    return present
  }
  const url = new URL(name, address).href
  const hash = await createSHA256()
  const file = await folder.open(name)
  let mark: Mark | null = null
  let missing = false
  try {
    let total = wanted.bytes
    // Halves of two versions would go together unnoticed where no hash tells.
    const hashed = wanted.sha256 !== null || wanted.git !== null
    let version = hashed ? null : await versionOf(folder, name)
    let at = file.getSize()
    const anew = () => {
      file.truncate(0)
      at = 0
      hash.init()
    }
    if (total !== null && at > total) anew()
    else hashOfFirst(file, at, hash)
    onBytes(at, total)
    let unflushed = 0
    for (let failures = 0; total === null || at < total; ) {
      if (signal?.aborted) fail({ kind: 'aborted' })
      const before = at
      const quiet = new AbortController()
      let timer = setTimeout(() => { quiet.abort() }, silence)
      try {
        const response = await host.fetch(url, {
          ...(at > 0 ? { headers: { range: `bytes=${at}-` } } : {}),
          signal: AbortSignal.any([quiet.signal, ...(signal ? [signal] : [])]),
          // A model is not kept a second time.
          cache: 'no-store',
        })
        if (response.status === 404 && optional) {
          missing = true
          break
        }
        // What is asked for lies behind the end: the file is whole already, or another one by now.
        if (response.status === 416 && at > 0) {
          await response.body?.cancel()
          if (total === null && /\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1] === String(at)) break
          anew()
          if (++failures > tries) fail({ kind: 'network', url, status: 416, detail: '' })
          continue
        }
        if (!response.ok || !response.body) {
          const { status, statusText } = response
          // Busy hosts say so; others will not answer differently the next time.
          if ((status === 429 || status >= 500) && ++failures <= tries) {
            await response.body?.cancel()
            await host.wait(1000 * 2 ** (failures - 1), signal)
            continue
          }
          fail({ kind: 'network', url, status, detail: statusText })
        }
        const restStands = response.status === 206 && (rangeIn(response)?.from ?? at) === at
        if (at > 0 && !(restStands && (hashed || (version !== null && version === versionIn(response))))) {
          if (response.status === 206) {
            await response.body.cancel()
            anew()
            continue
          }
          anew()
        }
        if (!hashed && at === 0) {
          version = versionIn(response)
          if (version !== null) await keepVersion(folder, name, version)
        }
        const said = totalIn(response, at)
        if (total !== null && said !== null && said !== total) fail({ kind: 'integrity', url, detail: `It has ${said} bytes; ${total} were expected.` })
        total ??= said
        const reader = response.body.getReader()
        for (;;) {
          const { done, value } = await reader.read()
          if (done) break
          clearTimeout(timer)
          timer = setTimeout(() => { quiet.abort() }, silence)
          if (total !== null && at + value.length > total) fail({ kind: 'integrity', url, detail: `More than the ${total} bytes came that were expected.` })
          writeAll(file, value, at)
          hash.update(value)
          at += value.length
          unflushed += value.length
          if (unflushed >= flushed) {
            file.flush()
            unflushed = 0
          }
          onBytes(at, total)
        }
        // Of a body of unknown length its end is all that is said.
        total ??= at
      } catch (error) {
        if (error instanceof WebLlmError || (error instanceof DOMException && error.name === 'QuotaExceededError')) throw error
        file.flush()
        if (signal?.aborted) fail({ kind: 'aborted' }, error)
        if (at > before) failures = 0
        if (++failures > tries) fail({ kind: 'network', url, status: null, detail: error instanceof Error ? error.message : String(error) }, error)
        await host.wait(1000 * 2 ** (failures - 1), signal)
      } finally {
        clearTimeout(timer)
      }
    }
    if (!missing) {
      file.flush()
      mark = await checked(file, at, wanted, url, hash.digest())
    }
  } catch (error) {
    // What cannot become the file is not gone on with.
    if (error instanceof WebLlmError && error.problem.kind === 'integrity') file.truncate(0)
    throw error
  } finally {
    file.close()
  }
  if (mark === null) await removeFile(folder, name)
  else await markWhole(folder, name, mark)
  return mark
}

/** @returns the mark; null for an optional file in whose place a page came. @throws WebLlmError integrity */
async function checked(file: OpenFile, bytes: number, { name, sha256, git, optional }: ManifestFile, url: string, found: string): Promise<Mark | null> {
  const head = new Uint8Array(Math.min(512, bytes))
  file.read(head, { at: 0 })
  const kind = kindOfFile(head)
  if (sha256 === null && (kind === 'html' || kind === 'lfs-pointer' || kind === 'empty')) {
    // Servers of single pages answer every address with their page.
    if (optional && kind === 'html') return null
    fail({ kind: 'integrity', url, detail: kind === 'html' ? 'It is a web page: the address is that of a page, or wants a login.' : kind === 'empty' ? 'It is empty.' : 'It is a pointer of Git LFS, not the file itself: the host has not got the file.' })
  }
  if (sha256 !== null && sha256 !== found) fail({ kind: 'integrity', url, detail: `Its SHA-256 is ${found}; ${sha256} was expected.` })
  if (sha256 === null && git !== null) {
    const content = new Uint8Array(bytes)
    file.read(content, { at: 0 })
    const is = await gitHash(content)
    if (is !== git) fail({ kind: 'integrity', url, detail: `${name} has the Git hash ${is}; ${git} was expected.` })
  }
  return { bytes, sha256: found }
}
