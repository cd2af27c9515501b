// Zip files written and read piece by piece, so that a run of any length fits. Pure but for the Blob.
import { Unzip, UnzipInflate, Zip, ZipDeflate } from 'fflate'

export interface ZipWriter {
  /** Begins the next file; the one before is closed. */
  file(name: string): void
  write(text: string): void
  /** Closes the archive. */
  end(): Blob
}

/** Between speed and size: texts of this kind shrink to a tenth at any level. */
const level = 4

export function zipWriter(): ZipWriter {
  const encoder = new TextEncoder()
  const parts: Uint8Array<ArrayBuffer>[] = []
  const failed: Error[] = []
  const zip = new Zip((error, data) => {
    if (error) failed.push(error)
    else parts.push(data)
  })
  let open: ZipDeflate | null = null
  const close = () => { open?.push(new Uint8Array(), true) }
  return {
    file(name) {
      close()
      open = new ZipDeflate(name, { level })
      zip.add(open)
    },
    write(text) {
      if (text !== '') open?.push(encoder.encode(text))
    },
    end() {
      close()
      zip.end()
      const [error] = failed
      if (error) throw error
      return new Blob(parts, { type: 'application/zip' })
    },
  }
}

export interface ZipLine {
  /** Name of the file in the archive. */
  name: string
  /** From 1. */
  number: number
  line: string
}

export interface ZipLimits {
  /** Bytes of the archive, and of all that is in it, at most. */
  packed: number
  unpacked: number
}

export class ZipError extends Error {
  override readonly name = 'ZipError'
}

/** How a zip file begins. */
export const looksLikeZip = (head: Uint8Array): boolean => head[0] === 0x50 && head[1] === 0x4b

/** The end of the central directory, which a comment of up to 64 kB may follow, and a file's entry in it. */
const marks = { end: 0x06054b50, entry: 0x02014b50 } as const

/** Names of the files in an archive, from its directory; the files are not read. @throws ZipError when there is none */
export async function zipNames(archive: Blob): Promise<string[]> {
  const from = Math.max(0, archive.size - 22 - 0xffff)
  const tail = new DataView(await archive.slice(from).arrayBuffer())
  let end = tail.byteLength - 22
  while (end >= 0 && tail.getUint32(end, true) !== marks.end) end--
  if (end < 0) throw new ZipError('The zip file is damaged, or not a zip file.')
  const [size, offset] = [tail.getUint32(end + 12, true), tail.getUint32(end + 16, true)]
  const directory = await archive.slice(offset, offset + size).arrayBuffer()
  const view = new DataView(directory)
  const names: string[] = []
  for (let at = 0; at + 46 <= view.byteLength && view.getUint32(at, true) === marks.entry; ) {
    const length = view.getUint16(at + 28, true)
    names.push(new TextDecoder().decode(directory.slice(at + 46, at + 46 + length)))
    at += 46 + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return names
}

/**
 * The lines of the named files, in the order of the archive. @throws ZipError when it is too large or not a zip
 * @param wanted names of the files that are read; others are passed over
 */
export async function* zipLines(archive: Blob, wanted: readonly string[], limits: ZipLimits): AsyncGenerator<ZipLine> {
  if (archive.size > limits.packed) throw new ZipError(`The file has ${Math.ceil(archive.size / 2 ** 20)} MB; ${Math.floor(limits.packed / 2 ** 20)} MB is the limit.`)
  if (!looksLikeZip(new Uint8Array(await archive.slice(0, 2).arrayBuffer()))) throw new ZipError('The file is not a zip file.')
  let lines: ZipLine[] = []
  let unpacked = 0
  // Thrown once it is out of fflate, which takes what is thrown in here for damage.
  const problems: ZipError[] = []
  const unzip = new Unzip((file) => {
    if (!wanted.includes(file.name)) return
    const decoder = new TextDecoder()
    let rest = ''
    let number = 0
    file.ondata = (error, data, final) => {
      if (problems.length > 0) return
      if (error) {
        problems.push(new ZipError(`${file.name} in the zip file is damaged.`))
        return
      }
      unpacked += data.length
      if (unpacked > limits.unpacked) {
        problems.push(new ZipError(`The zip file unpacks to more than ${Math.floor(limits.unpacked / 2 ** 20)} MB.`))
        return
      }
      const pieces = (rest + decoder.decode(data, { stream: !final })).split('\n')
      rest = final ? '' : (pieces.pop() ?? '')
      for (const line of pieces) {
        number++
        if (line.trim() !== '') lines.push({ name: file.name, number, line })
      }
    }
    file.start()
  })
  unzip.register(UnzipInflate)
  const reader = archive.stream().getReader()
  for (;;) {
    const { done, value } = await reader.read()
    try {
      unzip.push(value ?? new Uint8Array(), done)
    } catch {
      throw new ZipError('The zip file is damaged.')
    }
    const [problem] = problems
    if (problem) throw problem
    const read = lines
    lines = []
    yield* read
    if (done) return
  }
}
