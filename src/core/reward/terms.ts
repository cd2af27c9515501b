// The table of the reward's terms: their names in the order of the paper, and what stands in which term of eq. 16.
import { namesOf } from '../table.ts'
import type { Trajectory } from '../record/trajectory.ts'
import { termGroups, type GroupName, type Term } from './term.ts'
import * as table from './terms/index.ts'

export type TermName = keyof typeof table
/** What each term measures: its value with its evidence. */
export type Measurements = { [N in TermName]: ReturnType<(typeof table)[N]['measure']> }
/** The terms that are parts of this term of eq. 16; of null: those that are one themselves. */
export type TermsIn<G extends GroupName | null> = {
  [N in TermName]: (typeof table)[N]['group'] extends G ? N : never
}[TermName]

export const terms: { readonly [N in TermName]: Term<Measurements[N]> } = table

const place = (name: TermName) => terms[name].equation ?? Infinity
/** In the order of the paper's equations; those that it does not have come last, by name. */
export const termNames: readonly TermName[] = namesOf(table).sort((a, b) => (place(a) === place(b) ? (a < b ? -1 : 1) : place(a) - place(b)))

/** The answer is judged in every task; other terms may not apply. */
export const termsButTask = termNames.filter((name) => name !== 'task')

/** The parts of a term of eq. 16; of null: the terms that have none. */
export function termsIn<G extends GroupName | null>(group: G): TermsIn<G>[] {
  return termNames.filter((name): name is TermsIn<G> => terms[name].group === group)
}

/** A term of eq. 16. */
export type Summand = TermsIn<null> | GroupName

/** The terms of eq. 16 as they are added up: a part stands for its group, in its place. */
export const summands: readonly Summand[] = [
  ...new Set(termNames.map((name) => terms[name].group ?? soloName(name))),
]

function soloName(name: TermName): TermsIn<null> {
  const solo = termsIn(null).find((each) => each === name)
  if (!solo) throw new RangeError(`${name} is a part of another term.`)
  return solo
}

/** Is this a term of eq. 16 that is made of parts? */
export function isGroup(name: string): name is GroupName {
  return Object.hasOwn(termGroups, name)
}

/** One term's value with its evidence. */
export function measureTerm<N extends TermName>(name: N, trajectory: Trajectory): Measurements[N] {
  return terms[name].measure(trajectory)
}
