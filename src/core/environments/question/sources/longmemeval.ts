// Reads LongMemEval (Wu et al. 2025, arXiv 2410.10813): a question about many chats with an assistant, in the file with the
// sessions of evidence alone (oracle) and the large ones. Knows nothing of files.
import { z } from 'zod'
import { fit } from '../../../fit.ts'
import { isObject } from '../../../is-object.ts'
import { unknownAnswer } from '../judge.ts'
import { conversationTask, type ConversationQuestion, type Session } from './conversation.ts'
import { listOf } from './forms.ts'
import { answerOf, fitRecord, prose, recordId, tidy, type QuestionInRecord, type ReadOptions, type RecordProblem, type RecordResult } from './record.ts'

const mostSessions = 1000
const mostLines = 500

const recordSchema = z.object({
  question: prose(4000),
  question_type: prose(100),
  question_date: z.string().max(100).nullish(),
  haystack_sessions: z.array(z.unknown()).min(1),
})
const lineSchema = z.object({ role: prose(50), content: z.string().max(200_000).transform(tidy), has_answer: z.boolean().nullish() })

interface Read {
  sessions: Session[]
  /** Ids of lines that the answer follows from, in order of time. */
  evidence: string[]
}

/** "2023/05/20 (Sat) 02:21" sorts as text; what has no date comes where it stands. */
const dateOf = (given: unknown) => (typeof given === 'string' && given.trim() !== '' ? tidy(given).slice(0, 100) : null)

/** In order of time: those of the oracle file are not. */
function sessionsOf(record: Readonly<Record<string, unknown>>, given: readonly unknown[]): Read {
  const dates = listOf(record['haystack_dates'])
  const all = given.slice(0, mostSessions).map((session, at) => {
    const lines = listOf(session).slice(0, mostLines).flatMap((turn, place) => {
      const read = fit(lineSchema, turn)
      if (!read.success || read.data.content === '') return []
      const { role, content, has_answer } = read.data
      return [{ line: { id: `${at}:${place}`, speaker: role, text: content }, evidence: has_answer === true }]
    })
    return { date: dateOf(dates[at]), lines }
  })
  const ordered = all.some(({ date }) => date === null) ? all : all.map((session, at) => ({ session, at })).sort((a, b) => ((a.session.date ?? '') < (b.session.date ?? '') ? -1 : (a.session.date ?? '') > (b.session.date ?? '') ? 1 : a.at - b.at)).map(({ session }) => session)
  return {
    sessions: ordered.map(({ date, lines }) => ({ date, lines: lines.map(({ line }) => line) })),
    evidence: ordered.flatMap(({ lines }) => lines.flatMap(({ line, evidence }) => (evidence ? [line.id] : []))),
  }
}

/** Sessions that are named as evidence and are not there. */
function lostSessions(record: Readonly<Record<string, unknown>>): number {
  const here = new Set(listOf(record['haystack_session_ids']))
  return here.size === 0 ? 0 : listOf(record['answer_session_ids']).filter((id) => !here.has(id)).length
}

const identified = z.object({ question_id: recordId.catch(undefined) })

/** The question of a record. */
export function longMemEvalQuestions(record: Readonly<Record<string, unknown>>): QuestionInRecord[] {
  const read = identified.safeParse(record)
  const own = read.success ? (read.data.question_id ?? null) : null
  return [{ id: own, read: (id, options) => readQuestion(record, own, id, options) }]
}

function readQuestion(record: Readonly<Record<string, unknown>>, own: string | null, id: string, options: ReadOptions): RecordResult {
  const read = fitRecord(recordSchema, record)
  if (!('data' in read)) return read
  const { question, question_type: kind, question_date: asked, haystack_sessions: given } = read.data
  if (given.every((session) => !Array.isArray(session))) {
    return { field: 'haystack_sessions', message: 'needs a list of turns for each session', named: given.every((session) => !isObject(session)) }
  }
  const unanswerable = own !== null && own.includes('_abs')
  const expected = expectedOf(record, unanswerable)
  if (!('answer' in expected)) return expected
  const { sessions, evidence } = sessionsOf(record, given)
  const dated = kind === 'temporal-reasoning' || kind === 'knowledge-update'
  const when = kind === 'temporal-reasoning' ? dateOf(asked) : null
  const conversation: ConversationQuestion = {
    source: 'longmemeval',
    id,
    kind: unanswerable ? 'abstention' : kind,
    query: when === null ? question : `${question} (Asked on ${when}.)`,
    ...expected,
    sessions,
    noted: [],
    evidence: new Set(evidence),
    unanswerable,
    dated,
    // What was said last of it holds.
    ...(kind === 'knowledge-update' && !unanswerable ? { corrects: evidence } : {}),
  }
  return conversationTask(conversation, options, lostSessions(record))
}

/** Where nothing answers it, the answer that is given says so in a sentence. */
function expectedOf(record: Readonly<Record<string, unknown>>, unanswerable: boolean): { answer: string; aliases: string[] } | RecordProblem {
  const answered = answerOf(record)
  return unanswerable ? { answer: unknownAnswer, aliases: 'answer' in answered ? [answered.answer] : [] } : answered
}
