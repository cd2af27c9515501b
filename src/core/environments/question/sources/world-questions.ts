// Poses a question of the world: draws what it asks and the facts that answer it, and words it. Knows nothing of
// messages and distractors.
import type { Random } from '../../../random.ts'
import { comparisonPhrases } from './phrases/comparisons.ts'
import { fill, sentence } from './phrases/phrases.ts'
import { relationPhrases } from './phrases/relations.ts'
import type { Cast } from './world-cast.ts'
import { bridges, comparable, relationNames, relations, type Question, type RelationName, type Triple } from './world-relations.ts'

export const questionKinds = ['one-hop', 'two-hop', 'comparison', 'update'] as const
export type QuestionKind = (typeof questionKinds)[number]

interface Posed {
  question: Question
  /** The answer needs each of these. */
  needed: Triple[]
  /** Told as well, so that the question is not given away by what is told. */
  extra: Triple[]
}

const twoHops = bridges()

/** Draws a question and the facts behind it. `room`: how many facts the task may tell; a question takes what it needs. */
export function poseQuestion(kind: QuestionKind, random: Random, cast: Cast, room: number): Posed {
  switch (kind) {
    case 'one-hop':
    case 'update': {
      const relation = random.pick(relationNames)
      const subject = cast.fresh(relations[relation].subject)
      const fact = { subject, relation, value: cast.fresh(relations[relation].value) }
      return { question: { form: 'path', subject, path: [relation] }, needed: [fact], extra: [] }
    }
    case 'two-hop': {
      const { inner, outer } = random.pick(twoHops)
      const subject = cast.fresh(relations[inner].subject)
      const between = cast.fresh(relations[inner].value)
      const needed: Triple[] = [
        { subject, relation: inner, value: between },
        { subject: between, relation: outer, value: cast.fresh(relations[outer].value) },
      ]
      return { question: { form: 'path', subject, path: [inner, outer] }, needed, extra: [] }
    }
    case 'comparison':
      return poseComparison(random, cast, room)
  }
}

function poseComparison(random: Random, cast: Cast, room: number): Posed {
  const by = random.pick(comparable)
  const kind = relations[by].subject
  const pick = random.chance(0.5) ? 'least' : 'most'
  const a = cast.fresh(kind)
  const b = cast.fresh(kind)
  const compared: Triple[] = [a, b].map((subject) => ({ subject, relation: by, value: cast.fresh(relations[by].value) }))
  const further = comparisonPhrases[by].descriptions.length > 0 && room >= 4 && random.chance(0.5)
  if (!further) return { question: { form: 'extreme', subjects: [a, b], by, pick, then: null }, needed: compared, extra: [] }
  const then = random.pick(relationNames.filter((relation) => relations[relation].subject === kind && relation !== by))
  const question: Question = { form: 'extreme', subjects: [a, b], by, pick, then }
  const both = [a, b].map((subject) => ({ subject, relation: then, value: cast.fresh(relations[then].value) }))
  const winner = winnerOf(compared, pick)
  return {
    question,
    needed: [...compared, ...both.filter((fact) => fact.subject === winner)],
    extra: both.filter((fact) => fact.subject !== winner),
  }
}

/** Years only: the comparisons that ask for something further are by year. */
function winnerOf(compared: readonly Triple[], pick: 'least' | 'most'): string | undefined {
  const sorted = [...compared].sort((x, y) => Number(x.value) - Number(y.value))
  return sorted.at(pick === 'least' ? 0 : -1)?.subject
}

/** The relation whose value is the answer. */
export function answerRelation(question: Question): RelationName {
  if (question.form === 'extreme') return question.then ?? question.by
  const last = question.path.at(-1)
  if (last === undefined) throw new RangeError('a question has no relation to ask for')
  return last
}

const possessive = "{s}'s"

/** Asks for a relation of something described by one of these. A long description takes no 's. */
function askOf(relation: RelationName, short: readonly string[], long: readonly string[], random: Random): string {
  const templates = relationPhrases[relation].questions.filter((template) => short.length > 0 || !template.includes(possessive))
  const template = random.pick(templates)
  const description = random.pick(template.includes(possessive) ? short : [...short, ...long])
  // A description may end in a comma that the sentence has no use for.
  return sentence(fill(template, { s: description }).replace(/,(?=[?.!,])/g, ''))
}

/** The question in words. Names only its subjects. */
export function wordQuestion(question: Question, random: Random): string {
  if (question.form === 'path') {
    const [inner, outer] = question.path
    if (inner === undefined) throw new RangeError('a question has no relation to ask for')
    if (outer === undefined) return askOf(inner, [question.subject], [], random)
    const { short, long } = relationPhrases[inner].descriptions
    const named = (descriptions: readonly string[]) => descriptions.map((description) => fill(description, { s: question.subject }))
    return askOf(outer, named(short), named(long), random)
  }
  const { words, questions, descriptions } = comparisonPhrases[question.by]
  const [a, b] = random.shuffle(question.subjects)
  const slots = { a: a ?? '', b: b ?? '', ...words[question.pick] }
  if (question.then === null) return sentence(fill(random.pick(questions), slots))
  return askOf(question.then, [], descriptions.map((description) => fill(description, slots)), random)
}
