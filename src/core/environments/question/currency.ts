// Which value of something that changed an answer gives: the one that holds, one that was superseded, or neither, as
// "Supersede" asks (arXiv 2606.27472). Told from the facts of the task alone, so that it works for every source.
import { containsPhrase, contentWords, normalise } from '../../text.ts'
import { withoutDenied, type Expected } from './judge.ts'
import type { Fact, Task } from './task.ts'
import { compareValues, valueOf, valuesLike } from './values.ts'

export type Currency = 'present' | 'superseded' | 'neither'

/** A fact that the answer needs, and one that it took the place of. */
export interface Superseded {
  before: Fact
  now: Fact
}

/** Where a chain of corrections ends. */
export function latestOf(facts: readonly Fact[], fact: Fact): Fact {
  const seen = new Set<string>()
  let at = fact
  while (at.superseded_by !== null && !seen.has(at.id)) {
    seen.add(at.id)
    const next = facts.find((other) => other.id === at.superseded_by)
    if (!next) break
    at = next
  }
  return at
}

/** Does the text give this value, word for word or as the same number, date or time? */
function gives(text: string, phrase: string): boolean {
  if (containsPhrase(text, phrase)) return true
  const value = valueOf(phrase)
  return value !== null && valuesLike(text, value).some((each) => compareValues(each, value) === 'equal')
}

const same = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((each, i) => each === b[i])

/** The phrases of a fact that the other one lacks, group by group: the value that changed. */
const valuesOf = (of: Fact, other: Fact): readonly (readonly string[])[] => of.keys.filter((group) => !other.keys.some((each) => same(each, group)))

const givesAll = (text: string, groups: readonly (readonly string[])[]) => groups.length > 0 && groups.every((group) => group.some((phrase) => gives(text, phrase)))

/** By words, where facts have no phrases: all that the answer adds to the question stands in the one and not in the other. */
function saysOnly(answer: string, query: string, of: Fact, other: Fact): boolean {
  const asked = new Set(contentWords(query))
  const added = contentWords(answer).filter((word) => !asked.has(word))
  const own = new Set(contentWords(of.text))
  const theirs = new Set(contentWords(other.text))
  return added.length > 0 && added.every((word) => own.has(word)) && !added.every((word) => theirs.has(word))
}

/**
 * The facts whose present value is the answer, or a part of it, each with what it superseded. None where nothing that the
 * answer gives has changed: what was corrected may be a step on the way to it.
 */
export function supersededIn({ facts, answer, aliases }: Pick<Task, 'facts' | 'answer' | 'aliases'>): Superseded[] {
  return facts.flatMap((before): Superseded[] => {
    if (before.superseded_by === null) return []
    const now = latestOf(facts, before)
    if (now === before || !now.needed) return []
    const keyed = before.keys.length > 0 && now.keys.length > 0
    return !keyed || [answer, ...aliases].some((right) => givesAll(right, valuesOf(now, before))) ? [{ before, now }] : []
  })
}

/**
 * What the answer gives, in a task where something that it asks for has changed. present: it is right, or gives the value
 * that holds and no superseded one. superseded: it gives one of those, and not the one that holds. What is denied ("not
 * Oslem") is not given. Both, something else, nothing: neither.
 * @param right the judge gave full marks
 */
export function currencyOf(task: Expected & Pick<Task, 'facts'>, answer: string | null, right: boolean): Currency {
  if (answer === null || normalise(answer) === '') return 'neither'
  if (right) return 'present'
  const said = withoutDenied(answer)
  const found = supersededIn(task).map(({ before, now }) => {
    const keyed = before.keys.length > 0 && now.keys.length > 0
    return keyed
      ? { now: givesAll(said, valuesOf(now, before)), before: givesAll(said, valuesOf(before, now)) }
      : { now: saysOnly(said, task.query, now, before), before: saysOnly(said, task.query, before, now) }
  })
  const now = found.some((each) => each.now)
  const before = found.some((each) => each.before)
  return now === before ? 'neither' : now ? 'present' : 'superseded'
}
