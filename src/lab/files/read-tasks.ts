// Reads a file of tasks from its bytes: text in any encoding of Unicode, gzip, a zip with one file in it, or Parquet. Of a
// file that is too large the first records are read. What is none of these is named for what it is.
import {
  createTaskReader,
  headWords,
  textLimit,
  TaskFileError,
  type ImportReport,
  type TaskReader,
} from '../../core/environments/question/sources/read.ts'
import { defaultReadOptions, type ReadOptions } from '../../core/environments/question/sources/record.ts'
import { inflated, PackedFileError, plain, type Bytes } from './inflate.ts'
import { headLength, kindOf } from './kind.ts'
import { baseName, unzipped, zipEntries, ZipError, type ZipEntry } from './unzip.ts'

type Heard = (share: number) => void

/**
 * `name` is for messages; `onProgress` hears the share that is read, 0 to 1. Bytes that are not Unicode become U+FFFD,
 * and the report says so.
 * @throws TaskFileError when it is something else, damaged, or when no record fits
 */
export async function readTasks(
  file: Blob,
  name: string,
  onProgress: Heard = () => undefined,
  options: ReadOptions = defaultReadOptions,
): Promise<ImportReport> {
  const head = new Uint8Array(await file.slice(0, headLength).arrayBuffer())
  const kind = kindOf(head, name)
  if ('not' in kind) throw new TaskFileError(`${name} cannot be read. ${kind.not}.`)
  const reader = createTaskReader(name, options)
  const share = (read: number, of = file.size) => {
    onProgress(Math.min(1, read / Math.max(1, of)))
  }
  try {
    switch (kind.read) {
      case 'text':
        return await readText(plain(file), file.size, name, reader, (_, text) => {
          share(text, Math.min(file.size, textLimit))
        })
      case 'gzip':
        return await readText(
          packed(inflated(file, 'gzip'), name.replace(/\.gz$/i, '')),
          file.size,
          name,
          reader,
          (pieces, text) => {
            share(Math.max(pieces / 8, text), textLimit)
          },
        )
      case 'zip': {
        const entries = await filesWith(file, await zipEntries(file))
        const size = entries.reduce((sum, entry) => sum + entry.size, 0)
        return await readText(oneAfterAnother(file, entries), size, name, reader, (_, text) => {
          share(text, Math.min(size, textLimit))
        })
      }
      case 'parquet':
        return await readParquet(file, name, reader, onProgress)
    }
  } catch (error) {
    if (error instanceof ZipError || error instanceof PackedFileError)
      throw new TaskFileError(`${name} cannot be read. ${error.message}`, { cause: error })
    throw error
  }
}

/** What was packed, once its beginning was looked at. @throws TaskFileError when it is no text */
async function* packed(bytes: AsyncGenerator<Bytes>, name: string): AsyncGenerator<Bytes> {
  let first = true
  for await (const piece of bytes) {
    if (first) {
      first = false
      const kind = kindOf(piece.subarray(0, headLength), name)
      if ('not' in kind) throw new TaskFileError(`What is packed in the file cannot be read. ${kind.not}.`)
      if (kind.read !== 'text')
        throw new TaskFileError(`What is packed in the file is packed once more (${kind.read}): unpack it first.`)
    }
    yield piece
  }
}

/** Files of one record each that are read out of one archive at most. */
const mostFiles = 100

/** The text of several files, each on a line of its own. @throws TaskFileError */
async function* oneAfterAnother(archive: Blob, entries: readonly ZipEntry[]): AsyncGenerator<Bytes> {
  for (const [at, entry] of entries.entries()) {
    if (at > 0) yield new Uint8Array([10])
    yield* packed(unzipped(archive, entry, Infinity), baseName(entry.path))
  }
}

/** Does the file begin as a conversation of LoCoMo does, which once came as a file each? */
async function beginsConversation(archive: Blob, entry: ZipEntry): Promise<boolean> {
  for await (const piece of unzipped(archive, entry, Infinity)) return /^\s*\{\s*"speaker_a"/.test(new TextDecoder().decode(piece.subarray(0, headLength)))
  return false
}

/** The files of an archive that are read: the only one that can hold tasks, or all where they hold a record each. @throws ZipError */
async function filesWith(archive: Blob, entries: readonly ZipEntry[]): Promise<ZipEntry[]> {
  const files = entries.filter(({ path }) => /\.json$/i.test(path))
  const [first, second] = files
  if (first && second && files.length <= mostFiles && (await beginsConversation(archive, first))) return files
  return [onlyFile(entries)]
}

/** The only file of an archive that can hold tasks. @throws ZipError */
function onlyFile(entries: readonly ZipEntry[]): ZipEntry {
  const files = entries.filter(({ path }) => /\.(json|jsonl|ndjson|txt)$/i.test(path))
  const [file, second] = files.length > 0 ? files : entries
  const listed = (all: readonly ZipEntry[]) =>
    `${all
      .slice(0, 8)
      .map(({ path }) => path)
      .join(', ')}${all.length > 8 ? ' …' : ''}`
  if (!file) throw new ZipError('The zip file is empty.')
  if (second)
    throw new ZipError(
      `The zip file has several files in it (${listed(files.length > 0 ? files : entries)}): unpack it and choose one.`,
    )
  return file
}

/** @param size of the file as it is told, bytes */
async function readText(
  bytes: AsyncIterable<Bytes>,
  size: number,
  name: string,
  reader: TaskReader,
  onRead: (pieces: number, text: number) => void,
): Promise<ImportReport> {
  const decoder = createDecoder()
  let read = 0
  let pieces = 0
  let head: string | null = null
  for await (const piece of bytes) {
    const room = textLimit - read
    const whole = piece.length <= room
    reader.text(decoder.decode(whole ? piece : piece.subarray(0, room), false))
    read += piece.length
    onRead(++pieces, read)
    if (reader.enough()) break
    if (whole) continue
    head = headWords(reader.records(), size)
    break
  }
  if (head === null && !reader.enough()) reader.text(decoder.decode(new Uint8Array(), true))
  const odd = `Some characters of ${name} are not ${decoder.encoding().toUpperCase()} and stand as \uFFFD in the tasks: save the file as UTF-8.`
  return reader.finish(head, decoder.sound() ? [] : [odd])
}

interface UnicodeDecoder {
  decode(bytes: Bytes, final: boolean): string
  encoding(): string
  /** All bytes were of the encoding. */
  sound(): boolean
}

/** UTF-8, or UTF-16 where the first bytes are. */
function createDecoder(): UnicodeDecoder {
  let encoding = 'utf-8'
  let decoder: TextDecoder | null = null
  let strict: TextDecoder | null = null
  return {
    decode(bytes, final) {
      if (!decoder) {
        const [a, b] = bytes
        if ((a === 0xff && b === 0xfe) || (a !== 0 && b === 0)) encoding = 'utf-16le'
        if ((a === 0xfe && b === 0xff) || (a === 0 && b !== 0 && bytes.length > 1)) encoding = 'utf-16be'
        decoder = new TextDecoder(encoding)
        strict = new TextDecoder(encoding, { fatal: true })
      }
      try {
        strict?.decode(bytes, { stream: !final })
      } catch {
        strict = null
      }
      return decoder.decode(bytes, { stream: !final })
    },
    encoding: () => encoding,
    sound: () => decoder === null || strict !== null,
  }
}

async function readParquet(file: Blob, name: string, reader: TaskReader, onProgress: Heard): Promise<ImportReport> {
  const { parquetRows, ParquetError } = await import('./parquet.ts')
  let room = textLimit
  let share = 0
  try {
    for await (const group of parquetRows(file, () => room)) {
      for (const row of group.rows) {
        reader.record(row)
        if (reader.enough()) break
      }
      room -= group.bytes
      share = group.share
      onProgress(share)
      if (reader.enough()) break
    }
  } catch (error) {
    if (error instanceof ParquetError)
      throw new TaskFileError(`${name} cannot be read. ${error.message}`, { cause: error })
    throw error
  }
  return reader.finish(share > 0 && share < 1 && !reader.enough() ? headWords(reader.records(), file.size) : null)
}
