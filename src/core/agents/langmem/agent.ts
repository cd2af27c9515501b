// LangMem style: a manager in the background looks at each turn beside the entries nearest to it, and inserts, updates and
// deletes in one go. Simplified: it runs after every turn and not after a pause, and its entries are plain texts.
import { z } from 'zod'
import { aside } from '../asides/aside.ts'
import { entriesIn, linesOf, nearestTo, type Entry } from '../asides/entries.ts'
import { listOf, objectOf } from '../asides/json.ts'
import { statementsIn } from '../asides/rules/statements.ts'
import { relationTo } from '../asides/rules/topics.ts'
import { baseline, recallNearest } from '../baseline.ts'

/** Entries that it is shown for each message. */
const shown = 5
/** Of each kind in a turn. */
const most = 6
const content = z.string().trim().min(1)

const manage = aside({
  purpose: 'manage-memories',
  asks:
    'Below is what a user said, and the entries of the memory that may have to do with it. Keep the memory complete and true: ' +
    'insert what is new as one plain sentence each, update an entry that is no longer right, delete one that does not hold and has nothing in its place. ' +
    'Leave out small talk and what is there already.\n' +
    'Form: {"insert": ["…"], "update": [{"id": "m1", "content": "…"}], "delete": ["m2"]}',
  sections: ({ told, known }: { told: readonly string[]; known: readonly Entry[] }) => ({ Messages: told, Memory: linesOf(known) }),
  answer: objectOf({ insert: listOf('string', most), update: listOf(objectOf({ id: 'string', content: 'string' }), most), delete: listOf('string', most) }),
  schema: z.object({
    insert: z.array(content).max(64).default([]),
    update: z.array(z.object({ id: z.string(), content })).max(64).default([]),
    delete: z.array(z.string()).max(64).default([]),
  }),
  rule: (section) => {
    const known = entriesIn(section('Memory'))
    const ops: { insert: string[]; update: { id: string; content: string }[]; delete: string[] } = { insert: [], update: [], delete: [] }
    for (const statement of statementsIn(section('Messages'))) {
      const relations = known.map(({ id, content: kept }) => ({ id, to: relationTo(kept, statement) }))
      const decided = relations.find(({ to }) => to === 'same') ?? relations.find(({ to }) => to !== 'other')
      if (decided?.to === 'replaces') ops.update.push({ id: decided.id, content: statement })
      else if (decided?.to === 'ends') ops.delete.push(decided.id)
      else if (!decided) ops.insert.push(statement)
    }
    return ops
  },
})

export const langMem = baseline({
  line: 'a manager in the background inserts, updates and deletes after each turn (LangMem)',
  follows: { title: 'LangMem', address: 'https://langchain-ai.github.io/langmem/' },
  remembers: true,
  asides: [manage],
  create: () => ({
    recall: recallNearest,
    async *tend(told, body) {
      const { memory } = body
      const known = await nearestTo(told, shown, body)
      const ops = yield* manage.ask({ told, known }, body)
      if (!ops) return
      // Ids that it was not shown are of its own making: nothing is done about them.
      const ids = new Set(known.map(({ id }) => id))
      for (const { id, content: now } of ops.update) if (ids.has(id)) await memory.update(id, now)
      for (const id of ops.delete) if (ids.delete(id)) await memory.delete(id)
      for (const each of ops.insert) await memory.add(each, { tags: [], type: null, extra: {} })
    },
  }),
})
