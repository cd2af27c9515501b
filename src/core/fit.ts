// Whether a value fits a schema, and if not, where and what is needed there, in our words. The only place that reads
// what Zod says; knows no schema.
import { z } from 'zod'

/** One thing that does not fit. */
interface Misfit {
  /** With dots, lists counted from 0: steps.3.reply.tokens; empty for the value as a whole. */
  path: string
  /** What the field needs, or what is wrong with it; the field is its subject: "needs a whole number from 1 to 8". */
  message: string
  /** What is there instead, where a word for it helps: "text", "null", "9". */
  got: string | null
}

export type Fit<T> = { success: true; data: T } | { success: false; misfit: Misfit }

/** Thrown with a sentence for people. */
export class MisfitError extends Error {
  override readonly name = 'MisfitError'
  constructor(
    what: string,
    readonly misfit: Misfit,
  ) {
    super(`${what}${misfitWords(misfit, '')}.`)
  }
}

/** "steps.3: needs a list, not text". @param whole name of the value as a whole */
export function misfitWords({ path, message, got }: Misfit, whole = 'the whole'): string {
  const where = path || whole
  return `${where}${where === '' ? '' : ': '}${message}${got === null ? '' : `, not ${got}`}`
}

// Not after the first thing that is wrong: a hostile file has a million of them.
const first = { error: wordsOf, reportInput: true, abortEarly: true }
const every = { error: wordsOf, reportInput: true }

/** The value as the schema makes it, or the first thing that does not fit. */
export function fit<S extends z.ZodType>(schema: S, value: unknown): Fit<z.output<S>> {
  const read = schema.safeParse(value, first)
  return read.success ? { success: true, data: read.data } : { success: false, misfit: misfitOf(read.error.issues[0]) }
}

/** The value as the schema makes it. @param what the beginning of the sentence otherwise. @throws MisfitError */
export function mustFit<S extends z.ZodType>(schema: S, value: unknown, what = ''): z.output<S> {
  const read = fit(schema, value)
  if (read.success) return read.data
  throw new MisfitError(what, read.misfit)
}

/** All that does not fit; empty when everything does. */
export function misfits(schema: z.ZodType, value: unknown): Misfit[] {
  return schema.safeParse(value, every).error?.issues.map(misfitOf) ?? []
}

function misfitOf(issue: z.core.$ZodIssue | undefined): Misfit {
  if (!issue) return { path: '', message: 'does not fit', got: null }
  const inner = issue.code === 'invalid_union' ? deepest(issue.errors) : undefined
  if (inner) {
    const { path, message, got } = misfitOf(inner)
    return { path: joined([...issue.path, path]), message, got }
  }
  return { path: joined(issue.path), message: issue.message, got: gotOf(issue) }
}

const joined = (path: readonly PropertyKey[]) =>
  path
    .map(String)
    .filter((part) => part !== '')
    .join('.')

/** Of the alternatives the one that the value comes nearest to; undefined when it is none from the start. */
function deepest(alternatives: readonly z.core.$ZodIssue[][]): z.core.$ZodIssue | undefined {
  const [nearest] = alternatives
    .flatMap(([issue]) => (issue && issue.path.length > 0 ? [issue] : []))
    .sort((a, b) => b.path.length - a.path.length)
  return nearest
}

function gotOf(issue: z.core.$ZodIssue): string | null {
  const { code, input } = issue
  if (input === undefined) return null
  switch (code) {
    case 'invalid_type':
      return kindOf(input)
    case 'invalid_union':
      return 'discriminator' in issue ? null : kindOf(input)
    case 'invalid_value':
      return typeof input === 'string' && input.length <= 40 ? `"${input}"` : kindOf(input)
    default:
      return typeof input === 'number' ? String(input) : null
  }
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  switch (typeof value) {
    case 'number':
    case 'boolean':
    case 'bigint':
      return String(value)
    case 'string':
      return 'text'
    case 'object':
      return 'an object'
    default:
      return `a ${typeof value}`
  }
}

/** Zod's error map: what each kind of issue is in words. Messages that a schema brings itself come before it. */
function wordsOf(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `needs ${nounOf(issue.expected, limitsOf(issue.schema))}`
    case 'too_big':
    case 'too_small':
      return sizeWords(issue)
    case 'invalid_value':
      return `${issue.input === undefined ? 'is missing: it ' : ''}needs ${alternatives(issue.values.map(String))}`
    case 'invalid_union':
      return unionWords(issue)
    case 'unrecognized_keys':
      return `has what is not known here: ${listed(issue.keys)}`
    case 'invalid_key':
    case 'invalid_element':
      return issue.issues[0]?.message ?? 'does not fit'
    case 'not_multiple_of':
      return `needs a multiple of ${issue.divisor}`
    case 'invalid_format':
      return issue.format === 'url' ? 'needs a web address' : 'is not written as it must be'
    case 'custom':
      return 'does not fit'
  }
}

const nouns: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
  undefined: 'nothing',
  never: 'nothing',
}

interface Limits {
  whole: boolean
  /** A list of other limits than of how many or how long; null: there is none. */
  low: number | null
  high: number | null
  /** The limit itself is not allowed. */
  above: boolean
  below: boolean
}

const nounOf = (expected: string, limits: Limits) => {
  if (expected !== 'number' && expected !== 'int') return nouns[expected] ?? `a ${expected}`
  return `${limits.whole ? 'a whole number' : 'a number'}${rangeWords(limits)}`
}

/** What JSON schema says of a schema's limits, once a schema: this is the public way to them. */
const known = new WeakMap<z.core.$ZodType, Limits>()
const unlimited: Limits = { whole: false, low: null, high: null, above: false, below: false }

function limitsOf(schema: z.core.$ZodType | undefined): Limits {
  if (!schema) return unlimited
  const before = known.get(schema)
  if (before) return before
  const { type, minimum, maximum, exclusiveMinimum, exclusiveMaximum, minLength, maxLength, minItems, maxItems } =
    z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  const safe = (limit: unknown) =>
    typeof limit === 'number' && Math.abs(limit) < Number.MAX_SAFE_INTEGER ? limit : null
  const limits: Limits = {
    whole: type === 'integer',
    low: safe(minimum ?? exclusiveMinimum ?? minLength ?? minItems),
    high: safe(maximum ?? exclusiveMaximum ?? maxLength ?? maxItems),
    above: minimum === undefined && exclusiveMinimum !== undefined,
    below: maximum === undefined && exclusiveMaximum !== undefined,
  }
  known.set(schema, limits)
  return limits
}

const written = (limit: number) =>
  limit.toLocaleString('en', { maximumFractionDigits: 12, useGrouping: Math.abs(limit) >= 10_000 })

/** " from 1 to 8", " above 0 and at most 1"; nothing when there is no limit. */
function rangeWords({ low, high, above, below }: Limits): string {
  if (low !== null && high !== null && !above && !below)
    return low === high ? ` equal to ${written(low)}` : ` from ${written(low)} to ${written(high)}`
  const parts = [
    low === null ? '' : `${above ? 'above' : 'of at least'} ${written(low)}`,
    high === null ? '' : `${below ? 'below' : 'of at most'} ${written(high)}`,
  ].filter((part) => part !== '')
  return parts.length === 0 ? '' : ` ${parts.join(' and ')}`
}

function sizeWords(issue: z.core.$ZodRawIssue<z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall>): string {
  const limits = limitsOf(issue.schema)
  if (issue.origin === 'string') {
    return limits.low === 1 && issue.code === 'too_small'
      ? 'needs some text, and is empty'
      : `needs text of ${amount(limits, 'character')}`
  }
  if (issue.origin === 'array' || issue.origin === 'set') return `needs a list of ${amount(limits, 'entry')}`
  return `needs ${limits.whole ? 'a whole number' : 'a number'}${rangeWords(limits)}`
}

function amount({ low, high }: Limits, unit: 'character' | 'entry'): string {
  const units = (n: number) => `${written(n)} ${n === 1 ? unit : unit === 'entry' ? 'entries' : 'characters'}`
  if (low !== null && high !== null) return low === high ? units(low) : `${written(low)} to ${units(high)}`
  return low === null ? `at most ${units(high ?? 0)}` : `at least ${units(low)}`
}

/** As "a, b or c". */
const alternatives = (words: readonly string[]) =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`

/** Names from outside, so only a few of them, and no long ones. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => `"${name.length > 40 ? `${name.slice(0, 40)}…` : name}"`)
  return `${shown.join(', ')}${names.length > shown.length ? ` and ${names.length - shown.length} more` : ''}`
}

function unionWords({
  input,
  errors,
  options,
  discriminator,
}: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidUnion>): string {
  if (input === undefined && discriminator === undefined) return 'is missing'
  if (discriminator !== undefined) return `needs ${alternatives(Array.isArray(options) ? options.map(String) : [])}`
  const needs = errors.flatMap(([issue]) =>
    issue && issue.path.length === 0 && issue.message.startsWith('needs ')
      ? [issue.message.slice('needs '.length)]
      : [],
  )
  return needs.length > 0 ? `needs ${alternatives([...new Set(needs)])}` : 'does not fit'
}
