// What A-Mem asks: the note on a new text, and how its neighbours evolve. With the rules that stand in for a policy which
// knows no such prompts; they read the prompt's own lines and nothing else.
import { z } from 'zod'
import type { MemoryRecord } from '../../record/trajectory.ts'
import type { AsideKind } from '../agent.ts'
import { jsonForm, listOf, objectOf, type JsonAside } from '../asides/json.ts'
import { namesIn, topicsIn } from '../asides/telling-words.ts'

/** Of a note and of what is changed of one: what models write beyond is left out. */
const most = { keywords: 6, tags: 4, neighbours: 5 }
const text = z.string().trim().max(2000)
const few = (count: number) => z.array(text).transform((all) => [...new Set(all.filter((each) => each !== ''))].slice(0, count))

const noteSchema = z.object({ keywords: few(most.keywords), tags: few(most.tags), context: text })
export type Note = z.infer<typeof noteSchema>

const evolvedSchema = z.object({
  links: few(most.neighbours),
  neighbours: z.array(z.object({ id: text, tags: few(most.tags), context: text })).transform((all) => all.slice(0, most.neighbours)),
})

const system = 'You keep the notes of a memory. You answer in JSON and say nothing else.'

/** P_s1 of the paper: K, G and X of a note. */
export const noteAside: JsonAside<typeof noteSchema> = {
  purpose: 'a-mem-note',
  system,
  form: jsonForm(objectOf({ keywords: listOf('string', most.keywords), tags: listOf('string', most.tags), context: 'string' })),
  schema: noteSchema,
}

/** P_s2 and P_s3 in one, as in the authors' program: which notes belong together, and what the new one makes of the others. */
export const evolveAside: JsonAside<typeof evolvedSchema> = {
  purpose: 'a-mem-evolve',
  system,
  form: jsonForm(
    objectOf({
      links: listOf('string', most.neighbours),
      neighbours: listOf(objectOf({ id: 'string', tags: listOf('string', most.tags), context: 'string' }), most.neighbours),
    }),
  ),
  schema: evolvedSchema,
}

const textMark = '\nText: '
export const notePrompt = (content: string): string =>
  [
    'Take a note of this text: its keywords (names, numbers and things, the most telling first), tags (what kind of thing it is about) and its context (in one sentence, what it is about).',
    'Answer as {"keywords": ["…"], "tags": ["…"], "context": "…"}',
  ].join('\n') + textMark + content

/** On one line, without the bars that tell a note's parts apart. */
const oneLine = (content: string) => content.replace(/\s+/g, ' ').replaceAll('|', '/')
const listed = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : typeof value === 'string' ? value : '')

/** A note as it stands in a prompt, on one line: its parts are told apart by bars. */
function noteLine({ id, content, metadata: { tags, extra } }: Pick<MemoryRecord, 'id' | 'content' | 'metadata'>): string {
  return `[${id}] ${[content, listed(extra['keywords']), tags.join(', '), listed(extra['context'])].map(oneLine).join(' | ')}`
}

const newMark = '\nNew note: '
export const evolvePrompt = (content: string, note: Note, near: readonly MemoryRecord[]): string =>
  [
    'A new note comes to a memory. Each line is a note: [id] text | keywords | tags | context.',
    'Say which of the notes it belongs with, by their ids, and give new tags and a new context to those that it makes appear in another light.',
    'Answer as {"links": ["m1"], "neighbours": [{"id": "m1", "tags": ["…"], "context": "…"}]}; both may be empty.',
    ...near.map(noteLine),
  ].join('\n') + `${newMark}${[content, note.keywords.join(', '), note.tags.join(', '), note.context].map(oneLine).join(' | ')}`

/** The keywords are the names, then the rarer words; the tags what is said of them; the context both in a sentence. */
function noteByRule(prompt: string): string {
  const content = prompt.slice(prompt.indexOf(textMark) + textMark.length)
  const [names, topics] = [namesIn(content), topicsIn(content)]
  const about = [names.join(' and '), topics.slice(0, 3).join(', ')].filter((part) => part !== '')
  const note: Note = {
    keywords: [...names, ...topics].slice(0, most.keywords),
    tags: topics.slice(0, 2),
    context: about.length === 0 ? '' : `About ${about.join(': ')}.`,
  }
  return JSON.stringify(note)
}

/** Notes belong together that share a name; a neighbour that shares a topic too takes the new note into its context. */
function evolveByRule(prompt: string): string {
  const at = prompt.indexOf(newMark)
  const [content = ''] = prompt.slice(at + newMark.length).split(' | ')
  const names = new Set(namesIn(content))
  const topics = new Set(topicsIn(content))
  const linked = [...prompt.slice(0, at).matchAll(/^\[(m\d+)\] (.*)$/gm)]
    .map(([, id = '', line = '']) => {
      const [told = '', , tags = '', context = ''] = line.split(' | ')
      return { id, told, tags: tags.split(', ').filter((tag) => tag !== ''), context }
    })
    .filter(({ told }) => namesIn(told).some((name) => names.has(name)))
  const neighbours = linked
    .filter(({ told }) => topicsIn(told).some((topic) => topics.has(topic)))
    .map(({ id, tags, context }) => ({ id, tags: [...new Set([...tags, 'told again'])].slice(0, most.tags), context: `${context.split(' Since then: ')[0] ?? ''} Since then: ${content}`.trim() }))
  return JSON.stringify({ links: linked.map(({ id }) => id), neighbours })
}

export const aMemAsides: readonly AsideKind[] = [
  { purpose: noteAside.purpose, byRule: noteByRule },
  { purpose: evolveAside.purpose, byRule: evolveByRule },
]
