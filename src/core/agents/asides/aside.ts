// An aside whose prompt is a request and lists of lines (sections.ts): what is asked, how the answer is read, and the rule
// that gives one, from those lists alone, where a policy knows nothing of such questions.
import type { z } from 'zod'
import type { AsideKind, Body, Play } from '../agent.ts'
import { askJson, jsonForm } from './json.ts'
import { sectionIn, writeSections, type Sections } from './sections.ts'

const system = 'You tend the long-term memory of an assistant. You answer in JSON and say nothing else.'

interface AsideOf<Given, S extends z.ZodType> {
  /** In the agent's word; a purpose belongs to one kind of aside. */
  purpose: string
  /** What is asked, in our own words, with the form of the answer. */
  asks: string
  /** What it is about: lists of lines by their titles. */
  sections: (given: Given) => Sections
  /** Of the answer, as an expression of XGrammar's EBNF (json.ts). */
  answer: string
  schema: S
  rule: (section: (title: string) => string[]) => z.input<S>
}

export interface Aside<Given, Read> extends AsideKind {
  /** @returns what was answered; null: its words could not be read, so that nothing is to be done */
  ask: (given: Given, body: Body) => Play<Read | null>
}

export function aside<Given, S extends z.ZodType>({ purpose, asks, sections, answer, schema, rule }: AsideOf<Given, S>): Aside<Given, z.output<S>> {
  const of = { purpose, system, form: jsonForm(answer), schema }
  return {
    purpose,
    byRule: (prompt) => JSON.stringify(rule((title) => sectionIn(prompt, title))),
    ask: (given, body) => askJson(of, writeSections(asks, sections(given)), body),
  }
}
