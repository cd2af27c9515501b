// A-Mem (arXiv 2502.12110): what is told becomes a note with keywords, tags and a context; it is linked to those nearest to
// it, whose own notes evolve with it. Looking something up goes along the links.
import type { MemoryRecord } from '../../record/trajectory.ts'
import type { Body, Play } from '../agent.ts'
import { askJson } from '../asides/json.ts'
import { baseline, bring } from '../baseline.ts'
import { aMemAsides, evolveAside, evolvePrompt, noteAside, notePrompt, type Note } from './asides.ts'

const linksOf = ({ metadata }: MemoryRecord): string[] => {
  const links = metadata.extra['links']
  return Array.isArray(links) ? links.filter((id) => typeof id === 'string') : []
}

/** §3.1 to §3.3: construction, links, evolution. A note whose asides could not be read has no keywords, or no links. */
async function* remember(content: string, body: Body): Play<void> {
  const { memory, settings } = body
  const note: Note = (yield* askJson(noteAside, notePrompt(content), body)) ?? { keywords: [], tags: [], context: '' }
  const found = await memory.search(content, { topK: settings.top_k })
  const known = new Map((await memory.list()).map((entry) => [entry.id, entry]))
  const near = found.flatMap(({ id }) => known.get(id) ?? [])
  const evolved = near.length === 0 ? null : yield* askJson(evolveAside, evolvePrompt(content, note, near), body)
  const links = near.map(({ id }) => id).filter((id) => evolved?.links.includes(id))
  const { tags, keywords, context } = { ...note }
  const added = await memory.add(content, { tags, type: 'note', extra: { keywords, context, links } })
  for (const entry of near) {
    const change = evolved?.neighbours.find(({ id }) => id === entry.id)
    const linked = links.includes(entry.id)
    if (!change && !linked) continue
    const { extra } = entry.metadata
    await memory.update(entry.id, entry.content, {
      tags: change?.tags ?? entry.metadata.tags,
      extra: { ...extra, context: change?.context ?? extra['context'], links: linked ? [...linksOf(entry), added.id] : linksOf(entry) },
    })
  }
}

/** §3.4: the notes nearest to the question, and behind them as many of those that they are linked to. */
async function* lookUp(query: string, body: Body): Play<void> {
  const { memory, settings } = body
  const entries = await memory.list()
  const ranked = await memory.search(query, { topK: Math.max(1, entries.length) })
  const nearest = ranked.slice(0, settings.top_k)
  const links = new Set(entries.filter(({ id }) => nearest.some((hit) => hit.id === id)).flatMap(linksOf))
  const linked = ranked.slice(settings.top_k).filter(({ id }) => links.has(id)).slice(0, settings.top_k)
  yield* bring(query, [...nearest, ...linked], body)
}

export const aMem = baseline({
  line: 'notes with keywords, tags and links, which evolve with new ones',
  follows: { title: 'A-Mem: Agentic Memory for LLM Agents', address: 'https://arxiv.org/abs/2502.12110' },
  remembers: true,
  asides: aMemAsides,
  create: () => ({
    async *recall(queries, body) {
      for (const query of queries) yield* lookUp(query, body)
    },
    async *tend(told, body) {
      for (const content of told) yield* remember(content, body)
    },
  }),
})
