// The structure beneath the world: which relations there are, what a question asks, and how its answer follows from
// facts. Knows nothing of wording.

export type EntityKind = 'person' | 'organisation' | 'place'

/** What stands at the right end of a relation. */
export type ValueKind =
  | EntityKind
  | 'region'
  | 'river'
  | 'dog'
  | 'dish'
  | 'drink'
  | 'instrument'
  | 'hobby'
  | 'colour'
  | 'language'
  | 'allergen'
  | 'product'
  | 'speciality'
  | 'birth-year'
  | 'founding-year'
  | 'date'

export const relationNames = [
  'lives_in',
  'works_for',
  'manager',
  'best_friend',
  'dog',
  'favourite_dish',
  'favourite_drink',
  'instrument',
  'hobby',
  'favourite_colour',
  'language',
  'birthday',
  'birth_year',
  'meeting',
  'allergy',
  'based_in',
  'led_by',
  'founded_in',
  'makes',
  'mayor',
  'region',
  'river',
  'known_for',
] as const
export type RelationName = (typeof relationNames)[number]

/** Every relation is functional: a subject has one value at a time. */
export const relations: Readonly<Record<RelationName, { subject: EntityKind; value: ValueKind }>> = {
  lives_in: { subject: 'person', value: 'place' },
  works_for: { subject: 'person', value: 'organisation' },
  manager: { subject: 'person', value: 'person' },
  best_friend: { subject: 'person', value: 'person' },
  dog: { subject: 'person', value: 'dog' },
  favourite_dish: { subject: 'person', value: 'dish' },
  favourite_drink: { subject: 'person', value: 'drink' },
  instrument: { subject: 'person', value: 'instrument' },
  hobby: { subject: 'person', value: 'hobby' },
  favourite_colour: { subject: 'person', value: 'colour' },
  language: { subject: 'person', value: 'language' },
  birthday: { subject: 'person', value: 'date' },
  birth_year: { subject: 'person', value: 'birth-year' },
  meeting: { subject: 'person', value: 'date' },
  allergy: { subject: 'person', value: 'allergen' },
  based_in: { subject: 'organisation', value: 'place' },
  led_by: { subject: 'organisation', value: 'person' },
  founded_in: { subject: 'organisation', value: 'founding-year' },
  makes: { subject: 'organisation', value: 'product' },
  mayor: { subject: 'place', value: 'person' },
  region: { subject: 'place', value: 'region' },
  river: { subject: 'place', value: 'river' },
  known_for: { subject: 'place', value: 'speciality' },
}

/** One fact in structured form: relation(subject) = value, both as they are written. */
export interface Triple {
  subject: string
  relation: RelationName
  value: string
}

/** Relations whose values have an order, so that two subjects can be compared by them. */
export const comparable = ['birth_year', 'birthday', 'founded_in'] as const
export type ComparableRelation = (typeof comparable)[number]

export type Question =
  /** One relation: one hop. Two: the second is asked of what the first gives. */
  | { form: 'path'; subject: string; path: readonly RelationName[] }
  /** Of two subjects the one with the least or most by a relation; asks for that value, or for another of its own. */
  | { form: 'extreme'; subjects: readonly [string, string]; by: ComparableRelation; pick: 'least' | 'most'; then: RelationName | null }

/** Inner and outer relation of each two-hop question that reads sensibly. */
export function bridges(): { inner: RelationName; outer: RelationName }[] {
  const pairs: { inner: RelationName; outer: RelationName }[] = []
  for (const inner of relationNames) {
    for (const outer of relationNames) {
      if (relations[inner].value !== relations[outer].subject || inner === outer) continue
      // Whom a manager works for and where a mayor lives is as good as said already; who leads has no manager.
      if (outer === 'works_for' && inner !== 'best_friend') continue
      if (outer === 'lives_in' && inner === 'mayor') continue
      if (outer === 'manager' && inner !== 'best_friend') continue
      pairs.push({ inner, outer })
    }
  }
  return pairs
}

export const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const

/** Where a value stands in its order: the year, or days from the year's start with months of 31 days. NaN if none. */
export function magnitude(value: string): number {
  const date = /^(\d{1,2}) ([A-Z][a-z]+)$/.exec(value)
  if (!date) return Number(value)
  const month = months.findIndex((name) => name === date[2])
  return month < 0 ? NaN : month * 31 + Number(date[1])
}

function lookUp(facts: readonly Triple[], subject: string, relation: RelationName): string | null {
  return facts.find((fact) => fact.subject === subject && fact.relation === relation)?.value ?? null
}

/** The answer that follows from the facts, null when it does not follow. Facts must be current ones. */
export function deriveAnswer(facts: readonly Triple[], question: Question): string | null {
  if (question.form === 'path') {
    let at: string | null = question.subject
    for (const relation of question.path) at = at === null ? null : lookUp(facts, at, relation)
    return at
  }
  const [a, b] = question.subjects
  const valueA = lookUp(facts, a, question.by)
  const valueB = lookUp(facts, b, question.by)
  if (valueA === null || valueB === null || valueA === valueB) return null
  const aIsLess = magnitude(valueA) < magnitude(valueB)
  const chosen = aIsLess === (question.pick === 'least') ? a : b
  return lookUp(facts, chosen, question.then ?? question.by)
}

/** Relations whose value is a person in a post that already says for whom, and under whom, they work. */
const posts: readonly RelationName[] = ['manager', 'led_by', 'mayor']

/** Can one more fact be told of the subject without contradicting the others, as people would see it? */
export function fits(facts: readonly Triple[], subject: string, relation: RelationName): boolean {
  if (facts.some((fact) => fact.subject === subject && fact.relation === relation)) return false
  const held = facts.filter((fact) => fact.value === subject && posts.includes(fact.relation))
  if (relation === 'works_for' || relation === 'manager') return held.length === 0
  return relation !== 'lives_in' || held.every((fact) => fact.relation !== 'mayor')
}
