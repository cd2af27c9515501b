import { describe, expect, it } from 'vitest'
import { bridges, deriveAnswer, fits, magnitude, relations, type Triple } from './world-relations.ts'

const facts: Triple[] = [
  { subject: 'Mira Voss', relation: 'works_for', value: 'Novera Works' },
  { subject: 'Novera Works', relation: 'based_in', value: 'Oslem' },
  { subject: 'Mira Voss', relation: 'birth_year', value: '1984' },
  { subject: 'Tobin Hale', relation: 'birth_year', value: '1979' },
  { subject: 'Tobin Hale', relation: 'lives_in', value: 'Kelm' },
  { subject: 'Mira Voss', relation: 'birthday', value: '2 March' },
  { subject: 'Tobin Hale', relation: 'birthday', value: '28 February' },
]

describe('deriveAnswer', () => {
  it('looks up one relation', () => {
    expect(deriveAnswer(facts, { form: 'path', subject: 'Mira Voss', path: ['works_for'] })).toBe('Novera Works')
  })
  it('follows two', () => {
    expect(deriveAnswer(facts, { form: 'path', subject: 'Mira Voss', path: ['works_for', 'based_in'] })).toBe('Oslem')
  })
  it('compares years, and asks further of the one it finds', () => {
    const subjects = ['Mira Voss', 'Tobin Hale'] as const
    expect(deriveAnswer(facts, { form: 'extreme', subjects, by: 'birth_year', pick: 'least', then: null })).toBe('1979')
    expect(deriveAnswer(facts, { form: 'extreme', subjects, by: 'birth_year', pick: 'most', then: null })).toBe('1984')
    expect(deriveAnswer(facts, { form: 'extreme', subjects, by: 'birth_year', pick: 'least', then: 'lives_in' })).toBe('Kelm')
  })
  it('compares dates by the calendar, not by their digits', () => {
    const subjects = ['Mira Voss', 'Tobin Hale'] as const
    expect(deriveAnswer(facts, { form: 'extreme', subjects, by: 'birthday', pick: 'least', then: null })).toBe('28 February')
  })
  it('gives null where a fact is missing', () => {
    expect(deriveAnswer(facts, { form: 'path', subject: 'Mira Voss', path: ['lives_in'] })).toBeNull()
    expect(deriveAnswer(facts, { form: 'path', subject: 'Mira Voss', path: ['works_for', 'led_by'] })).toBeNull()
    expect(deriveAnswer(facts, { form: 'extreme', subjects: ['Mira Voss', 'Nobody'], by: 'birth_year', pick: 'most', then: null })).toBeNull()
    expect(deriveAnswer(facts, { form: 'extreme', subjects: ['Mira Voss', 'Tobin Hale'], by: 'birth_year', pick: 'most', then: 'lives_in' })).toBeNull()
  })
  it('gives null for a tie', () => {
    const tied: Triple[] = [
      { subject: 'A', relation: 'birth_year', value: '1980' },
      { subject: 'B', relation: 'birth_year', value: '1980' },
    ]
    expect(deriveAnswer(tied, { form: 'extreme', subjects: ['A', 'B'], by: 'birth_year', pick: 'most', then: null })).toBeNull()
  })
})

describe('magnitude', () => {
  it('orders years and days of the year', () => {
    expect(magnitude('1984')).toBe(1984)
    expect(magnitude('31 January')).toBeLessThan(magnitude('1 February'))
    expect(magnitude('9 December')).toBeGreaterThan(magnitude('28 November'))
    expect(magnitude('Oslem')).toBeNaN()
    expect(magnitude('3 Nonsense')).toBeNaN()
  })
})

describe('fits', () => {
  const posts: Triple[] = [
    { subject: 'Oslem', relation: 'mayor', value: 'Ada Rowe' },
    { subject: 'Mira Voss', relation: 'manager', value: 'Tobin Hale' },
    { subject: 'Mira Voss', relation: 'best_friend', value: 'Lia Corb' },
  ]
  it('keeps a subject to one value of a relation', () => {
    expect(fits(posts, 'Mira Voss', 'manager')).toBe(false)
    expect(fits(posts, 'Mira Voss', 'works_for')).toBe(true)
  })
  it('gives nobody in a post another employer or boss, and a mayor no other town', () => {
    expect(fits(posts, 'Tobin Hale', 'works_for')).toBe(false)
    expect(fits(posts, 'Tobin Hale', 'lives_in')).toBe(true)
    expect(fits(posts, 'Ada Rowe', 'manager')).toBe(false)
    expect(fits(posts, 'Ada Rowe', 'lives_in')).toBe(false)
    expect(fits(posts, 'Lia Corb', 'works_for')).toBe(true)
  })
})

describe('bridges', () => {
  it('join what a relation gives to what another is about', () => {
    const pairs = bridges()
    for (const { inner, outer } of pairs) expect(relations[inner].value).toBe(relations[outer].subject)
    const named = pairs.map(({ inner, outer }) => `${inner} ${outer}`)
    expect(named).toContain('works_for based_in')
    expect(named).toContain('lives_in mayor')
    expect(named).toContain('led_by hobby')
    expect(named).not.toContain('manager works_for')
    expect(named).not.toContain('mayor lives_in')
    expect(new Set(named).size).toBe(pairs.length)
  })
})
