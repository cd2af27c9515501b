// What is in a zip file, and the bytes of one file of it, held to limits before and while it is unpacked. Knows nothing of
// what the files are for.
import { inflated, PackedFileError, plain, type Bytes } from './inflate.ts'

export class ZipError extends Error {
  override readonly name = 'ZipError'
}

export interface ZipEntry {
  /** With the folders that it is in. */
  path: string
  /** What it says to unpack to, bytes. */
  size: number
  packed: number
  method: number
  encrypted: boolean
  crc: number
  /** Where its header begins. */
  at: number
}

/** Entries and bytes of a directory at most. */
const limits = { entries: 10_000, directory: 4 * 2 ** 20 }

/** How a zip file begins. */
export const looksLikeZip = (head: Uint8Array): boolean => head[0] === 0x50 && head[1] === 0x4b

/** The end of the central directory, which a comment of up to 64 kB may follow, a file's entry in it, and its own header. */
const marks = { end: 0x06054b50, entry: 0x02014b50, header: 0x04034b50 } as const

const damaged = () => new ZipError('The zip file is damaged, or not a zip file.')

const viewOf = async (archive: Blob, from: number, to: number) =>
  new DataView(await archive.slice(from, to).arrayBuffer())

/** The files of an archive, from its directory; none is read. What systems put beside them is left out. @throws ZipError */
export async function zipEntries(archive: Blob): Promise<ZipEntry[]> {
  const tail = await viewOf(archive, Math.max(0, archive.size - 22 - 0xffff), archive.size)
  let end = tail.byteLength - 22
  while (end >= 0 && tail.getUint32(end, true) !== marks.end) end--
  if (end < 0) throw damaged()
  const [count, size, offset] = [
    tail.getUint16(end + 10, true),
    tail.getUint32(end + 12, true),
    tail.getUint32(end + 16, true),
  ]
  if (count === 0xffff || size === 0xffffffff || offset === 0xffffffff)
    throw new ZipError('The zip file has 4 GB or more, or 65,535 files: unpack it first.')
  if (count > limits.entries || size > limits.directory)
    throw new ZipError(`The zip file has more than ${limits.entries.toLocaleString('en')} files in it.`)
  const view = await viewOf(archive, offset, offset + size)
  const entries: ZipEntry[] = []
  for (let at = 0; at + 46 <= view.byteLength && view.getUint32(at, true) === marks.entry;) {
    const length = view.getUint16(at + 28, true)
    const path = new TextDecoder().decode(
      new Uint8Array(view.buffer, at + 46, Math.min(length, view.byteLength - at - 46)),
    )
    const [packed, unpacked, header] = [
      view.getUint32(at + 20, true),
      view.getUint32(at + 24, true),
      view.getUint32(at + 42, true),
    ]
    const encrypted = (view.getUint16(at + 8, true) & 1) === 1
    if (!path.endsWith('/') && !/(^|\/)(__MACOSX\/|\._|\.DS_Store$)/.test(path)) {
      entries.push({
        path,
        size: unpacked,
        packed,
        method: view.getUint16(at + 10, true),
        encrypted,
        crc: view.getUint32(at + 16, true),
        at: header,
      })
    }
    at += 46 + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  if (entries.length === 0 && count > 0 && view.byteLength === 0) throw damaged()
  return entries
}

export const baseName = (path: string): string => path.split('/').at(-1) ?? path

/**
 * The bytes of one file, piece by piece. What is left early is not unpacked any further.
 * @param limit bytes that it may unpack to, whatever it says
 * @throws ZipError when it is encrypted, packed in another way, damaged, or larger than it says or may be
 */
export async function* unzipped(
  archive: Blob,
  entry: ZipEntry,
  limit: number,
  onBytes?: (read: number) => void,
): AsyncGenerator<Bytes> {
  const { path, size, packed, method } = entry
  const megabytes = `${Math.floor(limit / 2 ** 20).toLocaleString('en')} MB`
  const tooLarge = () => new ZipError(`${path} in the zip file unpacks to more than ${megabytes}, which is the limit.`)
  const broken = () => new ZipError(`${path} in the zip file is damaged.`)
  if (entry.encrypted) throw new ZipError(`${path} in the zip file is encrypted: unpack it first.`)
  if (method !== 0 && method !== 8)
    throw new ZipError(
      `${path} in the zip file is packed in a way that is not read here (method ${method}): unpack it first.`,
    )
  if (size > limit) throw tooLarge()
  const header = await viewOf(archive, entry.at, entry.at + 30)
  if (header.byteLength < 30 || header.getUint32(0, true) !== marks.header) throw broken()
  const from = entry.at + 30 + header.getUint16(26, true) + header.getUint16(28, true)
  if (from + packed > archive.size) throw broken()
  const data = archive.slice(from, from + packed)
  let read = 0
  let crc = 0
  try {
    for await (const piece of method === 0 ? plain(data, onBytes) : inflated(data, 'deflate-raw', onBytes)) {
      read += piece.length
      if (read > size) throw broken()
      crc = crc32(piece, crc)
      yield piece
    }
  } catch (error) {
    throw error instanceof PackedFileError ? broken() : error
  }
  if (read !== size || crc !== entry.crc) throw broken()
}

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  let crc = n
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  return crc >>> 0
})

/** CRC-32 as zip has it. @param before that of the bytes that came before */
export function crc32(bytes: Uint8Array, before = 0): number {
  let crc = ~before >>> 0
  for (const byte of bytes) crc = (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] ?? 0)
  return ~crc >>> 0
}
