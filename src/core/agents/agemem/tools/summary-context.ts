import { z } from 'zod'
import { messagesOfSpan } from '../../../record/context.ts'
import { quoted } from '../../../text.ts'
import { summaryConversation, summaryForm } from '../summary.ts'
import { fail, messages, tool } from './tool.ts'

/** Eq. 14: the policy itself writes the summary. */
export const summaryContext = tool({
  description: 'Replace earlier messages of the conversation by one summary.',
  arguments: z.object({
    span: z.string().min(1).describe('"all", or the number of last rounds to replace by one summary.'),
  }),
  grammar: { span: '"\\"" ("all" | [1-9] [0-9]*) "\\""' },
  async *run({ span }, body) {
    const { context } = body
    const removed = messagesOfSpan(context.messages, span, context.round)
    if (removed === null) return fail('invalid-arguments', `span must be "all" or a number of rounds, not ${quoted(span)}.`)
    if (removed.length === 0) return fail('nothing-to-do', 'there is nothing to summarise.')
    const { text } = yield* body.ask('summarise', summaryConversation(context.messages, removed), summaryForm)
    context.summarise(span, removed, `Summary: ${text.trim()}`)
    return { result: `Summarised ${messages(removed.length)}.` }
  },
})
