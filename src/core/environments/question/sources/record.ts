// One record of a data set on its way to a task: what both readers share. Knows no data set's fields.
import { z } from 'zod'
import { fit, misfitWords } from '../../../fit.ts'
import { createRandom, hash32 } from '../../../random.ts'
import { states, type Fact, type Task, type TaskMessage } from '../task.ts'
import { containsPhrase, contentWords } from '../../../text.ts'
import { listOf } from './forms.ts'
import { smallTalk } from './phrases/small-talk.ts'

export interface ReadOptions {
  /** Distractors that a task gets at most. */
  distractors: number
  /** Messages of stage 1 that hold nothing worth storing: without any, keeping everything would be the best policy. */
  smallTalk: number
  /** Sessions of a conversation that a task tells at most, one a turn; those with what is needed are told in any case. */
  sessions: number
  /** What is told of a session at most, characters, as far as what is needed allows. */
  sessionLength: number
  /** Tasks at most, the first of the file; left out: all. */
  atMost?: number
}

/** What is told of five sessions, and its distractors, fits into a window of 2,048 tokens. */
export const defaultReadOptions: ReadOptions = { distractors: 5, smallTalk: 1, sessions: 5, sessionLength: 900 }

/** Which field of a record is wrong and what it needs; `named`: the message says all that there is to say of such files. */
export interface RecordProblem {
  field: string
  message: string
  named?: boolean
}

/** A task, or why there is none. */
export type RecordResult =
  | {
      task: Task
      /** Paragraphs that could not be read, none of which is needed. */
      dropped: number
      /** The answer stands in the facts or the question, word for word, or is yes or no. */
      literal: boolean
      /** Names of lines of a conversation, as evidence, that name none, and were left out. */
      ignored?: number
    }
  | RecordProblem

/** One of the questions of a record, not yet read. */
export interface QuestionInRecord {
  /** As its data set names it; null: it has no name. */
  id: string | null
  /** @param id for the task, unlike any other of the file */
  read: (id: string, options: ReadOptions) => RecordResult
}

/** Text of at most so many characters, its white space made single spaces, not empty. */
export const prose = (limit: number) =>
  z
    .string()
    .max(limit)
    .transform(tidy)
    .pipe(z.string().min(1))

/** An id as data sets have it; numbers are read as text. */
export const recordId = z.union([z.string().trim().min(1).max(200), z.number().transform(String)]).optional()

/** An answer as text. Numbers are read as text too, those that JSON keeps exactly. */
const answerText = z.union([prose(2000), z.number().refine((n) => !Number.isInteger(n) || Number.isSafeInteger(n)).transform(String)])

const noAnswer = 'There is no answer, as in the files that tests are made with: take the file of the training or development (validation) part'

/** The answer of a record and its other wordings, which are left out where they are no text. */
export function answerOf(record: Readonly<Record<string, unknown>>): { answer: string; aliases: string[] } | RecordProblem {
  const given = record['answer']
  if (given === undefined || given === null || (typeof given === 'string' && given.trim() === '')) {
    return { field: 'answer', message: noAnswer, named: true }
  }
  const read = fit(answerText, given)
  if (!read.success) return { field: 'answer', message: misfitWords(read.misfit, '') }
  const aliases = listOf(record['answer_aliases'])
    .slice(0, 200)
    .map((alias) => fit(answerText, alias))
    .flatMap((alias) => (alias.success ? [alias.data] : []))
  return { answer: read.data, aliases: [...new Set(aliases)].filter((alias) => alias !== read.data) }
}

/** White space made single spaces. */
export function tidy(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

/** The record as the schema has it, or the first thing that is wrong, as field and message. */
export function fitRecord<S extends z.ZodType>(schema: S, record: unknown): { data: z.output<S> } | RecordProblem {
  const read = fit(schema, record)
  if (read.success) return read
  const { path, ...rest } = read.misfit
  return { field: path || '(record)', message: misfitWords({ path: '', ...rest }, '') }
}

export interface Passage {
  title: string
  text: string
}

/** What a data set's record comes down to. */
interface Reading {
  source: 'hotpotqa' | 'musique'
  id: string
  kind: string
  question: string
  answer: string
  aliases: string[]
  supporting: readonly Passage[]
  others: readonly Passage[]
}

const openings = ['About {title}:', 'A note on {title}:', 'From what I read about {title}:', 'Here is something about {title}:', 'On {title}:', 'I came across this about {title}:'] as const

/** The passage as somebody would bring it up; the same for the same salt. */
function bringUp({ title, text }: Passage, salt: string): string {
  const opening = openings[hash32(`${salt}/${title}/${text}`) % openings.length] ?? openings[0]
  return `${opening.replace('{title}', () => title)} ${text}`
}

/** Distractors are cut at the first end of a sentence after so many characters, and at twice as many anyhow. */
const distractorLength = 240

/** The text up to the end of a sentence, where it is long. */
export function shorten(text: string): string {
  if (text.length <= distractorLength) return text
  const rest = text.slice(distractorLength, 2 * distractorLength)
  // After a small letter or a digit: "George A." is no end.
  const end = /[\p{Ll}\d)"”][.!?]["”)]?(?=\s)/u.exec(rest)
  if (end) return text.slice(0, distractorLength + end.index + end[0].length)
  return text.length <= 2 * distractorLength ? text : `${text.slice(0, 2 * distractorLength).replace(/\s\S*$/, '')} …`
}

/** Answers that stand in every text, so that looking for them means nothing. */
const everywhere = new Set(['yes', 'no'])

/** Does the answer, in one of its wordings, stand in one of these texts? A yes or no needs not. */
export function standsIn(texts: readonly string[], { answer, aliases }: { answer: string; aliases: readonly string[] }): boolean {
  if (everywhere.has(answer.toLowerCase())) return true
  return [answer, ...aliases].some((phrase) => texts.some((text) => containsPhrase(text, phrase)))
}

/** What no distractor may have in it. */
export const leaksOf = ({ answer, aliases }: { answer: string; aliases: readonly string[] }): string[] =>
  everywhere.has(answer.toLowerCase()) ? [] : [answer, ...aliases]

/** How many content words of the question a text has. */
export function nearnessTo(question: string): (text: string) => number {
  const asked = new Set(contentWords(question))
  // Plain lower case will do here: this is most of the work of reading a large file.
  return (text) => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu)?.filter((word) => asked.has(word))).size
}

/** What comes of a record. @param dropped paragraphs of it that could not be read */
export function resultOf(reading: Reading, dropped: number, options: ReadOptions): RecordResult {
  const told = reading.supporting.map(({ title, text }) => `${title}: ${text}`)
  return { task: taskOf(reading, options), dropped, literal: standsIn([...told, reading.question], reading) }
}

/**
 * The task of a record: supporting passages are told in stage 1, each a fact that is needed, among small talk; other
 * passages of the record become distractors, the ones nearest to the question, none of which has the answer in it.
 */
function taskOf(reading: Reading, options: ReadOptions): Task {
  const { source, id, question, answer, aliases, supporting, others } = reading
  const facts = supporting.map(({ title, text }, index): Fact => ({ id: `f${index + 1}`, text: `${title}: ${text}`, keys: [], needed: true, superseded_by: null }))
  const build = supporting.map((passage, index): TaskMessage => ({ text: bringUp(passage, id), kind: 'fact', facts: [`f${index + 1}`] }))
  const random = createRandom(`${source}/${id}`)
  for (const text of random.sample(smallTalk, options.smallTalk)) {
    build.splice(random.int(build.length + 1), 0, { text, kind: 'small-talk', facts: [] })
  }

  const leaks = leaksOf({ answer, aliases })
  const nearness = nearnessTo(question)
  const byNearness = [...new Set(others.map((passage) => bringUp({ ...passage, text: shorten(passage.text) }, id)))]
    .map((text, index) => ({ text, index, near: nearness(text) }))
    .sort((a, b) => b.near - a.near)
  const chosen: { text: string; index: number }[] = []
  for (const each of byNearness) {
    if (chosen.length >= options.distractors) break
    if (leaks.some((phrase) => containsPhrase(each.text, phrase)) || facts.some((fact) => states(each.text, fact))) continue
    chosen.push(each)
  }

  return {
    id: `${source}-${id}`,
    source,
    kind: reading.kind,
    split: 'none',
    facts,
    build,
    // In the order of the record.
    resist: chosen.sort((a, b) => a.index - b.index).map(({ text }) => ({ text, kind: 'distractor', facts: [] })),
    query: question,
    answer,
    aliases,
  }
}
