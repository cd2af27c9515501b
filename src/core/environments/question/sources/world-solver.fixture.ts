// For tests: reads a world task as a person would, from its texts alone. Parses canonical sentences back to facts with
// patterns written by hand, parses the question by every wording there is, and works the answer out.
import { comparisonPhrases } from './phrases/comparisons.ts'
import { relationPhrases } from './phrases/relations.ts'
import { comparable, relationNames, type ComparableRelation, type RelationName } from './world-relations.ts'

export interface ReadFact {
  subject: string
  relation: RelationName
  value: string
}

const sentences: readonly [RegExp, RelationName][] = [
  [/^(.+) lives in (.+)\.$/, 'lives_in'],
  [/^(.+) works for (.+)\.$/, 'works_for'],
  [/^(.+?)'s? manager is (.+)\.$/, 'manager'],
  [/^(.+?)'s? best friend is (.+)\.$/, 'best_friend'],
  [/^(.+) has a dog called (.+)\.$/, 'dog'],
  [/^(.+?)'s? favourite dish is (.+)\.$/, 'favourite_dish'],
  [/^(.+?)'s? favourite drink is (.+)\.$/, 'favourite_drink'],
  [/^(.+) plays the (.+)\.$/, 'instrument'],
  [/^(.+?)'s? hobby is (.+)\.$/, 'hobby'],
  [/^(.+?)'s? favourite colour is (.+)\.$/, 'favourite_colour'],
  [/^(.+) is learning (.+)\.$/, 'language'],
  [/^(.+?)'s? birthday is on (.+)\.$/, 'birthday'],
  [/^(.+) was born in (.+)\.$/, 'birth_year'],
  [/^The user's meeting with (.+) is on (.+)\.$/, 'meeting'],
  [/^(.+) is allergic to (.+)\.$/, 'allergy'],
  [/^(.+) is based in (.+)\.$/, 'based_in'],
  [/^(.+) is led by (.+)\.$/, 'led_by'],
  [/^(.+) was founded in (.+)\.$/, 'founded_in'],
  [/^(.+) makes (.+)\.$/, 'makes'],
  [/^The mayor of (.+) is (.+)\.$/, 'mayor'],
  [/^(.+) is in the (.+)\.$/, 'region'],
  [/^(.+) lies on the river (.+)\.$/, 'river'],
  [/^(.+) is known for its (.+)\.$/, 'known_for'],
]

/** The one fact that a canonical sentence states. @throws when no pattern or more than one fits */
export function readFact(text: string): ReadFact {
  const found = sentences.flatMap(([pattern, relation]) => {
    const match = pattern.exec(text)
    return match ? [{ subject: match[1] ?? '', relation, value: match[2] ?? '' }] : []
  })
  const [fact] = found
  if (!fact || found.length !== 1) throw new Error(`${found.length} readings of: ${text}`)
  return fact
}

const escaped = (text: string) => text.replace(/[.*+?^$()|[\]\\]/g, '\\$&')
/** A template as a pattern; {s}'s also without the last s. */
const patternOf = (template: string) =>
  new RegExp(`^${escaped(template).replace(/\{(\w)\}('s)?/g, (_, slot: string, s?: string) => `(?<${slot}>.+?)${s ? "'s?" : ''}`)}$`, 'u')

const questionPatterns = relationNames.flatMap((relation) => relationPhrases[relation].questions.map((template) => ({ relation, pattern: patternOf(template) })))
const descriptionPatterns = relationNames.flatMap((relation) => {
  const { short, long } = relationPhrases[relation].descriptions
  return [...short, ...long].map((template) => ({ relation, pattern: patternOf(template) }))
})
const picks = ['least', 'most'] as const
const comparisonPatterns = (list: 'questions' | 'descriptions') =>
  comparable.flatMap((by) =>
    picks.flatMap((pick) =>
      comparisonPhrases[by][list].map((template) => {
        const worded = template.replace(/\{(which|order)\}/g, (_, word: string) => comparisonPhrases[by].words[pick][word] ?? '')
        // A description may have lost the comma at its end.
        const source = patternOf(worded.replace(/,$/, '')).source
        return { by, pick, pattern: new RegExp(list === 'descriptions' ? source.replace(/\$$/, ',?$') : source, 'u') }
      }),
    ),
  )
const comparisonQuestions = comparisonPatterns('questions')
const comparisonDescriptions = comparisonPatterns('descriptions')

const monthOrder = 'January February March April May June July August September October November December'.split(' ')

function order(by: ComparableRelation, value: string): number {
  if (by !== 'birthday') return parseInt(value, 10)
  const [day = '', month = ''] = value.split(' ')
  return monthOrder.indexOf(month) * 100 + parseInt(day, 10)
}

/** Every answer that some reading of the question gives on these facts. */
export function answersTo(query: string, facts: readonly ReadFact[]): Set<string> {
  const answers = new Set<string>()
  const valuesOf = (subject: string, relation: RelationName) => facts.filter((fact) => fact.subject === subject && fact.relation === relation).map((fact) => fact.value)
  const chosen = (a: string, b: string, by: ComparableRelation, pick: (typeof picks)[number]): string[] => {
    const [x] = valuesOf(a, by)
    const [y] = valuesOf(b, by)
    if (x === undefined || y === undefined) return []
    return [order(by, x) < order(by, y) === (pick === 'least') ? a : b]
  }
  /** What a description can mean. */
  const meant = (description: string): string[] => [
    description,
    ...descriptionPatterns.flatMap(({ relation, pattern }) => {
      const name = pattern.exec(description)?.groups?.s
      return name === undefined ? [] : valuesOf(name, relation)
    }),
    ...comparisonDescriptions.flatMap(({ by, pick, pattern }) => {
      const { a, b } = pattern.exec(description)?.groups ?? {}
      return a === undefined || b === undefined ? [] : chosen(a, b, by, pick)
    }),
  ]
  for (const { relation, pattern } of questionPatterns) {
    const about = pattern.exec(query)?.groups?.s
    if (about === undefined) continue
    for (const subject of meant(about)) for (const value of valuesOf(subject, relation)) answers.add(value)
  }
  for (const { by, pick, pattern } of comparisonQuestions) {
    const { a, b } = pattern.exec(query)?.groups ?? {}
    if (a === undefined || b === undefined) continue
    for (const subject of chosen(a, b, by, pick)) for (const value of valuesOf(subject, by)) answers.add(value)
  }
  return answers
}
