// What a statement is about, by rule: the matter (home, work, a favourite dish …), of whom it is said, and how two of them
// go together. Knows English in general and no task.
import { contentWords } from '../../../text.ts'
import { stem } from '../../../memory/stem.ts'
import { namesIn } from './statements.ts'

/** Matters of which somebody has one at a time, by words for them. */
const topics = {
  home: /\b(?:lives?|lived|living|resid\w+|home|moved to|moves to|flat|house|town is)\b/i,
  work: /\b(?:works?|working|worked|employ\w+|job|company|payroll|hired)\b/i,
  manager: /\b(?:managers?|manages|boss|reports? to|supervis\w+)\b/i,
  friend: /\b(?:best friends?|closest friend)\b/i,
  partner: /\b(?:married|wife|husband|spouse|partner|fiancée?|engaged)\b/i,
  pet: /\b(?:dog|cat|pet|puppy|kitten|horse)\b/i,
  food: /\b(?:dish|food|meal|menu|eats?|cooked)\b/i,
  drink: /\b(?:drinks?|beverage)\b/i,
  instrument: /\b(?:plays? the|playing the|played the|instrument|practi[sc]e the|makes music)\b/i,
  hobby: /\b(?:hobby|hobbies|pastime|free minute|free time)\b/i,
  colour: /\bcolou?rs?\b/i,
  language: /\b(?:language|learning|learn|lessons in|speaks)\b/i,
  birthday: /\b(?:birthday|congratulate)\b/i,
  'birth year': /\b(?:born|birth year|year of (?:their |his |her )?birth)\b/i,
  meeting: /\b(?:meeting|meet|appointment|met on)\b/i,
  allergy: /\b(?:allerg\w+|intolerant)\b/i,
  seat: /\b(?:based in|head ?office|headquarters?|its base)\b/i,
  head: /\b(?:led by|leads|heads?(?! ?office)|in charge of|director|chief|at the very top)\b/i,
  founding: /\b(?:founded|founding|existed since|established)\b/i,
  product: /\b(?:makes|produces|manufactur\w+|produc\w+|factory)\b/i,
  mayor: /\bmayor\b/i,
  region: /\b(?:region|lies in|is in the|part of the)\b/i,
  river: /\briver\b/i,
  fame: /\b(?:known for|famous|renowned)\b/i,
  age: /\b(?:years old|aged)\b/i,
  phone: /\b(?:phone|number is|e-?mail address)\b/i,
  likes: /\b(?:likes?|loves?|hates?|dislikes?|prefers?|favou?rite|fond of)\b/i,
} satisfies Record<string, RegExp>

type Topic = keyof typeof topics
const isTopic = (name: string): name is Topic => Object.hasOwn(topics, name)

export const topicsOf = (statement: string): Set<Topic> =>
  new Set(Object.keys(topics).filter(isTopic).filter((name) => topics[name].test(statement)))

/** Of whom or what it is said; null: of nobody by name. */
export function subjectOf(statement: string): string | null {
  const names = namesIn(statement)
  const owner = names.find((name) => new RegExp(`${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}['’]`, 'u').test(statement))
  if (owner !== undefined) return owner
  const of = names.find((name) => statement.includes(` of ${name}`))
  if (of !== undefined && names.length > 1) return of
  return names[0] ?? (/\b(?:I|my|me)\b/i.test(statement) ? 'I' : null)
}

const stems = (text: string) => new Set(contentWords(text).map(stem))
/** It tells of what was, which is no news of what is. */
const past = /\b(?:was|were|had|lived|worked|played|led|made|produced|reported|loved|liked)\b/i
const lasts = /\b(?:has|have|born|founded|now|since)\b/i
const isPast = (statement: string) => past.test(statement) && !lasts.test(statement)
const ended = /\b(?:no longer|not [^.]*any ?more|gave up|quit|stopped|never again)\b/i

/**
 * What to do about a statement where this one is kept. `same`: it says nothing more. `replaces`: the same of the same,
 * with another value. `ends`: it no longer holds, and nothing is in its place. `other`: they have nothing to do with each other.
 */
export function relationTo(kept: string, told: string): 'same' | 'replaces' | 'ends' | 'other' {
  const [before, now] = [stems(kept), stems(told)]
  const fresh = [...now].filter((each) => !before.has(each))
  if (fresh.length === 0) return 'same'
  const subject = subjectOf(told)
  if (subject === null || subject.toLowerCase() !== subjectOf(kept)?.toLowerCase()) return 'other'
  if (isPast(told) && !isPast(kept)) return 'other'
  const [of, about] = [topicsOf(kept), topicsOf(told)]
  const matters = [...about].filter((topic) => of.has(topic) && topic !== 'likes')
  const liked = matters.length === 0 && about.has('likes') && of.has('likes') && fresh.length <= 2 && [...before].filter((each) => now.has(each)).length >= 2
  if (matters.length === 0 && !liked) return 'other'
  const values = fresh.filter((each) => !/^(?:longer|anymor|gave|quit|stop|never|again|not)$/.test(each))
  return ended.test(told) && values.length === 0 ? 'ends' : 'replaces'
}
