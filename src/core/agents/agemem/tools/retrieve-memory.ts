import { z } from 'zod'
import { memoryLine } from '../memory-lines.ts'
import { tool } from './tool.ts'

export const retrieveMemory = tool({
  description: 'Search long-term memory; the hits come into the conversation with their ids.',
  arguments: z.object({
    query: z.string().trim().min(1).describe('What to look for.'),
    top_k: z.number().int().min(1).max(50).optional().describe('How many entries at most; 3 when left out.'),
    metadata_filter: z.record(z.string(), z.unknown()).optional().describe('Entries must match every field.'),
  }),
  async run({ query, top_k, metadata_filter: filter }, { memory, settings }) {
    const hits = await memory.search(query, { topK: top_k ?? settings.top_k, filter })
    memory.deliver(query, hits)
    return { result: hits.length > 0 ? hits.map(memoryLine).join('\n') : 'Nothing found.' }
  },
})
