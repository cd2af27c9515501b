// What can be known from a conversation of the world: which facts its memory lines and summaries state, and whether
// the question can be answered from them. Sees the task's structure, never more of the episode than the conversation.
import type { WorldProblem } from '../environments/question/sources/world.ts'
import { canonical } from '../environments/question/sources/world-messages.ts'
import { magnitude, type Question, type RelationName, type Triple } from '../environments/question/sources/world-relations.ts'
import type { ConversationState } from './conversation-state.ts'

/** A fact of the task as it may stand in a memory. */
export interface Statement {
  /** Id of the task's fact. */
  fact: string
  triple: Triple
  /** The canonical wording. */
  text: string
  /** Id of the fact that corrects it. */
  supersededBy: string | null
}

/** The canonical wording up to the value: "Mira Voss lives in". Finds memories of that relation. */
export function stem(subject: string, relation: RelationName): string {
  const [before = ''] = canonical({ subject, relation, value: '\u0000' }).split('\u0000')
  return before.trimEnd()
}

/** The value that a canonical wording gives to the subject's relation; null when it is of something else. */
function valueIn(text: string, subject: string, relation: RelationName): string | null {
  const [before = '', after = ''] = canonical({ subject, relation, value: '\u0000' }).split('\u0000')
  return text.startsWith(before) && text.endsWith(after) ? text.slice(before.length, text.length - after.length) : null
}

/** Every fact of the task in structured form, outdated ones included. */
export function statementsOf({ task, facts }: WorldProblem): Statement[] {
  return task.facts.flatMap((fact): Statement[] => {
    for (const { subject, relation } of facts) {
      const value = valueIn(fact.text, subject, relation)
      if (value !== null) return [{ fact: fact.id, triple: { subject, relation, value }, text: fact.text, supersededBy: fact.superseded_by }]
    }
    return []
  })
}

/** Statements that memory lines or summaries of the conversation give; of one that was corrected only the newest. */
export function seenStatements(state: Pick<ConversationState, 'known' | 'lines'>, statements: readonly Statement[]): Statement[] {
  const contents = new Set(state.known.values())
  const summaries = state.lines.filter((line) => line.startsWith('Summary: '))
  const seen = statements.filter(({ text }) => contents.has(text) || summaries.some((line) => line.includes(text)))
  return seen.filter(({ supersededBy }) => !seen.some(({ fact }) => fact === supersededBy))
}

/** What the question needs first that is not there. */
export interface Missing {
  subject: string
  relation: RelationName
}

export interface Deduction {
  /** The statements that lead to the answer, as far as they are there, in the order of the reasoning. */
  because: Statement[]
  /** In words, which of two is the one asked for; null when there is nothing to compare or not enough to do it. */
  comparison: string | null
  /** null when something is missing. */
  answer: Triple | null
  missing: Missing[]
}

/** Follows the question through the statements as far as they go. */
export function follow(question: Question, seen: readonly Statement[]): Deduction {
  const find = (subject: string, relation: RelationName) => seen.find(({ triple }) => triple.subject === subject && triple.relation === relation)
  const deduction: Deduction = { because: [], comparison: null, answer: null, missing: [] }
  const need = (subject: string, relation: RelationName): Statement | null => {
    const found = find(subject, relation)
    if (found) deduction.because.push(found)
    else deduction.missing.push({ subject, relation })
    return found ?? null
  }
  if (question.form === 'path') {
    let at = question.subject
    let last: Triple | null = null
    for (const relation of question.path) {
      const found = need(at, relation)
      if (!found) return deduction
      last = found.triple
      at = last.value
    }
    return { ...deduction, answer: last }
  }
  const { subjects, by, pick, then } = question
  const [a, b] = subjects.map((subject) => need(subject, by))
  if (!a || !b) return deduction
  const aIsLess = magnitude(a.triple.value) < magnitude(b.triple.value)
  const [winner, other] = aIsLess === (pick === 'least') ? [a.triple, b.triple] : [b.triple, a.triple]
  deduction.comparison = `${winner.value} is ${pick === 'least' ? 'before' : 'after'} ${other.value}.`
  if (then === null) return { ...deduction, answer: winner }
  const further = need(winner.subject, then)
  return { ...deduction, answer: further?.triple ?? null }
}
