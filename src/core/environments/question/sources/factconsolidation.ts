// Reads FactConsolidation of MemoryAgentBench (Hu et al. 2025, arXiv 2507.05257): a numbered list of short facts of which
// later ones contradict earlier ones, and a hundred questions about it. Knows nothing of files.
import { z } from 'zod'
import { createRandom } from '../../../random.ts'
import { containsPhrase, contentWords } from '../../../text.ts'
import { states, type Fact, type Task, type TaskMessage } from '../task.ts'
import { listOf, memoryAgentBenchSource } from './forms.ts'
import { answerOf, fitRecord, leaksOf, nearnessTo, prose, tidy, type QuestionInRecord, type ReadOptions, type RecordResult } from './record.ts'

/** Facts of a list are looked at up to this many: 262,144 tokens are about twenty thousand. */
const mostFacts = 50_000

/** A statement: what it says something about and what relation it has, and the value. */
interface Statement {
  /** Where it stands in the list: of two about the same, the later holds. */
  serial: number
  text: string
  subject: string
  /** Subject and relation: what has one value. */
  slot: string
  value: string
}

/**
 * How the statements are worded, MQuAKE's relations (Zhong et al. 2023): the subject, then the value. What none fits says
 * something of its own, which nothing contradicts.
 */
const wordings: readonly RegExp[] = [
  /^(?:The|the) (?<relation>name of the current head of state) in (?<subject>.+) is (?<value>.+)$/,
  /^(?:The|the) (?<relation>name of the current head) of the (?<subject>.+) government is (?<value>.+)$/,
  /^(?:The|the) (?<relation>headquarters) of (?<subject>.+) (?:is|are) located in the city of (?<value>.+)$/,
  /^(?:The|the) (?<relation>univ\w+) where (?<subject>.+) was educated is (?<value>.+)$/,
  /^(?:The|the) (?<relation>company) that produced (?<subject>.+) is (?<value>.+)$/,
  /^(?:The|the) (?<relation>type of music) that (?<subject>.+) plays is (?<value>.+)$/,
  /^(?<subject>.+)['’]s (?<relation>child) is (?<value>.+)$/,
  /^(?<subject>.+) (?<relation>(?:is|was|were|are) (?:located in the (?:continent|country|city|state) of|married to|affiliated with the religion of|born in the city of|a citizen of|associated with the sport of|founded by|founded in the city of|created in the country of|created by|employed by|famous for|developed by|written in the language of|performed by|directed by))(?: the)? (?<value>.+)$/,
  /^(?<subject>.+) (?<relation>died in the city of|worked in the city of|works in the field of|speaks the language of|plays the position of|plays the sport of)(?: the)? (?<value>.+)$/,
  /^(?:The|the) (?<relation>[a-z][a-z -]*?) (?:of|for|in) (?<subject>.+?) (?:is|was|are|were) (?<value>.+)$/,
]

function statementOf(serial: number, text: string): Statement {
  const plain = text.replace(/[.\s]+$/, '')
  for (const wording of wordings) {
    const { subject, relation, value } = wording.exec(plain)?.groups ?? {}
    if (subject && relation && value) return { serial, text, subject, slot: `${subject.toLowerCase()}\n${relation.toLowerCase()}`, value }
  }
  return { serial, text, subject: '', slot: `\n${serial}`, value: '' }
}

/** "0. Thomas … 1. The …", a line each or one after another. The numbers have to go up one by one, or they are part of a text. */
export function numberedFacts(context: string): { serial: number; text: string }[] {
  const found: { serial: number; from: number; to: number }[] = []
  for (const match of context.matchAll(/(?<=^|\s)(\d{1,6})\.\s/g)) {
    const serial = Number(match[1])
    const last = found.at(-1)
    if (last && serial !== last.serial + 1) continue
    if (last) last.to = match.index
    found.push({ serial, from: match.index + match[0].length, to: context.length })
    if (found.length >= mostFacts) break
  }
  return found.map(({ serial, from, to }) => ({ serial, text: tidy(context.slice(from, to)) })).filter(({ text }) => text !== '')
}

interface Pool {
  statements: readonly Statement[]
  /** Of each slot, in order. */
  slots: ReadonlyMap<string, readonly Statement[]>
  /** The latest statements of each subject, in lower case. */
  current: ReadonlyMap<string, readonly Statement[]>
}

function poolOf(context: string): Pool {
  const statements = numberedFacts(context).map(({ serial, text }) => statementOf(serial, text))
  const slots = new Map<string, Statement[]>()
  for (const each of statements) slots.set(each.slot, [...(slots.get(each.slot) ?? []), each])
  const current = new Map<string, Statement[]>()
  for (const each of slots.values()) {
    const latest = each.at(-1)
    if (latest && latest.subject !== '') current.set(latest.subject.toLowerCase(), [...(current.get(latest.subject.toLowerCase()) ?? []), latest])
  }
  return { statements, slots, current }
}

/** Facts that a question may lead over, at most. */
const mostHops = 4

/**
 * The statements that lead from what the question names to one of its answers, as few as possible; of several such ways the
 * one that has most words of the question. Only what holds counts. null: there is none.
 */
function wayTo(question: string, answers: readonly string[], { current }: Pool): Statement[] | null {
  const near = nearnessTo(question)
  const right = new Set(answers.map((answer) => tidy(answer).toLowerCase()))
  const starts = [...current.keys()].filter((subject) => containsPhrase(question, subject))
  let ways: Statement[][] = starts.flatMap((subject) => (current.get(subject) ?? []).map((each) => [each]))
  for (let hops = 1; hops <= mostHops && ways.length > 0; hops++) {
    const there = ways.filter((way) => right.has((way.at(-1)?.value ?? '').toLowerCase()))
    if (there.length > 0) return there.reduce((best, way) => (near(textOf(way)) > near(textOf(best)) ? way : best))
    ways = ways.flatMap((way) => (current.get((way.at(-1)?.value ?? '').toLowerCase()) ?? []).filter((next) => !way.includes(next)).map((next) => [...way, next]))
  }
  return null
}

const textOf = (way: readonly Statement[]) => way.map(({ text }) => text).join(' ')

const rowSchema = z.object({
  context: z.string().max(20_000_000),
  questions: z.array(prose(4000)).max(10_000),
  answers: z.array(z.unknown()).max(10_000),
})

/** "factconsolidation_sh_6k": single-hop. */
const kindOf = (name: string) => (/_mh_/.test(name) ? 'multi-hop' : 'single-hop')

/** The questions of a row. */
export function* factConsolidationQuestions(record: Readonly<Record<string, unknown>>): Generator<QuestionInRecord> {
  const read = fitRecord(rowSchema, record)
  const name = memoryAgentBenchSource(record)
  if (!('data' in read)) {
    yield { id: name === '' ? null : name, read: () => read }
    return
  }
  const { context, questions, answers } = read.data
  const pool = poolOf(context)
  for (const [at, question] of questions.entries()) {
    yield { id: `${name.replace(/^factconsolidation_/, '') || 'row'}-q${at + 1}`, read: (id, options) => readQuestion(question, answers[at], at, id, kindOf(name), pool, options) }
  }
}

function readQuestion(question: string, given: unknown, at: number, id: string, kind: string, pool: Pool, options: ReadOptions): RecordResult {
  const [first, ...others] = Array.isArray(given) ? listOf(given) : [given]
  const answered = answerOf({ answer: first, answer_aliases: others })
  if (!('answer' in answered)) return { ...answered, field: `answers.${at}`, named: false }
  const { answer, aliases } = answered
  const way = wayTo(question, [answer, ...aliases], pool)
  if (!way) return { field: `questions.${at}`, message: 'No facts that hold lead from what it names to its answer' }
  return { task: taskOf(question, { answer, aliases }, way, id, kind, pool, options), dropped: 0, literal: true }
}

/**
 * As many messages as the options have sessions, of as many facts as go into their length, in the order of the list: what the
 * question leads over with all that it took the place of, then others, drawn by the question's id.
 */
function taskOf(query: string, { answer, aliases }: { answer: string; aliases: string[] }, way: readonly Statement[], id: string, kind: string, pool: Pool, options: ReadOptions): Task {
  const random = createRandom(`factconsolidation/${id}`)
  const needed = new Set(way)
  const chosen = new Set(way.flatMap(({ slot }) => pool.slots.get(slot) ?? []))
  const room = options.sessions * options.sessionLength
  let length = [...chosen].reduce((sum, { text }) => sum + text.length + 1, 0)
  // Enough are drawn to fill it: facts have 50 characters or so.
  const others = random.sample(pool.statements.filter((each) => !chosen.has(each)), Math.min(pool.statements.length - chosen.size, Math.ceil(room / 20)))
  for (const each of others) {
    if (length + each.text.length + 1 > room) break
    chosen.add(each)
    length += each.text.length + 1
  }
  const told = pool.statements.filter((each) => chosen.has(each))
  const ids = new Map(told.map((each, i) => [each, `f${i + 1}`]))
  const facts = told.map((each): Fact => {
    const later = (pool.slots.get(each.slot) ?? []).find((other) => other.serial > each.serial && chosen.has(other) && other.value.toLowerCase() !== each.value.toLowerCase())
    const keys = each.subject === '' ? [] : [[each.subject], [each.value], ...relationKeys(each)]
    return { id: ids.get(each) ?? '', text: each.text, keys, needed: needed.has(each), superseded_by: later ? (ids.get(later) ?? null) : null }
  })
  const superseding = new Set(facts.flatMap(({ superseded_by }) => superseded_by ?? []))
  return {
    id: `factconsolidation-${id}`,
    source: 'factconsolidation',
    kind,
    split: 'none',
    facts,
    build: messagesOf(told, facts, superseding, options.sessionLength),
    resist: distractorsOf(query, { answer, aliases }, pool, chosen, facts, options.distractors),
    query,
    answer,
    aliases,
  }
}

/** Words of a relation that say nothing of which it is. */
const plain = new Set(['city', 'country', 'name', 'current', 'type'])

/** One of the words of the relation, so that two facts about the same two names are told apart. */
function relationKeys({ slot }: Statement): string[][] {
  const [, relation = ''] = slot.split('\n')
  const telling = contentWords(relation).filter((word) => !plain.has(word))
  return telling.length === 0 ? [] : [telling]
}

function messagesOf(told: readonly Statement[], facts: readonly Fact[], superseding: ReadonlySet<string>, most: number): TaskMessage[] {
  const messages: { lines: string[]; facts: string[]; length: number }[] = []
  for (const [i, { serial, text }] of told.entries()) {
    const line = `${serial}. ${text}`
    const last = messages.at(-1)
    const fact = facts[i]?.id ?? ''
    if (last && last.length + line.length + 1 <= most) {
      last.lines.push(line)
      last.facts.push(fact)
      last.length += line.length + 1
    } else messages.push({ lines: [line], facts: [fact], length: line.length })
  }
  return messages.map(({ lines, facts: own }) => ({ text: lines.join('\n'), kind: own.some((id) => superseding.has(id)) ? 'correction' : 'fact', facts: own }))
}

/** Facts that were not told, the nearest to the question first: none has the answer in it or states what was told. */
function distractorsOf(query: string, expected: { answer: string; aliases: readonly string[] }, pool: Pool, chosen: ReadonlySet<Statement>, facts: readonly Fact[], most: number): TaskMessage[] {
  const near = nearnessTo(query)
  const leaks = leaksOf(expected)
  const ranked = pool.statements
    .filter((each) => !chosen.has(each))
    .map((each) => ({ each, near: near(each.text) }))
    .sort((a, b) => b.near - a.near)
  const texts: string[] = []
  for (const { each } of ranked) {
    if (texts.length >= most) break
    if (leaks.some((phrase) => containsPhrase(each.text, phrase)) || facts.some((fact) => states(each.text, fact))) continue
    texts.push(each.text)
  }
  return texts.map((text) => ({ text, kind: 'distractor', facts: [] }))
}
