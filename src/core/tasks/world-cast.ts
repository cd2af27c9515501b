// Who and what appears in one task of the world: hands out names and values none of which is used twice, so that a
// subject and a value together point at one fact only. Knows nothing of sentences.
import type { Random } from '../random.ts'
import { createNameSource, organisationEndings, placePrefixes, type NameSplit } from './names.ts'
import type { EntityKind, ValueKind } from './world-relations.ts'
import { birthYear, closedLists, dayOfYear, foundingYear, type ClosedKind } from './world-values.ts'

export interface Cast {
  /** A value (or subject) of the kind that nothing in the task has yet. */
  fresh(kind: ValueKind): string
  /** Another entity whose name shares a word with this one's. */
  namesake(name: string, kind: EntityKind): string
}

export function createCast(random: Random, split: NameSplit): Cast {
  const names = createNameSource(random.fork('names'), split)
  const values = random.fork('values')
  const taken = new Set<string>()

  /** Draws until the value is new. The lists are far longer than what a task can use up. */
  const unused = (draw: () => string): string => {
    for (;;) {
      const value = draw()
      if (taken.has(value)) continue
      taken.add(value)
      return value
    }
  }
  const closed = (kind: ClosedKind) => unused(() => values.pick<string>(closedLists[kind]))

  return {
    fresh(kind) {
      switch (kind) {
        case 'person':
          return names.person()
        case 'organisation':
          return names.organisation()
        case 'place':
          return names.place()
        case 'region':
          return names.region()
        case 'river':
          return names.river()
        case 'dog':
          return names.dog()
        case 'birth-year':
          return unused(() => birthYear(values))
        case 'founding-year':
          return unused(() => foundingYear(values))
        case 'date':
          return unused(() => dayOfYear(values))
        default:
          return closed(kind)
      }
    },
    namesake(name, kind) {
      const [first = name, second = ''] = name.split(' ')
      switch (kind) {
        case 'person':
          return values.chance(0.65) ? `${names.word('first')} ${second}` : `${first} ${names.word('last')}`
        case 'organisation':
          return unused(() => `${first} ${values.pick(organisationEndings.filter((ending) => ending !== second))}`)
        case 'place':
          return unused(() => `${values.pick(placePrefixes)} ${name}`)
      }
    },
  }
}
