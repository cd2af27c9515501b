// Options of a command line: read, held against their schema, and refused by name. Knows no command.
import { parseArgs, type ParseArgsConfig } from 'node:util'
import { z } from 'zod'
import { messageOf } from '../src/core/error-message.ts'
import { fit } from '../src/core/fit.ts'

/** The command line cannot be run as it stands: exit status 2. */
export class ArgumentError extends Error {
  override readonly name = 'ArgumentError'
}

/** Of what parseArgs says, the part that names the mistake. */
export const firstSentence = (error: unknown): string => messageOf(error).split('. ')[0] ?? ''

/** The text of a whole number as the number. */
export const wholeNumber = (min: number, max: number) => z.string().regex(/^-?\d+$/).transform(Number).pipe(z.number().int().min(min).max(max))

interface Reading<T> {
  options: NonNullable<ParseArgsConfig['options']>
  schema: z.ZodType<T>
  /** What each option takes, in words. */
  takes: Readonly<Record<string, string>>
  /** Said where an option is missing or not known. */
  hint: string
  /** The name that words without an option go by; left out: there may be none. */
  bare?: string
}

/** The options of a command; 'help' when --help is among them. @throws ArgumentError naming what is wrong and what is allowed */
export function readGiven<T>(args: readonly string[], { options, schema, takes, hint, bare }: Reading<T>): T | 'help' {
  let values: Record<string, unknown>
  try {
    const read = parseArgs({ args: [...args], options: { ...options, help: { type: 'boolean', short: 'h' } }, strict: true, allowPositionals: bare !== undefined })
    values = { ...read.values, ...(bare !== undefined && read.positionals.length > 0 ? { [bare]: read.positionals } : {}) }
  } catch (error) {
    throw new ArgumentError(`${firstSentence(error)}. ${hint}`)
  }
  const { help, ...given } = values
  if (help === true) return 'help'
  const read = fit(schema, given)
  if (read.success) return read.data
  // Of a list, the place in it is no option.
  const [option = ''] = read.misfit.path.split('.')
  const allowed = takes[option] ?? 'something else'
  if (given[option] === undefined) throw new ArgumentError(`--${option} is missing: it takes ${allowed}. ${hint}`)
  throw new ArgumentError(`${option === bare ? option : `--${option}`}: "${String(given[option])}" is not allowed. It takes ${allowed}.`)
}
