// Reads HotpotQA records (Yang et al. 2018), as list of pairs and in the dictionary form of Hugging Face; 2WikiMultihopQA
// has the same form. Knows nothing of files.
import { z } from 'zod'
import { fit } from '../../../fit.ts'
import { normalise } from '../../../text.ts'
import {
  answerOf,
  defaultReadOptions,
  fitRecord,
  prose,
  recordId,
  resultOf,
  standsIn,
  tidy,
  type Passage,
  type ReadOptions,
  type RecordProblem,
  type RecordResult,
} from './record.ts'

const title = prose(500)
const sentences = z.array(z.string().max(10_000)).max(1000)
/** Further paragraphs are not looked at. */
const maxParagraphs = 1000
const maxFacts = 200

const shared = { question: prose(4000), type: z.string().max(100).nullish() }
const sentenceNumber = z.number().int().nonnegative()

const pairsSchema = z.object({
  ...shared,
  context: z.array(z.unknown()),
  supporting_facts: z.array(z.tuple([title, sentenceNumber])).max(maxFacts),
})

const dictionarySchema = z
  .object({
    ...shared,
    context: z
      .object({
        title: z.array(z.unknown()),
        sentences: z.array(z.unknown()).optional(),
        content: z.array(z.unknown()).optional(),
      })
      // FlashRAG says content.
      .transform(({ title, sentences, content }) => ({ title, sentences: sentences ?? content ?? [] })),
    supporting_facts: z.object({ title: z.array(title).max(maxFacts), sent_id: z.array(sentenceNumber).max(maxFacts) }),
  })
  .refine(({ context }) => context.title.length === context.sentences.length, {
    path: ['context', 'sentences'],
    message: 'needs as many lists of sentences as there are titles',
  })
  .refine(({ supporting_facts: { title, sent_id } }) => title.length === sent_id.length, {
    path: ['supporting_facts', 'sent_id'],
    message: 'needs as many sentence numbers as there are titles',
  })

const paragraphSchema = z.tuple([title, sentences])
type Paragraph = z.infer<typeof paragraphSchema>

interface Parts {
  question: string
  type?: string | null | undefined
  /** Titles and sentences, not yet looked at. */
  context: readonly unknown[]
  supporting_facts: readonly [title: string, sentence: number][]
}

const identified = z.object({ _id: recordId.catch(undefined), id: recordId.catch(undefined) })

/** The record's id, null when it has none that can be read. */
export function hotpotId(record: unknown): string | null {
  const read = identified.safeParse(record)
  return read.success ? (read.data._id ?? read.data.id ?? null) : null
}

/** A HotpotQA record in the list-of-pairs form as a task. `id` names it where it has no id of its own. */
export function readHotpotPairs(
  record: Readonly<Record<string, unknown>>,
  id: string,
  options: ReadOptions = defaultReadOptions,
): RecordResult {
  const read = fitRecord(pairsSchema, record)
  return 'data' in read ? fromPairs(record, read.data, id, options) : (unanswered(record) ?? read)
}

/** A HotpotQA record in the dictionary form as a task. `id` names it where it has no id of its own. */
export function readHotpotDictionary(
  record: Readonly<Record<string, unknown>>,
  id: string,
  options: ReadOptions = defaultReadOptions,
): RecordResult {
  const read = fitRecord(dictionarySchema, record)
  if (!('data' in read)) return unanswered(record) ?? read
  const { context, supporting_facts: supporting, ...rest } = read.data
  const parts: Parts = {
    ...rest,
    context: context.title.map((each, index) => [each, context.sentences[index]]),
    supporting_facts: supporting.title.map((each, index) => [each, supporting.sent_id[index] ?? 0]),
  }
  return fromPairs(record, parts, id, options)
}

/** That there is no answer tells more of a file than what else is wrong with it. */
function unanswered(record: Readonly<Record<string, unknown>>): RecordProblem | null {
  const answered = answerOf(record)
  return 'named' in answered && answered.named ? answered : null
}

/** The paragraphs that can be read, and of the others their titles, where those can be read, with what is wrong. */
function paragraphsOf(context: readonly unknown[]): {
  paragraphs: Paragraph[]
  broken: { title: string; problem: RecordProblem }[]
} {
  const paragraphs: Paragraph[] = []
  const broken: { title: string; problem: RecordProblem }[] = []
  for (const [index, given] of context.slice(0, maxParagraphs).entries()) {
    const read = fitRecord(paragraphSchema, given)
    if ('data' in read) paragraphs.push(read.data)
    else {
      const named = fit(z.tuple([title]).rest(z.unknown()), given)
      const field = read.field === '(record)' ? `context.${index}` : `context.${index}.${read.field}`
      broken.push({ title: named.success ? named.data[0] : '', problem: { ...read, field } })
    }
  }
  return { paragraphs, broken }
}

/** The paragraph that a supporting fact means. Titles may differ in accents and punctuation, if only one is alike. */
function meant(paragraphs: readonly Paragraph[], about: string, at: number): Paragraph | RecordProblem {
  const exact = paragraphs.filter(([name]) => name === about)
  const alike = exact.length > 0 ? exact : paragraphs.filter(([name]) => normalise(name) === normalise(about))
  const [first, second] = alike
  if (!first) {
    const message = `There is no paragraph "${about}" in context; files of the fullwiki setting lack some: take the distractor setting`
    return { field: '', message }
  }
  if (!second) return first
  const having = alike.filter(([, sentences]) => tidy(sentences[at] ?? '') !== '')
  const [one = first] = having
  const different = new Set(having.map(([, sentences]) => tidy(sentences[at] ?? ''))).size > 1
  return different
    ? { field: '', message: `Several paragraphs are called "${about}", and nothing says which is meant` }
    : one
}

function fromPairs(
  record: Readonly<Record<string, unknown>>,
  parts: Parts,
  id: string,
  options: ReadOptions,
): RecordResult {
  const answered = answerOf(record)
  if (!('answer' in answered)) return answered
  const { question, type, context, supporting_facts } = parts
  if (supporting_facts.length === 0)
    return { field: 'supporting_facts', message: 'There is none, so nothing says what has to be known' }
  const { paragraphs, broken } = paragraphsOf(context)
  const supporting = new Map<string, Passage>()
  const used = new Set<Paragraph>()
  for (const [index, [about, at]] of supporting_facts.entries()) {
    const field = `supporting_facts.${index}`
    const paragraph = meant(paragraphs, about, at)
    if (!Array.isArray(paragraph)) {
      const needed = broken.find((each) => each.title === about)?.problem
      return needed
        ? { field: needed.field, message: `${needed.message}; the question needs this paragraph, "${about}"` }
        : { ...paragraph, field }
    }
    const [name, sentences] = paragraph
    const text = tidy(sentences[at] ?? '')
    if (text === '') {
      const why =
        at < sentences.length
          ? `Sentence ${at} of the paragraph "${about}" is empty`
          : `The paragraph "${about}" has no sentence ${at} (it has ${sentences.length}, counted from 0)`
      return { field, message: why }
    }
    // Some records name the same sentence twice.
    supporting.set(`${at} ${name}`, { title: name, text })
    used.add(paragraph)
  }
  const told = [...supporting.values()].map(({ title, text }) => `${title}: ${text}`)
  const holder = standsIn([...told, question], answered) ? null : sentenceWithAnswer(used, answered)
  if (holder) supporting.set('', holder)
  const titles = new Set([...used].map(([name]) => name))
  const others = paragraphs
    .filter(([name]) => !titles.has(name))
    .map(([name, sentences]): Passage => ({ title: name, text: tidy(sentences.join(' ')) }))
    .filter(({ text }) => text !== '')
  const reading = {
    source: 'hotpotqa',
    id,
    kind: type ?? 'question',
    question,
    ...answered,
    supporting: [...supporting.values()],
    others,
  } as const
  return resultOf(reading, broken.length, options)
}

/** Some records leave out the sentence that has the answer, in a paragraph that they name: without it none could answer. */
function sentenceWithAnswer(
  paragraphs: Iterable<Paragraph>,
  answered: { answer: string; aliases: string[] },
): Passage | null {
  for (const [name, sentences] of paragraphs) {
    const text = sentences.find((each) => standsIn([each], answered))
    if (text !== undefined) return { title: name, text: tidy(text) }
  }
  return null
}
