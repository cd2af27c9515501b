// Reads LoCoMo (Maharana et al. 2024, arXiv 2402.17753): two people who talk over months, and questions about it. Both forms
// that were published: locomo10.json, and the zip before it with a file for each conversation. Knows nothing of files.
import { z } from 'zod'
import { fit } from '../../../fit.ts'
import { isObject } from '../../../is-object.ts'
import { unknownAnswer } from '../judge.ts'
import { conversationTask, type ConversationQuestion, type Noted, type Session } from './conversation.ts'
import { listOf } from './forms.ts'
import { answerOf, fitRecord, prose, recordId, tidy, type QuestionInRecord, type ReadOptions, type RecordProblem } from './record.ts'

/** What the paper calls the numbers. */
const categories: Readonly<Record<number, string>> = { 1: 'multi-hop', 2: 'temporal', 3: 'open-domain', 4: 'single-hop', 5: 'adversarial' }

const mostSessions = 200
const mostLines = 1000

const lineSchema = z.object({
  speaker: prose(200),
  dia_id: prose(50),
  text: z.string().max(20_000).transform(tidy).nullish(),
  /** What is to be seen on a picture that was sent along. */
  blip_caption: z.string().max(2000).transform(tidy).nullish(),
})
const questionSchema = z.object({ question: prose(4000), category: z.number().int().min(1).max(5) })

/** Ids as the files have them: "D8:6; D9:17", "D:11:26", "D30:05", a list; "D" and the like name nothing. */
const idPattern = /D:?(\d{1,4}):(\d{1,4})/g

/** The lines that are named, as D1:2, and how many names are none. */
function linesNamed(given: unknown): { ids: string[]; unread: number } {
  const texts = (Array.isArray(given) ? listOf(given) : [given]).slice(0, 200)
  let unread = 0
  const ids = texts.flatMap((text) => {
    const found = typeof text === 'string' ? [...text.slice(0, 1000).matchAll(idPattern)].map(([, session, line]) => `D${Number(session)}:${Number(line)}`) : []
    if (found.length === 0) unread++
    return found
  })
  return { ids: [...new Set(ids)], unread }
}

interface Conversation {
  sessions: Session[]
  noted: Noted[]
  ids: ReadonlySet<string>
}

/** Sessions in order; dates without a session, which the files have, are none. */
function conversationOf(record: Readonly<Record<string, unknown>>): Conversation {
  const talk = isObject(record['conversation']) ? record['conversation'] : record
  const observations = isObject(record['observation']) ? record['observation'] : record
  const numbers = Object.keys(talk)
    .flatMap((name) => /^session_(\d{1,4})$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b)
    .slice(0, mostSessions)
  const sessions = numbers.map((number): Session => {
    const date = talk[`session_${number}_date_time`]
    const lines = listOf(talk[`session_${number}`]).slice(0, mostLines).flatMap((given) => {
      const read = fit(lineSchema, given)
      if (!read.success) return []
      const { speaker, dia_id, text, blip_caption: caption } = read.data
      const said = [text ?? '', caption ? `(shares ${caption})` : ''].filter((part) => part !== '').join(' ')
      return said === '' ? [] : [{ id: linesNamed(dia_id).ids[0] ?? dia_id, speaker, text: said }]
    })
    return { date: typeof date === 'string' && date.trim() !== '' ? tidy(date).slice(0, 100) : null, lines }
  })
  const noted = numbers.flatMap((number) => notedIn(observations[`session_${number}_observation`]))
  return { sessions, noted, ids: new Set(sessions.flatMap(({ lines }) => lines.map(({ id }) => id))) }
}

/** {"Caroline": [["Caroline has …", "D1:3"], …], …} */
function notedIn(given: unknown): Noted[] {
  if (!isObject(given)) return []
  return Object.values(given).flatMap((list) =>
    listOf(list).slice(0, mostLines).flatMap((each) => {
      const [text, lines] = listOf(each)
      return typeof text === 'string' && tidy(text) !== '' ? [{ text: tidy(text).slice(0, 2000), lines: linesNamed(lines).ids }] : []
    }),
  )
}

/** What the conversation is called; one of the older form by its speakers. */
function nameOf(record: Readonly<Record<string, unknown>>): string | null {
  const read = fit(recordId, record['sample_id'])
  if (read.success && read.data !== undefined) return read.data
  const speakers = [record['speaker_a'], record['speaker_b']].flatMap((name) => (typeof name === 'string' ? tidy(name).toLowerCase().replace(/\s/g, '-') : []))
  return speakers.length === 2 ? speakers.join('-').slice(0, 100) : null
}

/** Its answer, where it has one: of a question of category 5, that nobody said it. */
function expectedOf(given: Readonly<Record<string, unknown>>, category: number): { answer: string; aliases: string[] } | RecordProblem {
  const answered = answerOf(given)
  if (category !== 5) {
    if (!('answer' in answered)) return answered
    // As in the published evaluation: of "A; B" in category 3 the first is the answer.
    const [first = ''] = category === 3 ? answered.answer.split(';').map((part) => part.trim()) : [answered.answer]
    return first === '' ? answered : { answer: first, aliases: first === answered.answer ? [] : [answered.answer] }
  }
  return { answer: unknownAnswer, aliases: 'answer' in answered ? [answered.answer] : [] }
}

/** The questions of a conversation. @param record in either form */
export function* locomoQuestions(record: Readonly<Record<string, unknown>>): Generator<QuestionInRecord> {
  const conversation = conversationOf(record)
  const name = nameOf(record)
  for (const [at, given] of listOf(record['qa']).entries()) {
    yield { id: name === null ? null : `${name}-q${at + 1}`, read: (id, options) => readQuestion(given, at, id, conversation, options) }
  }
}

function readQuestion(given: unknown, at: number, id: string, { sessions, noted, ids }: Conversation, options: ReadOptions) {
  const field = `qa.${at}`
  const within = (problem: RecordProblem): RecordProblem => ({ ...problem, field: problem.field === '(record)' ? field : `${field}.${problem.field}`, named: false })
  const read = fitRecord(questionSchema, given)
  if (!('data' in read) || !isObject(given)) return within('data' in read ? { field: '(record)', message: 'needs an object' } : read)
  const { question: query, category } = read.data
  const expected = expectedOf(given, category)
  if (!('answer' in expected)) return within(expected)
  const { ids: named, unread } = linesNamed(given['evidence'] ?? [])
  const evidence = new Set(named.filter((line) => ids.has(line)))
  const question: ConversationQuestion = {
    source: 'locomo',
    id,
    kind: categories[category] ?? 'question',
    query,
    ...expected,
    sessions,
    noted,
    evidence,
    unanswerable: category === 5,
    dated: category === 2,
  }
  return conversationTask(question, options, unread + named.length - evidence.size)
}
