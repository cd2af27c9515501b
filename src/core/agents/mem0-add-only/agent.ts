// Mem0 in its present form: one question a turn, and entries are only ever added, with links to those that they have to do
// with. Simplified: what is found is ranked by nearness alone, without words and entities counted beside it.
import { z } from 'zod'
import { aside } from '../asides/aside.ts'
import { entriesIn, linesOf, nearestTo, type Entry } from '../asides/entries.ts'
import { listOf, objectOf } from '../asides/json.ts'
import { namesIn, statementsIn } from '../asides/rules/statements.ts'
import { relationTo } from '../asides/rules/topics.ts'
import { baseline, recallNearest } from '../baseline.ts'

/** Entries that a message is held against. */
const shown = 10
const most = 8

const extractNew = aside({
  purpose: 'extract-new-facts',
  asks:
    'Below is what a user said, and the entries of the memory nearest to it. List what is new in it and may be asked for later, each as one plain sentence ' +
    'that can be understood by itself, with the ids of the entries that it has to do with. A change is a new fact. Leave out what an entry says already, and small talk.\n' +
    'Form: {"memory": [{"text": "…", "links": ["m1"]}]}',
  sections: ({ told, known }: { told: readonly string[]; known: readonly Entry[] }) => ({ Messages: told, Memory: linesOf(known) }),
  answer: objectOf({ memory: listOf(objectOf({ text: 'string', links: listOf('string', 4) }), most) }),
  schema: z.object({ memory: z.array(z.object({ text: z.string().trim().min(1), links: z.array(z.string()).max(64).default([]) })).max(64) }),
  rule: (section) => {
    const known = entriesIn(section('Memory'))
    const fresh = statementsIn(section('Messages')).filter((statement) => !known.some(({ content }) => relationTo(content, statement) === 'same'))
    return {
      memory: fresh.map((statement) => {
        const names = new Set(namesIn(statement))
        return { text: statement, links: known.filter(({ content }) => namesIn(content).some((name) => names.has(name))).map(({ id }) => id) }
      }),
    }
  },
})

export const mem0AddOnly = baseline({
  line: 'extracts what is new from each turn, only ever adds, and links entries (Mem0, present form)',
  follows: { title: 'Mem0', address: 'https://docs.mem0.ai/' },
  remembers: true,
  asides: [extractNew],
  create: () => ({
    recall: recallNearest,
    async *tend(told, body) {
      const known = await nearestTo(told, shown, body)
      const found = yield* extractNew.ask({ told, known }, body)
      const ids = new Set(known.map(({ id }) => id))
      for (const { text: content, links } of found?.memory ?? []) {
        const linked = links.filter((id) => ids.has(id))
        await body.memory.add(content, { tags: [], type: null, extra: linked.length > 0 ? { links: linked } : {} })
      }
    },
  }),
})
