// Mem0 with a graph (§2.2 of its paper): of every stored fact the entities and their relations stand beside the entry, and
// what is looked up goes from the entities of a question along these relations. Simplified: the graph is the entries' own
// metadata and no database beside them, entities are the same by their names, and a relation ends with the fact it is of.
import { z } from 'zod'
import { normalise } from '../../text.ts'
import type { Hit, MemoryRecord } from '../../record/trajectory.ts'
import type { Body, Play } from '../agent.ts'
import { aside } from '../asides/aside.ts'
import { extractFacts } from '../asides/facts.ts'
import { listOf, objectOf } from '../asides/json.ts'
import { namesIn } from '../asides/rules/statements.ts'
import { relationIn } from '../asides/rules/relations.ts'
import { baseline, bring } from '../baseline.ts'
import { carryOut, operationsFor } from '../mem0/agent.ts'
import { decide } from '../mem0/decide.ts'

const most = 12
const name = z.string().trim().min(1).max(200)
const relationSchema = z.object({ source: name, relation: name, target: name })
type Relation = z.infer<typeof relationSchema>

const extractRelations = aside({
  purpose: 'extract-relations',
  asks:
    'Below are numbered facts. List the relations in them: who or what (source), what holds between the two (relation, in a few words), and who or what else (target), each with the number of its fact.\n' +
    'Form: {"relations": [{"fact": "1", "source": "…", "relation": "…", "target": "…"}]}',
  sections: (facts: readonly string[]) => ({ Facts: facts.map((fact, i) => `${i + 1}. ${fact}`) }),
  answer: objectOf({ relations: listOf(objectOf({ fact: 'string', source: 'string', relation: 'string', target: 'string' }), most) }),
  schema: z.object({ relations: z.array(relationSchema.extend({ fact: z.coerce.string() })).max(64) }),
  rule: (section) => ({
    relations: section('Facts').flatMap((line) => {
      const [, fact = '', content = ''] = /^(\d+)\. (.*)$/.exec(line) ?? []
      const relation = relationIn(content)
      return relation ? [{ fact, ...relation }] : []
    }),
  }),
})

const entitiesOf = aside({
  purpose: 'entities-of-question',
  asks: 'Below is a question. List the people, places and things by name that it is about.\nForm: {"entities": ["…"]}',
  sections: (queries: readonly string[]) => ({ Question: queries }),
  answer: objectOf({ entities: listOf('string', most) }),
  schema: z.object({ entities: z.array(name).max(64) }),
  rule: (section) => ({ entities: section('Question').flatMap(namesIn) }),
})

function relationsOf({ metadata }: MemoryRecord): Relation[] {
  const read = z.array(relationSchema).safeParse(metadata.extra['relations'])
  return read.success ? read.data : []
}

/** Entries whose relations touch what the question is about, and those one step further. */
function touched(entries: readonly MemoryRecord[], entities: readonly string[]): MemoryRecord[] {
  const known = new Set(entities.map(normalise))
  const found: MemoryRecord[] = []
  for (let hop = 0; hop < 2; hop++) {
    const next = entries.filter((entry) => !found.includes(entry) && relationsOf(entry).some(({ source, target }) => known.has(normalise(source)) || known.has(normalise(target))))
    found.push(...next)
    for (const { source, target } of next.flatMap(relationsOf)) known.add(normalise(source)).add(normalise(target))
  }
  return found
}

/** The nearest, and behind them as many that the graph leads to, those of the first hop before those of the second. */
async function* lookUp(query: string, body: Body): Play<void> {
  const { memory, settings } = body
  const entries = await memory.list()
  const asked = yield* entitiesOf.ask([query], body)
  const ranked = await memory.search(query, { topK: Math.max(1, entries.length) })
  const nearest = ranked.slice(0, settings.top_k)
  const led = touched(entries, asked?.entities ?? []).flatMap(({ id }): Hit[] => ranked.filter((hit) => hit.id === id && !nearest.includes(hit)))
  yield* bring(query, [...nearest, ...led.slice(0, settings.top_k)], body)
}

export const mem0Graph = baseline({
  line: 'Mem0 with entities and relations beside its entries, along which it looks up (Mem0, with a graph)',
  follows: { title: 'Mem0', address: 'https://arxiv.org/abs/2504.19413' },
  remembers: true,
  asides: [extractFacts, decide, extractRelations, entitiesOf],
  create: () => ({
    async *recall(queries, body) {
      for (const query of queries) yield* lookUp(query, body)
    },
    async *tend(told, body) {
      const operations = yield* operationsFor(told, body)
      const texts = operations.filter(({ event }) => event !== 'DELETE').map(({ text }) => text)
      const found = texts.length === 0 ? null : yield* extractRelations.ask(texts, body)
      await carryOut(operations, body, (text) => {
        const relations = (found?.relations ?? []).filter(({ fact }) => fact === String(texts.indexOf(text) + 1)).map(({ source, relation, target }) => ({ source, relation, target }))
        return { tags: [], type: null, extra: relations.length > 0 ? { relations } : {} }
      })
    },
  }),
})
