// The memory tools, one file each, in the order in which prompts name them: a new one is a file and its line here.
import { z } from 'zod'
import { mustFit } from '../../../fit.ts'
import { namesOf } from '../../../table.ts'
import { addMemory } from './add-memory.ts'
import { deleteMemory } from './delete-memory.ts'
import { filterContext } from './filter-context.ts'
import { retrieveMemory } from './retrieve-memory.ts'
import { summaryContext } from './summary-context.ts'
import type { Tool } from './tool.ts'
import { updateMemory } from './update-memory.ts'

export const tools = {
  Add_memory: addMemory,
  Update_memory: updateMemory,
  Delete_memory: deleteMemory,
  Retrieve_memory: retrieveMemory,
  Summary_context: summaryContext,
  Filter_context: filterContext,
} satisfies Record<string, Tool>

export type ToolName = keyof typeof tools
export const toolNames: readonly ToolName[] = namesOf(tools)

export function isToolName(name: string): name is ToolName {
  return Object.hasOwn(tools, name)
}

/** JSON Schema of a tool's arguments, as far as it is read here. */
const parametersSchema = z.looseObject({
  properties: z.record(z.string(), z.looseObject({ type: z.string().optional(), description: z.string().optional() })).default({}),
  required: z.array(z.string()).default([]),
})
type Parameters = z.infer<typeof parametersSchema>

/** The tools in the shape that prompts and function-calling interfaces use: name, description, JSON schema. */
export function toolDefinitions(): { name: ToolName; description: string; parameters: Parameters }[] {
  return toolNames.map((name) => {
    const { $schema: _, ...parameters } = z.toJSONSchema(tools[name].arguments)
    return { name, description: tools[name].description, parameters: mustFit(parametersSchema, parameters) }
  })
}
