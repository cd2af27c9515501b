// Which data set's form a record has: wrappers taken off, what other tools rename named back, and what is something else
// named for what it is. Reads no record.
import { isObject } from '../../../is-object.ts'
import { parseWellFormed, quoted } from '../../../text.ts'
import type { TaskFileFormat } from './formats.ts'

/** A record as its data set has it, or why it can be none; `named`: the message says all, what else could be read does not help. */
type Form =
  | { format: TaskFileFormat; record: Record<string, unknown> }
  | { record: Record<string, unknown> | null; field: string; message: string; named: boolean }

/** The list, or an empty one. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** Fields that 2WikiMultihopQA and tables have as JSON in a string. */
const nested = [
  'context',
  'supporting_facts',
  'paragraphs',
  'question_decomposition',
  'metadata',
  'golden_answers',
] as const

/** What records of other kinds have, and what to do with each. */
const others: readonly { fields: readonly string[]; message: string }[] = [
  { fields: ['schema_version', 'steps'], message: 'This is a recorded episode, not a task: import it under Episodes' },
  { fields: ['messages'], message: 'This is a conversation, not a question with passages' },
  { fields: ['conversations'], message: 'This is a conversation, not a question with passages' },
]

export function formOf(given: unknown): Form {
  if (!isObject(given)) {
    const kind = Array.isArray(given) ? 'a list' : given === null ? 'null' : `a ${typeof given}`
    return { record: null, field: '(record)', message: `needs an object, not ${kind}`, named: false }
  }
  const row = isObject(given['row']) && !('question' in given) ? given['row'] : given
  const cut = row !== given ? listOf(given['truncated_cells']).map(String) : []
  if (cut.length > 0) {
    const message = `The dataset viewer has cut ${cut.slice(0, 5).join(', ')} short: download the file itself`
    return { record: row, field: 'truncated_cells', message, named: true }
  }
  const unpacked = unpack(row)
  if ('message' in unpacked) return { record: row, ...unpacked, named: false }
  const record = fromFlashRag(unpacked.record)
  const { context, paragraphs } = record
  if (Array.isArray(record['qa']) && (isObject(record['conversation']) || Array.isArray(record['session_1']))) return { format: 'locomo', record }
  if (Array.isArray(record['haystack_sessions']) && 'question' in record) return { format: 'longmemeval', record }
  if (typeof context === 'string' && Array.isArray(record['questions'])) return memoryAgentBench(record)
  if (paragraphs !== undefined) {
    const [first] = listOf(paragraphs)
    if (isObject(first) && 'qas' in first) {
      return {
        record,
        field: 'paragraphs',
        message: 'This is SQuAD, whose questions need one passage each: it is not read',
        named: true,
      }
    }
    return { format: 'musique', record }
  }
  if (Array.isArray(context)) return { format: 'hotpotqa', record }
  if (isObject(context)) return { format: 'hotpotqa-hf', record }
  return { record, ...stranger(record) }
}

/** The name of a row of MemoryAgentBench, in its metadata. */
export function memoryAgentBenchSource(record: Readonly<Record<string, unknown>>): string {
  const { metadata, source } = record
  const named = isObject(metadata) ? metadata['source'] : source
  return typeof named === 'string' ? named : ''
}

/** A row of MemoryAgentBench, of which the lists of facts that contradict each other are read. */
function memoryAgentBench(record: Record<string, unknown>): Form {
  const name = memoryAgentBenchSource(record)
  if (name === '' || name.startsWith('factconsolidation')) return { format: 'factconsolidation', record }
  return { record, field: 'metadata.source', message: `This is ${quoted(name)} of MemoryAgentBench, of which only FactConsolidation (Conflict_Resolution) is read`, named: true }
}

/** The record with what stands in strings as JSON taken out of them. */
function unpack(
  row: Record<string, unknown>,
): { record: Record<string, unknown> } | { field: string; message: string } {
  const record = { ...row }
  for (const field of nested) {
    const text = row[field]
    if (typeof text !== 'string' || !/^\s*[[{]/.test(text)) continue
    try {
      record[field] = parseWellFormed(text)
    } catch {
      return {
        field,
        message:
          'is text that begins like JSON and is none; Python may have written it with str() in place of json.dumps()',
      }
    }
  }
  return { record }
}

/** FlashRAG keeps answers as golden_answers, and what else the data set has in metadata. */
function fromFlashRag(record: Record<string, unknown>): Record<string, unknown> {
  const { golden_answers, metadata, ...rest } = record
  if (!Array.isArray(golden_answers)) return record
  const [answer, ...aliases] = listOf(golden_answers)
  const inner = isObject(metadata) ? metadata : {}
  // The answers are those of golden_answers, whatever else the data set calls so.
  return { ...inner, ...rest, answer, answer_aliases: [...aliases, ...listOf(inner['answer_aliases'])] }
}

function stranger(record: Record<string, unknown>): { field: string; message: string; named: boolean } {
  const other = others.find(({ fields }) => fields.every((field) => field in record))
  if (other) return { field: other.fields[0] ?? '(record)', message: other.message, named: true }
  if (typeof record['error'] === 'string' && Object.keys(record).length <= 3) {
    return {
      field: 'error',
      message: `This is the answer of a server that had no file to give: "${record['error'].slice(0, 200)}"`,
      named: true,
    }
  }
  if ('context' in record) return { field: 'context', message: 'needs a list or an object', named: false }
  if ('question' in record && ('answer' in record || 'answer_aliases' in record)) {
    return {
      field: 'context',
      message: 'It has a question and its answer, but no passages to be told (context or paragraphs)',
      named: false,
    }
  }
  return { field: 'context', message: 'It has neither context (HotpotQA) nor paragraphs (MuSiQue)', named: false }
}
