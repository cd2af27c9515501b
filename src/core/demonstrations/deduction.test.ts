import { describe, expect, it } from 'vitest'
import type { Fact } from '../environments/question/task.ts'
import type { WorldProblem } from '../environments/question/sources/world.ts'
import type { Question, Triple } from '../environments/question/sources/world-relations.ts'
import { follow, seenStatements, statementsOf, stem } from './deduction.ts'

const manager: Triple = { subject: 'Mira Vale', relation: 'manager', value: 'Jon Tarn' }
const home: Triple = { subject: 'Jon Tarn', relation: 'lives_in', value: 'Oslem' }
const fact = (id: string, text: string, superseded_by: string | null = null): Fact => ({ id, text, keys: [], needed: true, superseded_by })
const question: Question = { form: 'path', subject: 'Mira Vale', path: ['manager', 'lives_in'] }

const problem: WorldProblem = {
  question,
  facts: [manager, home],
  task: {
    id: 't',
    source: 'world',
    kind: 'two-hop',
    split: 'none',
    facts: [fact('f1', "Mira Vale's manager is Jon Tarn."), fact('f2', 'Jon Tarn lives in Tarn Hollow.', 'f3'), fact('f3', 'Jon Tarn lives in Oslem.')],
    build: [],
    resist: [],
    query: '?',
    answer: 'Oslem',
    aliases: [],
  },
}
const statements = statementsOf(problem)
const see = (known: string[], lines: string[] = []) => seenStatements({ known: new Map(known.map((text, i) => [`m${i + 1}`, text])), lines }, statements)

describe('stem', () => {
  it('is the canonical wording up to the value', () => {
    expect(stem('Jon Tarn', 'lives_in')).toBe('Jon Tarn lives in')
    expect(stem('Erin Ross', 'manager')).toBe("Erin Ross' manager is")
    expect(stem('Oslem', 'mayor')).toBe('The mayor of Oslem is')
  })
})

describe('statementsOf', () => {
  it('has the structure of every fact, outdated ones included', () => {
    expect(statements.map(({ triple, supersededBy }) => [triple.subject, triple.relation, triple.value, supersededBy])).toEqual([
      ['Mira Vale', 'manager', 'Jon Tarn', null],
      ['Jon Tarn', 'lives_in', 'Tarn Hollow', 'f3'],
      ['Jon Tarn', 'lives_in', 'Oslem', null],
    ])
  })
})

describe('seenStatements', () => {
  it('takes an outdated memory as it stands, unless the new one stands beside it', () => {
    expect(see(['Jon Tarn lives in Tarn Hollow.']).map((each) => each.triple.value)).toEqual(['Tarn Hollow'])
    expect(see(['Jon Tarn lives in Tarn Hollow.', 'Jon Tarn lives in Oslem.']).map((each) => each.triple.value)).toEqual(['Oslem'])
  })
  it('reads summaries, and nothing of what distractors say', () => {
    expect(see([], ['Summary: Jon Tarn lives in Oslem. Some chat.'])).toHaveLength(1)
    expect(see([], ['It was once true that Jon Tarn lives in Oslem.'])).toHaveLength(0)
    expect(see(['An old list says that Jon Tarn lives in Oslem.'])).toHaveLength(0)
  })
})

describe('follow', () => {
  it('follows a chain as far as it goes', () => {
    const part = follow(question, see(["Mira Vale's manager is Jon Tarn."]))
    expect(part.missing).toEqual([{ subject: 'Jon Tarn', relation: 'lives_in' }])
    expect(part.answer).toBeNull()
    const whole = follow(question, see(['Jon Tarn lives in Oslem.', "Mira Vale's manager is Jon Tarn."]))
    expect(whole.answer?.value).toBe('Oslem')
    expect(whole.because.map((each) => each.triple.relation)).toEqual(['manager', 'lives_in'])
  })
  it('does not begin in the middle', () => {
    expect(follow(question, see(['Jon Tarn lives in Oslem.']))).toMatchObject({ answer: null, because: [], missing: [{ subject: 'Mira Vale', relation: 'manager' }] })
  })
  it('compares, and says how', () => {
    const born = (subject: string, value: string): Triple => ({ subject, relation: 'birth_year', value })
    const told = [born('Ada', '1971'), born('Ben', '1953'), { subject: 'Ben', relation: 'dog', value: 'Fido' } as const]
    const seen = told.map((triple, i) => ({ fact: `f${i}`, triple, text: '', supersededBy: null }))
    const older: Question = { form: 'extreme', subjects: ['Ada', 'Ben'], by: 'birth_year', pick: 'least', then: null }
    expect(follow(older, seen)).toMatchObject({ answer: { value: '1953' }, comparison: '1953 is before 1971.' })
    expect(follow({ ...older, pick: 'most' }, seen)).toMatchObject({ answer: { value: '1971' }, comparison: '1971 is after 1953.' })
    expect(follow({ ...older, then: 'dog' }, seen)).toMatchObject({ answer: { value: 'Fido' } })
    expect(follow({ ...older, pick: 'most', then: 'dog' }, seen)).toMatchObject({ answer: null, missing: [{ subject: 'Ada', relation: 'dog' }] })
    expect(follow(older, [])).toMatchObject({ comparison: null, missing: [{ subject: 'Ada' }, { subject: 'Ben' }] })
  })
})
