// The options of a command that is a process of its own, such as a check or a benchmark: --help prints what there is and ends
// with 0, what is not allowed ends with 2 and a sentence. Asked first, before anything of the command runs. Knows no command.
import { z } from 'zod'
import { ArgumentError, readGiven } from './options.ts'

interface Command<T> {
  /** As it is typed: npm run fuzz. */
  command: string
  /** What it does, for --help. */
  does: string
  schema: z.ZodType<T>
  /** What each option takes, in words. */
  takes: Readonly<Record<string, string>>
  /** Of the options: those without a value, those that may be given more than once, and the one of bare words. */
  flags?: readonly string[]
  repeated?: readonly string[]
  bare?: string
}

/** Text as a list, cut at commas, of what is offered. */
export const listOf = <T extends string>(offered: readonly T[]) => z.string().transform((text) => text.split(',')).pipe(z.array(z.enum(offered)))

/** Text as a number of at least so much. */
export const numberFrom = (least: number) => z.string().regex(/^\d+(\.\d+)?$/).transform(Number).pipe(z.number().min(least))

/** Ends this process with a text for people. */
function endProcess(status: 0 | 2, text: string): never {
  const stream = status === 0 ? process.stdout : process.stderr
  stream.write(`${text}\n`)
  process.exit(status)
}

/** What was given to this process, or its end. */
export function given<T>({ command, does, schema, takes, flags = [], repeated = [], bare }: Command<T>, args: readonly string[] = process.argv.slice(2), end: (status: 0 | 2, text: string) => never = endProcess): T {
  const names = Object.keys(takes).filter((name) => name !== bare)
  const options = Object.fromEntries(names.map((name) => [name, { type: flags.includes(name) ? ('boolean' as const) : ('string' as const), multiple: repeated.includes(name) }]))
  const width = Math.max(...Object.keys(takes).map((name) => name.length), 'help'.length) + 2
  const line = (name: string, what: string, dashes = '--') => `  ${dashes}${name.padEnd(width)}${what}`
  const usage = [
    `${command}${bare === undefined && names.length === 0 ? '' : ` -- ${bare === undefined ? '' : `[${bare} …] `}[options]`}`,
    '',
    does,
    '',
    ...Object.entries(takes).map(([name, what]) => (name === bare ? line(name, what, '  ') : line(name, what))),
    line('help', 'prints this'),
    '',
    'Exit status: 0 done, 1 failed, 2 wrong arguments.',
  ].join('\n')
  try {
    const read = readGiven(args, { options, schema, takes, hint: `${command} -- --help says what there is.`, ...(bare === undefined ? {} : { bare }) })
    return read === 'help' ? end(0, usage) : read
  } catch (error) {
    if (error instanceof ArgumentError) return end(2, error.message)
    throw error
  }
}
