import { z } from 'zod'
import { dot } from '../../../dot.ts'
import { removableMessages } from '../../../record/context.ts'
import { messages, tool } from './tool.ts'

/** Eq. 15: what is at least θ similar to the criteria leaves. */
export const filterContext = tool({
  description: 'Remove messages from the conversation that match a description.',
  arguments: z.object({
    criteria: z.string().trim().min(1).describe('What to REMOVE: messages about this leave the context.'),
  }),
  async run({ criteria }, { context, embedder, settings }) {
    const candidates = removableMessages(context.messages, context.round)
    const [wanted, ...vectors] = await embedder.embed([criteria, ...candidates.map((message) => message.content)])
    const similarities = candidates.map(({ id }, i) => {
      const vector = vectors[i]
      return { id, similarity: wanted && vector ? dot(wanted, vector) : 0 }
    })
    const removed = context.filter(criteria, settings.theta, similarities)
    return { result: removed.length === 0 ? 'No message matches; nothing was removed.' : `Removed ${messages(removed.length)}.` }
  },
})
