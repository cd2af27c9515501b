// Words what the world tells: facts, corrections and distractors. A template is used once a task where that can be.
import type { Random } from '../../../random.ts'
import { containsPhrase } from '../../../text.ts'
import * as frames from './phrases/frames.ts'
import { fill, sentence } from './phrases/phrases.ts'
import { relationPhrases } from './phrases/relations.ts'
import type { Cast } from './world-cast.ts'
import { relationNames, relations, type RelationName, type Triple } from './world-relations.ts'
import { spoken } from './world-values.ts'

/** Picks a template, one that this task has not had where there is any. */
type Picker = (templates: readonly string[]) => string

export function createPicker(random: Random): Picker {
  const used = new Set<string>()
  return (templates) => {
    const unused = templates.filter((template) => !used.has(template))
    const template = random.pick(unused.length > 0 ? unused : templates)
    used.add(template)
    return template
  }
}

const say = (fact: Triple, random: Random) => random.pick(spoken(relations[fact.relation].value, fact.value))

/** The plainest wording of a fact, as an agent would store it. */
export function canonical(fact: Triple): string {
  const { stored, clauses } = relationPhrases[fact.relation]
  return sentence(fill(stored ?? `${clauses[0] ?? ''}.`, { s: fact.subject, v: fact.value }))
}

function clauseOf(fact: Triple, random: Random, name = fact.subject): string {
  return fill(random.pick(relationPhrases[fact.relation].clauses), { s: name, v: say(fact, random) })
}

function frame(template: string, clause: string, slots: Record<string, string> = {}): string {
  return sentence(fill(template, { ...slots, clause, Clause: sentence(clause) }))
}

/** A message that states the fact for the first time. */
export function tell(fact: Triple, random: Random, pick: Picker): string {
  if (random.chance(0.3)) return frame(pick(frames.openers), clauseOf(fact, random))
  return sentence(fill(pick(relationPhrases[fact.relation].statements), { s: fact.subject, v: say(fact, random) }))
}

/** A message that corrects `old` to `fact`: it has changed, or it was told wrongly. */
export function correct(fact: Triple, old: Triple, random: Random, pick: Picker): string {
  const slots = { old: say(old, random) }
  const { changed } = relationPhrases[fact.relation]
  if (changed.length === 0 || random.chance(0.4)) return frame(pick(frames.mistakes), clauseOf(fact, random), slots)
  if (random.chance(0.5)) return frame(pick(frames.changes), clauseOf(fact, random), slots)
  return sentence(fill(pick(changed), { ...slots, s: fact.subject, v: say(fact, random) }))
}

export interface DistractorContext {
  random: Random
  cast: Cast
  pick: Picker
  /** What holds at the end of stage 1. */
  facts: readonly Triple[]
  /** What the correction replaced, if there was one. */
  superseded: Triple | null
  /** Of the facts, those that the answer is derived from. */
  needed: readonly Triple[]
  answer: string
}

export const misleadingKinds = ['namesake', 'outdated', 'colleague', 'neighbour'] as const
export const topicalKinds = ['stranger', 'noise'] as const
type DistractorKind = (typeof misleadingKinds)[number] | (typeof topicalKinds)[number]

/** A distractor of the kind, null where the task has nothing to make it of. It may still have to be refused. */
export function distract(kind: DistractorKind, context: DistractorContext): string | null {
  const { random, cast, pick, facts, needed } = context
  const target = random.pick(random.chance(0.75) ? needed : facts)
  const { relation } = target
  const { subject: subjectKind, value: valueKind } = relations[relation]
  switch (kind) {
    case 'namesake': {
      const subject = cast.namesake(target.subject, subjectKind)
      return subject === null ? null : frame(pick(frames.namesakes), clauseOf({ subject, relation, value: cast.fresh(valueKind) }, random))
    }
    case 'outdated':
      return outdated(target, context)
    case 'colleague':
      return acquaintance('works_for', target, context)
    case 'neighbour':
      return acquaintance('lives_in', target, context)
    case 'stranger': {
      const other = { subject: cast.fresh(subjectKind), relation, value: cast.fresh(valueKind) }
      if (random.chance(0.6)) return frame(pick(frames.strangers), clauseOf(other, random))
      return sentence(fill(pick(relationPhrases[relation].statements), { s: other.subject, v: say(other, random) }))
    }
    case 'noise':
      return pick(relationPhrases[relation].noise)
  }
}

function outdated(target: Triple, context: DistractorContext): string {
  const { random, cast, pick, superseded } = context
  const replaced = superseded !== null && superseded.subject === target.subject && superseded.relation === target.relation
  const value = replaced && random.chance(0.75) ? superseded.value : cast.fresh(relations[target.relation].value)
  const past = { ...target, value }
  const { was, changed, outdated: own } = relationPhrases[target.relation]
  if (own) return sentence(fill(pick(own), { s: past.subject, v: say(past, random) }))
  if (changed.length === 0) return frame(pick(frames.rumours), clauseOf(past, random))
  if (random.chance(0.5)) return frame(pick(frames.stale), clauseOf(past, random))
  return sentence(fill(pick(frames.pasts), { was: fill(random.pick(was), { s: past.subject, v: say(past, random) }) }))
}

/** Somebody new at an employer, or in a place, that the task knows and that is not the answer. */
function acquaintance(link: 'works_for' | 'lives_in', target: Triple, context: DistractorContext): string | null {
  const { random, cast, pick, facts, answer } = context
  const { value: kind } = relations[link]
  const known = facts.flatMap(({ subject, relation, value }) => [
    ...(relations[relation].subject === kind ? [subject] : []),
    ...(relations[relation].value === kind ? [value] : []),
  ])
  const shared = [...new Set(known)].filter((name) => name !== answer)
  if (shared.length === 0) return null
  const where = random.pick(shared)
  const relation = relations[target.relation].subject === 'person' && target.relation !== link ? target.relation : random.pick(personal(link))
  const fact: Triple = { subject: cast.fresh('person'), relation, value: cast.fresh(relations[relation].value) }
  const [first = fact.subject] = fact.subject.split(' ')
  const clause = clauseOf(fact, random, first)
  return link === 'works_for'
    ? frame(pick(frames.colleagues), clause, { s: fact.subject, org: where })
    : frame(pick(frames.neighbours), clause, { s: fact.subject, place: where })
}

function personal(link: RelationName): RelationName[] {
  return relationNames.filter((relation) => relations[relation].subject === 'person' && relation !== link)
}

/** True when one of the phrases stands in the text. */
export function mentions(text: string, phrases: readonly string[]): boolean {
  return phrases.some((phrase) => containsPhrase(text, phrase))
}
