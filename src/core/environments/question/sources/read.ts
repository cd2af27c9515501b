// Reads tasks from the text or the records of a file of a data set: which form a record has, what does not fit, and what
// there is to say of the whole. Knows nothing of bytes, workers or the page.
import type { Task } from '../task.ts'
import { formOf } from './forms.ts'
import { formats, type TaskFileFormat } from './formats.ts'
import { parseWellFormed } from '../../../text.ts'
import { createRecordSplitter, RecordFormatError, type RawRecord } from './json-records.ts'
import { hotpotId } from './hotpotqa.ts'
import { defaultReadOptions, type QuestionInRecord, type ReadOptions } from './record.ts'
import { messageOf } from '../../../error-message.ts'

export type { TaskFileFormat }

export interface ImportReport {
  tasks: Task[]
  /**
   * Records that did not fit: index in the file, id when it had one, the field that is wrong, what was expected.
   * The first `skippedKept` of them.
   */
  skipped: { index: number; id: string | null; field: string; message: string }[]
  /** Records that were read, the skipped ones included; of a record with many questions, each of them. */
  records: number
  /** Form of the first record that fits. */
  format: TaskFileFormat
  /** Why only the first records were read, a sentence; null: all were. */
  head: string | null
  /** What else there is to say of the file, a sentence each. */
  notes: string[]
}

/** The file cannot be used at all. The message says what it is, what was expected and what to do. */
export class TaskFileError extends Error {
  override readonly name = 'TaskFileError'
}

/** Of a larger file only the beginning is read: so much of its text, bytes. */
export const textLimit = 60 * 1024 * 1024
/** Skipped records are described up to this many. */
export const skippedKept = 1000
/** Characters that are read between two reports of progress. */
const pieceLength = 1 << 18

const expected = `Expected a JSON list or JSON Lines of ${[...new Set(Object.values(formats).map(({ expects }) => expects))].join(' or ')}.`

export interface TaskReader {
  /** Takes the next piece of a file of JSON. @throws TaskFileError when it is neither JSON list nor JSON Lines */
  text(piece: string): void
  /** Takes the next record of a file that has them as values. */
  record(value: unknown): void
  /** Records that have been taken. */
  records(): number
  /** There are as many tasks as the options ask for. */
  enough(): boolean
  /** @param head why only the first records were read, null: all were. @throws TaskFileError when no record fits */
  finish(head?: string | null, notes?: readonly string[]): ImportReport
}

const count = (n: number) => n.toLocaleString('en')

/** @param name of the file, for messages */
export function createTaskReader(name: string, options: ReadOptions = defaultReadOptions): TaskReader {
  const splitter = createRecordSplitter()
  const tasks: Task[] = []
  const skipped: ImportReport['skipped'] = []
  const ids = new Set<string>()
  let index = -1
  let format: TaskFileFormat | null = null
  let sample = ''
  let empty = true
  let named = false
  let dropped = 0
  let derived = 0
  let ignored = 0
  let byCategory = false
  const kinds = new Map<string, number>()

  const skip = (id: string | null, field: string, message: string, explained = false) => {
    if (skipped.length === 0) named = explained
    if (skipped.length < skippedKept) skipped.push({ index, id, field, message })
  }
  const enough = () => tasks.length >= (options.atMost ?? Infinity)
  /** An id of the record's own, unless another record has it. */
  const unique = (own: string | null) => {
    let id = own ?? `record-${index}`
    for (let n = index; ids.has(id); n++) id = `${own ?? 'record'}-${n}`
    return id
  }
  const takeRecord = (value: unknown) => {
    index++
    const form = formOf(value)
    if (!('format' in form)) {
      skip(form.record && hotpotId(form.record), form.field, form.message, form.named)
      return
    }
    let first = true
    for (const question of formats[form.format].questions(form.record)) {
      if (enough()) return
      if (!first) index++
      first = false
      takeQuestion(question, form.format)
    }
    if (first) skip(null, '(record)', 'There are no questions in it')
  }
  const takeQuestion = ({ id: own, read }: QuestionInRecord, form: TaskFileFormat) => {
    const id = unique(own)
    const result = read(id, options)
    if (!('task' in result)) {
      skip(own, result.field, result.message, result.named)
      return
    }
    ids.add(id)
    format ??= form
    byCategory ||= formats[form].byCategory
    dropped += result.dropped
    ignored += result.ignored ?? 0
    if (!result.literal) derived++
    kinds.set(result.task.kind, (kinds.get(result.task.kind) ?? 0) + 1)
    tasks.push(result.task)
  }
  const take = (raw: RawRecord) => {
    if (enough()) return
    if ('problem' in raw) {
      index++
      skip(null, '(record)', raw.problem)
      return
    }
    if (sample === '') sample = raw.text.slice(0, 160)
    let value: unknown
    try {
      value = parseWellFormed(raw.text)
    } catch (error) {
      index++
      skip(null, '(record)', `It is not valid JSON: ${messageOf(error)}`)
      return
    }
    takeRecord(value)
  }
  const guarded = (step: () => RawRecord[]) => {
    try {
      step().forEach(take)
    } catch (error) {
      if (!(error instanceof RecordFormatError)) throw error
      throw new TaskFileError(`${name} is neither a JSON list nor JSON Lines: it begins with ${JSON.stringify(error.begins)}. ${expected}`)
    }
  }
  const noteOf = (n: number, one: string, many: string) => (n === 0 ? [] : [n === 1 ? `1 ${one}` : `${count(n)} ${many}`])

  return {
    text(piece) {
      if (piece.trim() !== '') empty = false
      guarded(() => splitter.push(piece))
    },
    record(value) {
      empty = false
      if (sample === '') sample = JSON.stringify(value).slice(0, 160)
      if (!enough()) takeRecord(value)
    },
    records: () => index + 1,
    enough,
    finish(head = null, notes = []) {
      // What is left of a file that was not read to its end is no record.
      if (head === null && !enough()) guarded(() => splitter.end())
      if (empty) throw new TaskFileError(`${name} is empty. ${expected}`)
      if (format !== null) {
        const more = [
          ...noteOf(dropped, 'paragraph cannot be read and was left out; no question needs it.', 'paragraphs cannot be read and were left out; no question needs them.'),
          ...(byCategory ? [`Questions: ${[...kinds].sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, n]) => `${kind} ${count(n)}`).join(', ')}.`] : []),
          ...noteOf(ignored, 'piece of evidence names nothing that was said and was left out.', 'pieces of evidence name nothing that was said and were left out.'),
          ...noteOf(
            derived,
            'task has an answer that stands word for word in none of its facts: it has to be derived from them.',
            'tasks have answers that stand word for word in none of their facts: they have to be derived from them.',
          ),
        ]
        return { tasks, skipped, records: index + 1, format, head, notes: [...notes, ...more] }
      }
      const [first] = skipped
      if (!first) throw new TaskFileError(`${name} has no records in it. ${expected}`)
      const all = index === 0 ? `The only record of ${name} does not fit` : `None of the ${count(index + 1)} records of ${name} fits`
      if (named) throw new TaskFileError(`${all}. ${first.message}.`)
      const looked = sample === '' ? '' : ` The first record looks like this: ${sample}${sample.length === 160 ? '…' : ''}`
      throw new TaskFileError(`${all}. Record ${first.index + 1}, ${first.field}: ${first.message}. ${expected}${looked}`)
    },
  }
}

/** What is said where only the first records were read. @param size of the file as people know it, bytes */
export function headWords(records: number, size: number): string {
  return `Only the first ${count(records)} records were read: the file has ${sizeWords(size)}, and reading ends after ${sizeWords(textLimit)} of text.`
}

/** Bytes as people say them. */
function sizeWords(bytes: number): string {
  if (bytes >= 2 ** 30) return `${(bytes / 2 ** 30).toFixed(1)} GB`
  return bytes >= 2 ** 20 ? `${Math.round(bytes / 2 ** 20)} MB` : `${Math.ceil(bytes / 1024)} kB`
}

/**
 * Reads the text of a file of tasks. `name` is for messages; `onProgress` hears the share that is read, 0 to 1.
 * @throws TaskFileError when it is neither JSON list nor JSON Lines, or when no record fits
 */
export function readTaskFile(text: string, name: string, onProgress?: (share: number) => void, options: ReadOptions = defaultReadOptions): ImportReport {
  const reader = createTaskReader(name, options)
  const end = Math.min(text.length, textLimit)
  for (let at = 0; at < end && !reader.enough(); at += pieceLength) {
    reader.text(text.slice(at, Math.min(end, at + pieceLength)))
    onProgress?.(Math.min(1, (at + pieceLength) / end))
  }
  return reader.finish(end < text.length && !reader.enough() ? headWords(reader.records(), text.length) : null)
}
