// Reads MuSiQue records (Trivedi et al. 2022). Knows nothing of files.
import { z } from 'zod'
import { containsPhrase } from '../text.ts'
import { defaultReadOptions, fitRecord, prose, recordId, taskOf, type ReadOptions, type RecordResult } from './record.ts'

const maxParagraphs = 200

const musiqueSchema = z.object({
  question: prose(4000),
  answer: prose(2000),
  answer_aliases: z.array(z.string().max(2000)).max(200).optional(),
  answerable: z.boolean().optional(),
  question_decomposition: z
    .array(z.object({ answer: z.string().max(2000).optional() }))
    .max(20)
    .optional(),
  paragraphs: z
    .array(z.object({ title: prose(500), paragraph_text: prose(40_000), is_supporting: z.boolean() }))
    .min(1)
    .max(maxParagraphs),
})

/** The record's id, null when it has none that can be read. */
export function musiqueId(record: unknown): string | null {
  const read = z.object({ id: recordId }).safeParse(record)
  return read.success ? (read.data.id ?? null) : null
}

/** A MuSiQue record as a task. `id` names it where it has no id of its own. */
export function readMusique(record: unknown, id: string, options: ReadOptions = defaultReadOptions): RecordResult {
  const read = fitRecord(musiqueSchema, record)
  if (!('data' in read)) return read
  const { question, answer, answer_aliases, answerable, question_decomposition: steps = [], paragraphs } = read.data
  if (answerable === false) return { field: 'answerable', message: 'The question cannot be answered from its paragraphs, so it is no task' }
  const supporting = paragraphs.filter((paragraph) => paragraph.is_supporting)
  if (supporting.length === 0) return { field: 'paragraphs', message: 'needs at least one paragraph with is_supporting true' }
  const aliases = [...new Set(answer_aliases)].filter((alias) => alias.trim() !== '' && alias !== answer)
  const wanted = [answer, ...aliases, ...steps.flatMap((step) => step.answer ?? [])]
  return {
    task: taskOf(
      {
        source: 'musique',
        id,
        kind: steps.length > 0 ? `${steps.length}-hop` : 'question',
        question,
        answer,
        aliases,
        supporting: supporting.map(({ title, paragraph_text }) => ({ title, text: condense(paragraph_text, wanted) })),
        others: paragraphs.filter((paragraph) => !paragraph.is_supporting).map(({ title, paragraph_text }) => ({ title, text: paragraph_text })),
      },
      options,
    ),
  }
}

/** A supporting paragraph is told whole up to this length, characters. */
const factLength = 900

/**
 * A long paragraph cut to about `factLength`: its first sentence, the first sentence with each phrase that a step of
 * the question needs, and then as many of the others, in order, as there is room for.
 */
export function condense(text: string, wanted: readonly string[]): string {
  if (text.length <= factLength) return text
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
    if (length + sentence.length <= factLength) keep(index)
  })
  return sentences.filter((_, index) => kept.has(index)).join(' ')
}
