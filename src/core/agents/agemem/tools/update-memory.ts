import { z } from 'zod'
import { metadataOf, tool } from './tool.ts'

export const updateMemory = tool({
  description: 'Replace an entry of long-term memory that is no longer right.',
  arguments: z.object({
    memory_id: z.string().min(1).describe('Id of the entry, from an earlier retrieval.'),
    content: z.string().trim().min(1).describe('The new content; it replaces the old.'),
    metadata: z.record(z.string(), z.unknown()).optional().describe('Replaces the metadata when given.'),
  }),
  async run({ memory_id, content, metadata }, { memory }) {
    const { id } = await memory.update(memory_id, content, metadata && metadataOf(metadata))
    return { result: `Updated ${id}.` }
  },
})
