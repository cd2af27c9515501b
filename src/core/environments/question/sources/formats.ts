// The forms of the data sets' records that are read: a new one is its file, its line here, and how it is told in forms.ts.
import type { DataSource } from '../task.ts'
import { factConsolidationQuestions } from './factconsolidation.ts'
import { hotpotId, readHotpotDictionary, readHotpotPairs } from './hotpotqa.ts'
import { locomoQuestions } from './locomo.ts'
import { longMemEvalQuestions } from './longmemeval.ts'
import { musiqueId, readMusique } from './musique.ts'
import type { QuestionInRecord, ReadOptions, RecordResult } from './record.ts'

type Unread = Readonly<Record<string, unknown>>

interface Format {
  source: Exclude<DataSource, 'own'>
  /** What its records are, for who has something else. */
  expects: string
  questions: (record: Unread) => Iterable<QuestionInRecord>
  /** Its results are reported by category, so that it is said how many there are of each. */
  byCategory: boolean
}

/** Of records that are one question each. */
const single = (idOf: (record: Unread) => string | null, read: (record: Unread, id: string, options: ReadOptions) => RecordResult) =>
  (record: Unread): QuestionInRecord[] => [{ id: idOf(record), read: (id, options) => read(record, id, options) }]

const hotpotRecords = 'HotpotQA records (question, answer, context, supporting_facts)'

export const formats = {
  hotpotqa: { source: 'hotpotqa', expects: hotpotRecords, questions: single(hotpotId, readHotpotPairs), byCategory: false },
  'hotpotqa-hf': { source: 'hotpotqa', expects: hotpotRecords, questions: single(hotpotId, readHotpotDictionary), byCategory: false },
  musique: { source: 'musique', expects: 'MuSiQue records (question, answer, paragraphs)', questions: single(musiqueId, readMusique), byCategory: false },
  locomo: { source: 'locomo', expects: 'LoCoMo conversations (conversation, qa)', questions: locomoQuestions, byCategory: true },
  longmemeval: { source: 'longmemeval', expects: 'LongMemEval records (question, answer, haystack_sessions)', questions: longMemEvalQuestions, byCategory: true },
  factconsolidation: { source: 'factconsolidation', expects: 'FactConsolidation rows of MemoryAgentBench (context, questions, answers)', questions: factConsolidationQuestions, byCategory: true },
} satisfies Record<string, Format>

export type TaskFileFormat = keyof typeof formats
