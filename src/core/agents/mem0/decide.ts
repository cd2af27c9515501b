// Mem0's second question: what each new fact means for the entries nearest to it.
import { z } from 'zod'
import { aside } from '../asides/aside.ts'
import { entriesIn, linesOf, type Entry } from '../asides/entries.ts'
import { listOf, objectOf } from '../asides/json.ts'
import { relationTo } from '../asides/rules/topics.ts'

const most = 8
const event = '("\\"ADD\\"" | "\\"UPDATE\\"" | "\\"DELETE\\"" | "\\"NONE\\"")'

const operationSchema = z.object({
  event: z.enum(['ADD', 'UPDATE', 'DELETE', 'NONE']),
  /** Of the entry that it is about; anything for ADD. */
  id: z.string().default(''),
  text: z.string().trim().default(''),
})
export type Operation = z.infer<typeof operationSchema>

function decideByRule(fact: string, known: readonly Entry[]): Operation {
  const relations = known.map(({ id, content }) => ({ id, to: relationTo(content, fact) }))
  const decided = relations.find(({ to }) => to === 'same') ?? relations.find(({ to }) => to !== 'other')
  switch (decided?.to) {
    case 'same':
      return { event: 'NONE', id: decided.id, text: fact }
    case 'replaces':
      return { event: 'UPDATE', id: decided.id, text: fact }
    case 'ends':
      return { event: 'DELETE', id: decided.id, text: fact }
    default:
      return { event: 'ADD', id: 'new', text: fact }
  }
}

export const decide = aside({
  purpose: 'decide-operations',
  asks:
    'Below are new facts, and the entries of the memory nearest to them. Decide for each fact: ADD it if the memory says nothing of it (id "new"), ' +
    'UPDATE the entry that it corrects or completes (its id, and the new text), DELETE the entry that it says does not hold any more (its id), ' +
    'or NONE if an entry says it already.\n' +
    'Form: {"memory": [{"event": "ADD", "id": "new", "text": "…"}, {"event": "UPDATE", "id": "m1", "text": "…"}]}',
  sections: ({ facts, known }: { facts: readonly string[]; known: readonly Entry[] }) => ({ Facts: facts, Memory: linesOf(known) }),
  answer: objectOf({ memory: listOf(objectOf({ event, id: 'string', text: 'string' }), most) }),
  schema: z.object({ memory: z.array(operationSchema).max(64) }),
  rule: (section) => {
    const known = entriesIn(section('Memory'))
    return { memory: section('Facts').map((fact) => decideByRule(fact, known)) }
  },
})
