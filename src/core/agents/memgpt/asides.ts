// What MemGPT asks: what to keep of a message, what to save before the context overflows, the summary that takes the place
// of older messages, and what to search for. With the rules that stand in for a policy which knows no such prompts; they
// read the prompt's own lines and nothing else.
import { z } from 'zod'
import type { AsideKind } from '../agent.ts'
import { jsonForm, listOf, objectOf, type JsonAside } from '../asides/json.ts'
import { namesIn, topicsIn } from '../asides/telling-words.ts'

/** What models write beyond is left out. */
const most = { texts: 4, queries: 3 }
const text = z.string().trim().max(2000)
const few = (count: number) => z.array(text).transform((all) => [...new Set(all.filter((each) => each !== ''))].slice(0, count))

const editSchema = z.object({
  append: few(most.texts),
  replace: z.array(z.object({ id: text, text: text.min(1) })).transform((all) => all.slice(0, most.texts)),
  archive: few(most.texts),
})
export type Edit = z.infer<typeof editSchema>
const saveSchema = z.object({ archive: few(most.texts) })
const searchSchema = z.object({ queries: few(most.queries) })

const system = 'You manage the memory of an assistant whose context is small. You answer in JSON and say nothing else.'
const texts = listOf('string', most.texts)

/** core_memory_append, core_memory_replace and archival_memory_insert of the paper, in one answer. */
export const editAside: JsonAside<typeof editSchema> = {
  purpose: 'memgpt-edit',
  system,
  form: jsonForm(objectOf({ append: texts, replace: listOf(objectOf({ id: 'string', text: 'string' }), most.texts), archive: texts })),
  schema: editSchema,
}

/** What the memory pressure warning asks for. */
export const saveAside: JsonAside<typeof saveSchema> = { purpose: 'memgpt-save', system, form: jsonForm(objectOf({ archive: texts })), schema: saveSchema }

/** archival_memory_search and conversation_search. */
export const searchAside: JsonAside<typeof searchSchema> = {
  purpose: 'memgpt-search',
  system,
  form: jsonForm(objectOf({ queries: listOf('string', most.queries) })),
  schema: searchSchema,
}

export const summaryPurpose = 'memgpt-summary'

const oneLine = (content: string) => content.replace(/\s+/g, ' ')
const lines = (of: readonly string[]) => of.map((each) => `\n- ${oneLine(each)}`).join('')
const linesIn = (prompt: string) => [...prompt.matchAll(/^- (.*)$/gm)].map(([, line = '']) => line)

const messageMark = '\nMessage: '
/** @param core lines of the core memory with their ids. @param room characters that it can still take */
export const editPrompt = (message: string, core: readonly { id: string; content: string }[], room: number): string =>
  [
    'A message came. Core memory always stands in the context, and is small; the archive is large, and has to be searched.',
    `Say what to append to core memory, which of its lines to replace, and what to put into the archive. Core memory has room for ${room} more characters.`,
    'Answer as {"append": ["…"], "replace": [{"id": "m1", "text": "…"}], "archive": ["…"]}; each may be empty.',
    'Core memory:',
    ...core.map(({ id, content }) => `[${id}] ${oneLine(content)}`),
  ].join('\n') + messageMark + oneLine(message)

export const savePrompt = (share: string, queue: readonly string[]): string =>
  `Warning, memory pressure: the context is ${share} full, and older messages will leave it soon. Say what of them to put into the archive.\nAnswer as {"archive": ["…"]}; it may be empty.\nMessages:${lines(queue)}`

export const summaryPrompt = (queue: readonly string[]): string =>
  `These messages leave the context. Put one short summary in their place; keep every name, number and date. A summary among them is of what left before.${lines(queue)}`

const questionMark = '\nQuestion: '
export const searchPrompt = (question: string): string =>
  `A question came. Say what to search the archive and the past messages for.\nAnswer as {"queries": ["…"]}.${questionMark}${oneLine(question)}`

/** Does it tell something of somebody or something by name? What only chats or asks does not. */
const tells = (content: string) => namesIn(content).length > 0 && topicsIn(content).length > 0 && !content.trim().endsWith('?')
const corrects = /\b(no longer|any ?more|out of date|wrong|mistaken|instead|correct(ed|ion)|actually|now|since then|changed?)\b/i

/** A line is replaced by what corrects it: of the same name and topic. What tells something is appended while there is room, else archived. */
function editByRule(prompt: string): string {
  const at = prompt.indexOf(messageMark)
  const message = prompt.slice(at + messageMark.length)
  const none: Edit = { append: [], replace: [], archive: [] }
  if (!tells(message)) return JSON.stringify(none)
  const core = [...prompt.slice(0, at).matchAll(/^\[(m\d+)\] (.*)$/gm)].map(([, id = '', line = '']) => ({ id, line }))
  const [names, topics] = [new Set(namesIn(message)), new Set(topicsIn(message))]
  const same = core.findLast(({ line }) => namesIn(line).some((name) => names.has(name)) && topicsIn(line).some((topic) => topics.has(topic)))
  if (same && corrects.test(message)) return JSON.stringify({ ...none, replace: [{ id: same.id, text: message }] })
  const room = Number(/room for (-?\d+) more/.exec(prompt)?.[1] ?? 0)
  return JSON.stringify(message.length <= room ? { ...none, append: [message] } : { ...none, archive: [message] })
}

const saveByRule = (prompt: string): string => JSON.stringify({ archive: linesIn(prompt).filter(tells).slice(0, most.texts) })

/** What tells something, word for word; the rest is left out. */
function summaryByRule(prompt: string): string {
  const told = linesIn(prompt).map((line) => line.replace(/^Summary: /, '')).filter(tells)
  return told.length === 0 ? 'Small talk.' : told.join(' ')
}

/** The question itself, and its names alone. */
function searchByRule(prompt: string): string {
  const question = prompt.slice(prompt.indexOf(questionMark) + questionMark.length)
  const names = namesIn(question).join(' ')
  return JSON.stringify({ queries: names === '' ? [question] : [question, names] })
}

export const memGptAsides: readonly AsideKind[] = [
  { purpose: editAside.purpose, byRule: editByRule },
  { purpose: saveAside.purpose, byRule: saveByRule },
  { purpose: summaryPurpose, byRule: summaryByRule },
  { purpose: searchAside.purpose, byRule: searchByRule },
]
