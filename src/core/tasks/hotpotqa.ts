// Reads HotpotQA records (Yang et al. 2018), as list of pairs and in the dictionary form of Hugging Face. Knows nothing
// of files.
import { z } from 'zod'
import { defaultReadOptions, fitRecord, prose, recordId, taskOf, tidy, type Passage, type ReadOptions, type RecordResult } from './record.ts'

const title = prose(500)
const sentence = z.string().max(10_000)
const maxParagraphs = 200
const maxSentences = 1000

const shared = {
  question: prose(4000),
  answer: prose(2000),
  type: z.string().max(100).optional(),
}

const pairsSchema = z.object({
  ...shared,
  context: z.array(z.tuple([title, z.array(sentence).max(maxSentences)])).max(maxParagraphs),
  supporting_facts: z.array(z.tuple([title, z.number().int().nonnegative()])).min(1).max(maxParagraphs),
})

const dictionarySchema = z
  .object({
    ...shared,
    context: z.object({ title: z.array(title).max(maxParagraphs), sentences: z.array(z.array(sentence).max(maxSentences)).max(maxParagraphs) }),
    supporting_facts: z.object({ title: z.array(title).min(1).max(maxParagraphs), sent_id: z.array(z.number().int().nonnegative()).max(maxParagraphs) }),
  })
  .refine(({ context }) => context.title.length === context.sentences.length, {
    path: ['context', 'sentences'],
    message: 'needs as many lists of sentences as there are titles',
  })
  .refine(({ supporting_facts: { title, sent_id } }) => title.length === sent_id.length, {
    path: ['supporting_facts', 'sent_id'],
    message: 'needs as many sentence numbers as there are titles',
  })

type Pairs = z.infer<typeof pairsSchema>

const identified = z.object({ _id: recordId, id: recordId })

/** The record's id, null when it has none that can be read. */
export function hotpotId(record: unknown): string | null {
  const read = identified.safeParse(record)
  return read.success ? (read.data._id ?? read.data.id ?? null) : null
}

/** A HotpotQA record in the list-of-pairs form as a task. `id` names it where it has no id of its own. */
export function readHotpotPairs(record: unknown, id: string, options: ReadOptions = defaultReadOptions): RecordResult {
  const read = fitRecord(pairsSchema, record)
  return 'data' in read ? fromPairs(read.data, id, options) : read
}

/** A HotpotQA record in the dictionary form as a task. `id` names it where it has no id of its own. */
export function readHotpotDictionary(record: unknown, id: string, options: ReadOptions = defaultReadOptions): RecordResult {
  const read = fitRecord(dictionarySchema, record)
  if (!('data' in read)) return read
  const { context, supporting_facts: supporting, ...rest } = read.data
  const pairs: Pairs = {
    ...rest,
    context: context.title.map((each, index) => [each, context.sentences[index] ?? []]),
    supporting_facts: supporting.title.map((each, index) => [each, supporting.sent_id[index] ?? 0]),
  }
  return fromPairs(pairs, id, options)
}

function fromPairs({ question, answer, type, context, supporting_facts }: Pairs, id: string, options: ReadOptions): RecordResult {
  const paragraphs = new Map(context)
  const supporting = new Map<string, Passage>()
  for (const [index, [about, at]] of supporting_facts.entries()) {
    const sentences = paragraphs.get(about)
    if (!sentences) return { field: `supporting_facts.${index}`, message: `There is no paragraph "${about}" in context` }
    const text = tidy(sentences[at] ?? '')
    if (text === '') return { field: `supporting_facts.${index}`, message: `The paragraph "${about}" has no sentence ${at} (it has ${sentences.length}, counted from 0)` }
    // Some records name the same sentence twice.
    supporting.set(`${at} ${about}`, { title: about, text })
  }
  const used = new Set(supporting_facts.map(([about]) => about))
  const others = context
    .filter(([about]) => !used.has(about))
    .map(([about, sentences]): Passage => ({ title: about, text: tidy(sentences.join(' ')) }))
    .filter(({ text }) => text !== '')
  return {
    task: taskOf({ source: 'hotpotqa', id, kind: type ?? 'question', question, answer, aliases: [], supporting: [...supporting.values()], others }, options),
  }
}
