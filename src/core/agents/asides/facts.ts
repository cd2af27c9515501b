// Facts out of what was told: the question that most agents begin with.
import { z } from 'zod'
import { aside } from './aside.ts'
import { listOf, objectOf } from './json.ts'
import { statementsIn } from './rules/statements.ts'

/** Of one turn at most. */
const mostFacts = 8

export const extractFacts = aside({
  purpose: 'extract-facts',
  asks:
    'Below is what a user said. List the facts in it that may be asked for later: who somebody is, where they live, what they like, plans, dates, corrections. ' +
    'Write each as one plain sentence that can be understood by itself, with full names. Leave out greetings, small talk and questions. ' +
    'If there is none, the list is empty.\nForm: {"facts": ["…", …]}',
  sections: (messages: readonly string[]) => ({ Messages: messages }),
  answer: objectOf({ facts: listOf('string', mostFacts) }),
  schema: z.object({ facts: z.array(z.string().trim().min(1)).max(64) }),
  rule: (section) => ({ facts: statementsIn(section('Messages')).slice(0, mostFacts) }),
})
