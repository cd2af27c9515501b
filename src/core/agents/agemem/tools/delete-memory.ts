import { z } from 'zod'
import { fail, tool } from './tool.ts'

export const deleteMemory = tool({
  description: 'Remove an entry from long-term memory.',
  arguments: z.object({
    memory_id: z.string().min(1).describe('Id of the entry, from an earlier retrieval.'),
    confirmation: z.boolean().describe('Must be true, or nothing is deleted.'),
  }),
  async run({ memory_id, confirmation }, { memory }) {
    if (!confirmation) return fail('not-confirmed', 'nothing was deleted, because confirmation is not true.')
    const { id } = await memory.delete(memory_id)
    return { result: `Deleted ${id}.` }
  },
})
