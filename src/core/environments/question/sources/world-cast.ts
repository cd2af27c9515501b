// Who and what appears in one task of the world: hands out names and values none of which is used twice, so that a
// subject and a value together point at one fact only. Knows nothing of sentences.
import type { Random } from '../../../random.ts'
import { createNameSource, organisationEndings, placePrefixes, type NameSplit } from './names.ts'
import type { EntityKind, ValueKind } from './world-relations.ts'
import { birthYear, closedLists, dayOfYear, foundingYear, type ClosedKind } from './world-values.ts'

export interface Cast {
  /** A value (or subject) of the kind that nothing in the task has yet. */
  fresh(kind: ValueKind): string
  /** Another entity whose name shares a word with this one's; null when no such name is left. */
  namesake(name: string, kind: EntityKind): string | null
}

export function createCast(random: Random, split: NameSplit): Cast {
  const names = createNameSource(random.fork('names'), split)
  const values = random.fork('values')
  const taken = new Set<string>()

  const take = (value: string): string => {
    taken.add(value)
    return value
  }
  /** Years and days: far more of them than a task can use up. */
  const unused = (draw: () => string): string => {
    for (;;) {
      const value = draw()
      if (!taken.has(value)) return take(value)
    }
  }
  const left = (list: readonly string[]) => list.filter((value) => !taken.has(value))
  /** @throws RangeError when the list is used up, which takes more facts and distractors than a task can have */
  const closed = (kind: ClosedKind) => take(values.pick(left(closedLists[kind])))

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
        case 'organisation': {
          const others = left(organisationEndings.filter((ending) => ending !== second).map((ending) => `${first} ${ending}`))
          return others.length > 0 ? take(values.pick(others)) : null
        }
        case 'place': {
          const others = left(placePrefixes.map((prefix) => `${prefix} ${name}`))
          return others.length > 0 ? take(values.pick(others)) : null
        }
      }
    },
  }
}
