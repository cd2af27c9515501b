// Mem0 in its first form: facts are extracted from each turn, and for each it is decided against the nearest entries whether
// to add, update, delete or do nothing. Simplified: no summary of the conversation stands beside the turn, and the
// assistant's own words are not mined.
import type { Body, NewMetadata, Play } from '../agent.ts'
import { nearestTo } from '../asides/entries.ts'
import { extractFacts } from '../asides/facts.ts'
import { baseline, recallNearest } from '../baseline.ts'
import { decide, type Operation } from './decide.ts'

/** Entries that each fact is held against, as in the paper. */
const shown = 10

/** What is to be done after a turn: of entries that were shown alone, each once. */
export async function* operationsFor(told: readonly string[], body: Body): Play<Operation[]> {
  const extracted = yield* extractFacts.ask(told, body)
  if (!extracted || extracted.facts.length === 0) return []
  const { facts } = extracted
  const known = await nearestTo(facts, shown, body)
  // Nothing can be decided against an empty memory.
  if (known.length === 0) return facts.map((text): Operation => ({ event: 'ADD', id: 'new', text }))
  const decided = yield* decide.ask({ facts, known }, body)
  const open = new Set(known.map(({ id }) => id))
  return (decided?.memory ?? []).filter(({ event, id, text }) => {
    switch (event) {
      case 'ADD':
        return text !== ''
      case 'UPDATE':
        return text !== '' && open.delete(id)
      case 'DELETE':
        return open.delete(id)
      case 'NONE':
        return false
    }
  })
}

/** @param metadataOf what stands beside a text that is stored */
export async function carryOut(operations: readonly Operation[], { memory }: Body, metadataOf: (text: string) => NewMetadata): Promise<void> {
  for (const { event, id, text } of operations) {
    if (event === 'DELETE') await memory.delete(id)
    else if (event === 'UPDATE') {
      const { tags, extra } = metadataOf(text)
      await memory.update(id, text, { tags, extra })
    } else await memory.add(text, metadataOf(text))
  }
}

export const mem0 = baseline({
  line: 'extracts facts from each turn, and adds, updates or deletes against the nearest (Mem0, first form)',
  follows: { title: 'Mem0', address: 'https://arxiv.org/abs/2504.19413' },
  remembers: true,
  asides: [extractFacts, decide],
  create: () => ({
    recall: recallNearest,
    async *tend(told, body) {
      await carryOut(yield* operationsFor(told, body), body, () => ({ tags: [], type: null, extra: {} }))
    },
  }),
})
