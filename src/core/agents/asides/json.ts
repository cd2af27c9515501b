// Asides that are answered in JSON: the form of such an answer, and its reader, which takes what has one reading.
import type { z } from 'zod'
import { fit, misfitWords } from '../../fit.ts'
import type { ChatMessage } from '../../policy/policy.ts'
import type { Body, Play, ReplyForm } from '../agent.ts'
import { readLenientJson } from '../agemem/protocol/lenient-json.ts'

const rules = [
  ['sp', '" "?'],
  ['string', '"\\"" char* "\\""'],
  ['char', '[^"\\\\<\\x00-\\x1F] | "<" [^"\\\\</|\\x00-\\x1F] | "\\\\" ["\\\\/bfnrt]'],
]

/** A list of at most so many of these, as an expression. */
export function listOf(item: string, most: number): string {
  let rest = ''
  for (let i = 1; i < most; i++) rest = ` ("," sp ${item}${rest})?`
  return `"[" (${item}${rest})? "]"`
}

/** An object with these fields, in this order, as an expression. */
export const objectOf = (fields: Readonly<Record<string, string>>): string =>
  `"{" ${Object.entries(fields)
    .map(([name, value]) => `"\\"${name}\\":" sp ${value}`)
    .join(' "," sp ')} "}"`

/** An answer that is this expression of XGrammar's EBNF, which may use `string` and `sp`. */
export const jsonForm = (root: string): ReplyForm => ({ stop: [], grammar: ['root', root, ...rules.flat()].reduce((text, each, i) => text + (i % 2 === 0 ? `${each} ::= ` : `${each}\n`), '') })

/** The first object in the text, as the schema makes it, or why it cannot be read. */
export function readJson<S extends z.ZodType>(schema: S, text: string): { ok: true; value: z.output<S> } | { ok: false; why: string } {
  const from = text.indexOf('{')
  const read = from < 0 ? null : readLenientJson(text, from, '\u0000')
  if (!read?.ok) return { ok: false, why: from < 0 ? 'there is no JSON in it' : 'its JSON cannot be read' }
  const found = fit(schema, read.values[0])
  return found.success ? { ok: true, value: found.data } : { ok: false, why: misfitWords(found.misfit) }
}

export interface JsonAside<S extends z.ZodType> {
  purpose: string
  /** What the policy is told of its part. */
  system: string
  form: ReplyForm
  schema: S
}

/** Asks, and reads the answer. @returns null when it cannot be read: then nothing comes of it, and the record says so */
export async function* askJson<S extends z.ZodType>({ purpose, system, form, schema }: JsonAside<S>, prompt: string, body: Pick<Body, 'ask'>): Play<z.output<S> | null> {
  const conversation: ChatMessage[] = [
    { role: 'system', content: system },
    { role: 'user', content: prompt },
  ]
  const unread = ({ text }: { text: string }) => {
    const read = readJson(schema, text)
    return read.ok ? null : read.why
  }
  const { text } = yield* body.ask(purpose, conversation, form, unread)
  const read = readJson(schema, text)
  return read.ok ? read.value : null
}
