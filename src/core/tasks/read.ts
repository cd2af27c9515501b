// Reads files of HotpotQA and MuSiQue tasks: which form a file has, what does not fit, and how far it has got. Knows
// nothing of workers or the page.
import type { Task } from '../task.ts'
import { hotpotId, readHotpotDictionary, readHotpotPairs } from './hotpotqa.ts'
import { createRecordSplitter, RecordFormatError, type RawRecord } from './json-records.ts'
import { musiqueId, readMusique } from './musique.ts'
import { defaultReadOptions, type ReadOptions, type RecordResult } from './record.ts'

export type TaskFileFormat = 'hotpotqa' | 'hotpotqa-hf' | 'musique'

export interface ImportReport {
  tasks: Task[]
  /**
   * Records that did not fit: index in the file, id when it had one, the field that is wrong, what was expected.
   * The first `skippedKept` of them.
   */
  skipped: { index: number; id: string | null; field: string; message: string }[]
  /** Records in the file, the skipped ones included. */
  records: number
  /** Form of the first record that fits. */
  format: TaskFileFormat
}

/** The file cannot be used at all. The message says what it is, what was expected and what to do. */
export class TaskFileError extends Error {
  override readonly name = 'TaskFileError'
}

/** Larger files are refused, bytes. */
export const fileLimit = 60 * 1024 * 1024
/** Skipped records are described up to this many. */
export const skippedKept = 1000
/** Characters, or bytes, that are read between two reports of progress. */
const pieceLength = 1 << 18

const expected =
  'Expected a JSON list or JSON Lines of HotpotQA records (question, answer, context, supporting_facts) or MuSiQue records (question, answer, paragraphs).'

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The form of a record by its fields, or the field that tells that it is none. */
function formOf(record: unknown): { format: TaskFileFormat } | { field: string; message: string } {
  if (!isObject(record)) return { field: '(record)', message: `needs an object, not ${Array.isArray(record) ? 'a list' : record === null ? 'null' : `a ${typeof record}`}` }
  if ('paragraphs' in record) return { format: 'musique' }
  if (Array.isArray(record.context)) return { format: 'hotpotqa' }
  if (isObject(record.context)) return { format: 'hotpotqa-hf' }
  return { field: 'context', message: 'context' in record ? 'needs a list or an object' : 'It has neither context (HotpotQA) nor paragraphs (MuSiQue)' }
}

function idOf(record: unknown, format: TaskFileFormat): string | null {
  return format === 'musique' ? musiqueId(record) : hotpotId(record)
}

function readRecord(record: unknown, format: TaskFileFormat, id: string, options: ReadOptions): RecordResult {
  switch (format) {
    case 'hotpotqa':
      return readHotpotPairs(record, id, options)
    case 'hotpotqa-hf':
      return readHotpotDictionary(record, id, options)
    case 'musique':
      return readMusique(record, id, options)
  }
}

interface TaskFileReader {
  push(piece: string): void
  finish(): ImportReport
}

function createReader(name: string, options: ReadOptions): TaskFileReader {
  const splitter = createRecordSplitter()
  const tasks: Task[] = []
  const skipped: ImportReport['skipped'] = []
  const ids = new Set<string>()
  let index = -1
  let format: TaskFileFormat | null = null
  let sample = ''
  let empty = true

  const skip = (id: string | null, field: string, message: string) => {
    if (skipped.length < skippedKept) skipped.push({ index, id, field, message })
  }
  const take = (raw: RawRecord) => {
    index++
    if ('problem' in raw) {
      skip(null, '(record)', raw.problem)
      return
    }
    if (sample === '') sample = raw.text.slice(0, 160)
    let record: unknown
    try {
      record = JSON.parse(raw.text)
    } catch (error) {
      skip(null, '(record)', `It is not valid JSON: ${error instanceof Error ? error.message : String(error)}`)
      return
    }
    const form = formOf(record)
    if (!('format' in form)) {
      skip(isObject(record) ? hotpotId(record) : null, form.field, form.message)
      return
    }
    const own = idOf(record, form.format)
    const result = readRecord(record, form.format, own !== null && !ids.has(own) ? own : `${own ?? 'record'}-${index}`, options)
    if (!('task' in result)) {
      skip(own, result.field, result.message)
      return
    }
    if (own !== null) ids.add(own)
    format ??= form.format
    tasks.push(result.task)
  }
  const guarded = (step: () => RawRecord[]) => {
    try {
      step().forEach(take)
    } catch (error) {
      if (!(error instanceof RecordFormatError)) throw error
      throw new TaskFileError(`${name} is neither a JSON list nor JSON Lines: it begins with ${JSON.stringify(error.begins)}. ${expected}`)
    }
  }
  return {
    push(piece) {
      if (piece.trim() !== '') empty = false
      guarded(() => splitter.push(piece))
    },
    finish() {
      guarded(() => splitter.end())
      if (empty) throw new TaskFileError(`${name} is empty. ${expected}`)
      if (format !== null) return { tasks, skipped, records: index + 1, format }
      const [first] = skipped
      if (!first) throw new TaskFileError(`${name} has no records in it. ${expected}`)
      const looked = sample === '' ? '' : ` The first record looks like this: ${sample}${sample.length === 160 ? '…' : ''}`
      throw new TaskFileError(
        `None of the ${index + 1} records of ${name} fits. ${expected} In record ${first.index + 1} the field ${first.field} is wrong: ${first.message}.${looked}`,
      )
    },
  }
}

function refuseLarge(name: string, size: number): void {
  if (size <= fileLimit) return
  const megabytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(0)} MB`
  throw new TaskFileError(`${name} has ${megabytes(size)}; the limit is ${megabytes(fileLimit)}. Split it, JSON Lines can be cut at any line, and read the parts.`)
}

/**
 * Reads the text of a file of tasks. `name` is for messages; `onProgress` hears the share that is read, 0 to 1.
 * @throws TaskFileError when the file is too large, is neither JSON list nor JSON Lines, or when no record fits
 */
export function readTaskFile(text: string, name: string, onProgress?: (share: number) => void, options: ReadOptions = defaultReadOptions): ImportReport {
  refuseLarge(name, text.length)
  const reader = createReader(name, options)
  for (let at = 0; at < text.length; at += pieceLength) {
    reader.push(text.slice(at, at + pieceLength))
    onProgress?.(Math.min(1, (at + pieceLength) / text.length))
  }
  return reader.finish()
}

/**
 * The same, piece by piece from a file, so that a large one never stands in memory as text and the thread breathes
 * between the pieces. Bytes that are not UTF-8 become U+FFFD.
 * @throws TaskFileError as readTaskFile does
 */
export async function readTaskBlob(file: Blob, name: string, onProgress?: (share: number) => void, options: ReadOptions = defaultReadOptions): Promise<ImportReport> {
  refuseLarge(name, file.size)
  const reader = createReader(name, options)
  const decoder = new TextDecoder()
  for (let at = 0; at < file.size; at += pieceLength) {
    const bytes = await file.slice(at, at + pieceLength).arrayBuffer()
    reader.push(decoder.decode(bytes, { stream: true }))
    onProgress?.(Math.min(1, (at + pieceLength) / file.size))
  }
  reader.push(decoder.decode())
  return reader.finish()
}
