// What each tool takes, as far as a call has to be read or written: types and ranges of the arguments, by their schemas.
import { z } from 'zod'
import { mustFit } from '../../../fit.ts'
import { recordOf } from '../../../table.ts'
import { toolNames, tools } from '../tools/index.ts'

const propertySchema = z.object({
  type: z.enum(['string', 'boolean', 'integer', 'object']),
  /** What a prompt says of it. */
  description: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
})
export type Property = z.infer<typeof propertySchema>

const parametersSchema = z.object({
  properties: z.record(z.string(), propertySchema),
  required: z.array(z.string()).default([]),
})

/** The arguments of each tool by name, in the schema's order, and which of them a call must have. */
export const toolParameters = recordOf(toolNames, (tool) => mustFit(parametersSchema, z.toJSONSchema(tools[tool].arguments, { io: 'input' })))
