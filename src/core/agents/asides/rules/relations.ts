// What holds between two named things in a statement, by rule.
import { namesIn } from './statements.ts'
import { subjectOf, topicsOf } from './topics.ts'

interface Relation {
  source: string
  relation: string
  target: string
}

/** Of whom it is said, the matter, and the other name in it, or else what follows its verb; null where it has no name. */
export function relationIn(statement: string): Relation | null {
  const source = subjectOf(statement)
  const [matter] = topicsOf(statement)
  if (source === null || source === 'I' || matter === undefined) return null
  const other = namesIn(statement).find((name) => name !== source)
  const target = other ?? /\b(?:is|are|was|in|on|to|for|called|the|its|makes|plays)\b (?!.*\b(?:is|are|was|in|on|to|for|called|the|its|makes|plays)\b )(.+?)[.!]?$/i.exec(statement)?.[1]
  return target === undefined ? null : { source, relation: matter, target }
}
