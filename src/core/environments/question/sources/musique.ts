// Reads MuSiQue records (Trivedi et al. 2022). Knows nothing of files.
import { z } from 'zod'
import { fit, misfitWords } from '../../../fit.ts'
import { containsPhrase } from '../../../text.ts'
import { isObject } from '../../../is-object.ts'
import { listOf } from './forms.ts'
import { answerOf, defaultReadOptions, fitRecord, prose, recordId, resultOf, type ReadOptions, type RecordProblem, type RecordResult } from './record.ts'

/** Further paragraphs are not looked at. */
const maxParagraphs = 1000

const musiqueSchema = z.object({
  question: prose(4000),
  answerable: z.boolean().nullish(),
  question_decomposition: z
    .array(z.object({ answer: z.string().max(2000).nullish(), paragraph_support_idx: z.number().int().nullish() }))
    .max(20)
    .nullish(),
  paragraphs: z.array(z.unknown()).min(1),
})

const paragraphSchema = z.object({ idx: z.number().int().nullish(), title: prose(500), paragraph_text: prose(40_000), is_supporting: z.boolean() })
type Paragraph = z.infer<typeof paragraphSchema> & { idx: number }

const unanswerable: RecordProblem = { field: 'answerable', message: 'The question cannot be answered from its paragraphs, so it is no task' }

/** The record's id, null when it has none that can be read. */
export function musiqueId(record: unknown): string | null {
  const read = z.object({ id: recordId }).safeParse(record)
  return read.success ? (read.data.id ?? null) : null
}

/** The paragraphs that can be read, and how many cannot; a problem when one that is needed cannot. */
function paragraphsOf(given: readonly unknown[], needed: ReadonlySet<number>): { paragraphs: Paragraph[]; dropped: number } | RecordProblem {
  const paragraphs: Paragraph[] = []
  let dropped = 0
  for (const [at, each] of given.slice(0, maxParagraphs).entries()) {
    const read = fit(paragraphSchema, each)
    if (read.success) {
      paragraphs.push({ ...read.data, idx: read.data.idx ?? at })
      continue
    }
    const { path } = read.misfit
    const field = `paragraphs.${at}${path === '' ? '' : `.${path}`}`
    const problem = { field, message: misfitWords({ ...read.misfit, path: '' }, '') }
    const known = isObject(each) ? each['is_supporting'] : false
    const idx = isObject(each) && typeof each['idx'] === 'number' ? each['idx'] : at
    if (known !== false || needed.has(idx)) return { ...problem, message: `${problem.message}; the question ${known === true ? 'needs' : 'may need'} this paragraph` }
    dropped++
  }
  return { paragraphs, dropped }
}

/** A MuSiQue record as a task. `id` names it where it has no id of its own. */
export function readMusique(record: Readonly<Record<string, unknown>>, id: string, options: ReadOptions = defaultReadOptions): RecordResult {
  if (record['answerable'] === false) return unanswerable
  const answered = answerOf(record)
  if (!('answer' in answered)) return answered
  const read = fitRecord(musiqueSchema, record)
  if (!('data' in read)) return read
  const { question, question_decomposition, paragraphs: given } = read.data
  const steps = question_decomposition ?? []
  // Records that cannot be answered have null where a step's paragraph was taken out.
  if (listOf(record['question_decomposition']).some((step) => isObject(step) && step['paragraph_support_idx'] === null)) return unanswerable
  const needed = new Set(steps.flatMap(({ paragraph_support_idx }) => paragraph_support_idx ?? []))
  const found = paragraphsOf(given, needed)
  if (!('paragraphs' in found)) return found
  const { paragraphs, dropped } = found
  const supporting = paragraphs.filter((paragraph) => paragraph.is_supporting)
  if (supporting.length === 0) return { field: 'paragraphs', message: 'needs at least one paragraph with is_supporting true' }
  const lost = [...needed].find((index) => !supporting.some(({ idx }) => idx === index))
  if (lost !== undefined) {
    return { field: 'question_decomposition', message: `A step needs the paragraph ${lost}, which is not among those with is_supporting true` }
  }
  const { answer, aliases } = answered
  const wanted = [answer, ...aliases, ...steps.flatMap((step) => step.answer ?? [])]
  const reading = {
    source: 'musique',
    id,
    kind: steps.length > 0 ? `${steps.length}-hop` : 'question',
    question,
    answer,
    aliases,
    supporting: supporting.map(({ title, paragraph_text }) => ({ title, text: condense(paragraph_text, wanted) })),
    others: paragraphs.filter((paragraph) => !paragraph.is_supporting).map(({ title, paragraph_text }) => ({ title, text: paragraph_text })),
  } as const
  return resultOf(reading, dropped, options)
}

/** A supporting paragraph is told whole up to this length, characters. */
const factLength = 900

/**
 * A long paragraph cut to about `most` characters: its first sentence, the first sentence with each phrase that a step of
 * the question needs, and then as many of the others, in order, as there is room for.
 */
export function condense(text: string, wanted: readonly string[], most = factLength): string {
  if (text.length <= most) return text
  const sentences = text.split(/(?<=[.!?]["”)]?)\s+(?=["“(]?[\p{Lu}\d])/u)
  const kept = new Set<number>()
  let length = 0
  const keep = (index: number) => {
    if (kept.has(index)) return
    kept.add(index)
    length += (sentences[index]?.length ?? 0) + 1
  }
  keep(0)
  for (const phrase of wanted) {
    const index = sentences.findIndex((sentence) => containsPhrase(sentence, phrase))
    if (index >= 0) keep(index)
  }
  sentences.forEach((sentence, index) => {
    if (length + sentence.length <= most) keep(index)
  })
  return sentences.filter((_, index) => kept.has(index)).join(' ')
}
