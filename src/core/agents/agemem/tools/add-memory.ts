import { z } from 'zod'
import { metadataOf, tool } from './tool.ts'

export const addMemory = tool({
  description: 'Store a new entry in long-term memory.',
  arguments: z.object({
    content: z.string().trim().min(1).describe('What to remember, as one plain statement.'),
    metadata: z.record(z.string(), z.unknown()).optional().describe('Anything to find it by, for example {"tags": ["travel"]}.'),
    memory_type: z.string().optional().describe('A kind of your choice, for example "fact" or "preference".'),
  }),
  async run({ content, metadata, memory_type: type = null }, { memory }) {
    const { id } = await memory.add(content, { ...metadataOf(metadata), type })
    return { result: `Stored as ${id}.` }
  },
})
