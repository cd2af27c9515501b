// The six memory tools (§3.2, A.1) as schemas: what a call must look like, and what a prompt says of it.
import { z } from 'zod'

export const toolNames = [
  'Add_memory',
  'Update_memory',
  'Delete_memory',
  'Retrieve_memory',
  'Summary_context',
  'Filter_context',
] as const
export type ToolName = (typeof toolNames)[number]

const metadata = z.record(z.string(), z.unknown())

export const toolSchemas = {
  Add_memory: z.object({
    content: z.string().trim().min(1).describe('What to remember, as one plain statement.'),
    metadata: metadata.optional().describe('Anything to find it by, for example {"tags": ["travel"]}.'),
    memory_type: z.string().optional().describe('A kind of your choice, for example "fact" or "preference".'),
  }),
  Update_memory: z.object({
    memory_id: z.string().min(1).describe('Id of the entry, from an earlier retrieval.'),
    content: z.string().trim().min(1).describe('The new content; it replaces the old.'),
    metadata: metadata.optional().describe('Replaces the metadata when given.'),
  }),
  Delete_memory: z.object({
    memory_id: z.string().min(1).describe('Id of the entry, from an earlier retrieval.'),
    confirmation: z.boolean().describe('Must be true, or nothing is deleted.'),
  }),
  Retrieve_memory: z.object({
    query: z.string().trim().min(1).describe('What to look for.'),
    top_k: z.number().int().min(1).max(50).optional().describe('How many entries at most; 3 when left out.'),
    metadata_filter: metadata.optional().describe('Entries must match every field.'),
  }),
  Summary_context: z.object({
    span: z.string().min(1).describe('"all", or the number of last rounds to replace by one summary.'),
  }),
  Filter_context: z.object({
    criteria: z.string().trim().min(1).describe('What to REMOVE: messages about this leave the context.'),
  }),
} as const satisfies Record<ToolName, z.ZodType>

export const toolDescriptions: Record<ToolName, string> = {
  Add_memory: 'Store a new entry in long-term memory.',
  Update_memory: 'Replace an entry of long-term memory that is no longer right.',
  Delete_memory: 'Remove an entry from long-term memory.',
  Retrieve_memory: 'Search long-term memory; the hits come into the conversation with their ids.',
  Summary_context: 'Replace earlier messages of the conversation by one summary.',
  Filter_context: 'Remove messages from the conversation that match a description.',
}

export function isToolName(name: string): name is ToolName {
  return toolNames.some((tool) => tool === name)
}

/** The tools in the shape that prompts and function-calling interfaces use: name, description, JSON schema. */
export function toolDefinitions(): { name: ToolName; description: string; parameters: unknown }[] {
  return toolNames.map((name) => {
    const { $schema: _, ...parameters } = z.toJSONSchema(toolSchemas[name])
    return { name, description: toolDescriptions[name], parameters }
  })
}
