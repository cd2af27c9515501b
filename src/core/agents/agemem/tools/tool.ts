// What a memory tool is (§3.2, A.1). Each is a file of this folder and a line of index.ts; everything else loops over them.
import type { z } from 'zod'
import { mustFit } from '../../../fit.ts'
import type { Body, CallOutcome, NewMetadata, Work } from '../../agent.ts'

export interface Tool {
  /** What a prompt says of it. */
  readonly description: string
  /** Schema of its arguments, each with what a prompt says of it. */
  readonly arguments: z.ZodType
  /** What the reply grammar lets stand in an argument whose schema takes more than means anything (EBNF). */
  readonly grammar: Readonly<Record<string, string>>
  /** @throws MisfitError when the arguments do not fit, MemoryNotFoundError */
  run: (given: Record<string, unknown>, body: Body) => Work
}

interface ToolOf<S extends z.ZodType> {
  description: string
  arguments: S
  grammar?: Readonly<Record<string, string>>
  run: (given: z.output<S>, body: Body) => Work
}

export function tool<S extends z.ZodType>({ description, arguments: schema, grammar = {}, run }: ToolOf<S>): Tool {
  return { description, arguments: schema, grammar, run: (given, body) => run(mustFit(schema, given), body) }
}

type ToolError = 'unknown-tool' | 'invalid-arguments' | 'unknown-id' | 'not-confirmed' | 'nothing-to-do'

export const fail = (error: ToolError, result: string): CallOutcome => ({ result: `Error: ${result}`, error })

/** The metadata argument as the store keeps it: tags apart, the rest in extra. */
export function metadataOf(given: Record<string, unknown> = {}): Omit<NewMetadata, 'type'> {
  const { tags, ...extra } = given
  return { tags: Array.isArray(tags) ? tags.filter((tag): tag is string => typeof tag === 'string') : [], extra }
}

/** "1 message", "2 messages". */
export const messages = (count: number) => `${count} ${count === 1 ? 'message' : 'messages'}`
