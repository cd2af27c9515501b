import { describe, expect, it } from 'vitest'
import { containsPhrase, words } from '../../../../text.ts'
import { nameWords, organisationEndings, placePrefixes, regionEndings, wordKinds } from '../names.ts'
import { comparable, bridges, relationNames, relations } from '../world-relations.ts'
import { closedLists } from '../world-values.ts'
import { comparisonPhrases } from './comparisons.ts'
import * as frames from './frames.ts'
import { fill, sentence } from './phrases.ts'
import { relationPhrases } from './relations.ts'
import { smallTalk } from './small-talk.ts'

const slotsOf = (template: string) => [...new Set([...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''))].sort()
const values = Object.values(closedLists).flat()

/** Every template that stands beside a name or a value, with where it comes from. */
const templates = [
  ...relationNames.flatMap((relation) => {
    const { clauses, statements, changed, was, outdated = [], questions, descriptions } = relationPhrases[relation]
    return [...clauses, ...statements, ...changed, ...was, ...outdated, ...questions, ...descriptions.short, ...descriptions.long]
  }),
  ...comparable.flatMap((by) => [...comparisonPhrases[by].questions, ...comparisonPhrases[by].descriptions]),
  ...Object.values(frames).flat(),
]
const noise = relationNames.flatMap((relation) => relationPhrases[relation].noise)

describe('fill', () => {
  it('puts values into slots', () => {
    expect(fill('{s} lives in {v}', { s: 'Mira Voss', v: 'Oslem' })).toBe('Mira Voss lives in Oslem')
  })
  it('makes the possessive of a name in s without a second s', () => {
    expect(fill("{s}'s dog", { s: 'Novera Works' })).toBe("Novera Works' dog")
    expect(fill("{s}'s dog", { s: 'Mira' })).toBe("Mira's dog")
  })
  it('refuses a slot without a value', () => {
    expect(() => fill('{s} and {v}', { s: 'a' })).toThrow(RangeError)
  })
  it('does not read a value as a pattern', () => {
    expect(fill('{s}!', { s: '$& {v}' })).toBe('$& {v}!')
  })
})

describe('sentence', () => {
  it('begins with a capital, past quotes', () => {
    expect(sentence('my dog')).toBe('My dog')
    expect(sentence('"my dog"')).toBe('"My dog"')
    expect(sentence('Émile')).toBe('Émile')
  })
})

describe('wordings of relations', () => {
  it.each(relationNames)('%s has enough of each kind, with the right slots', (relation) => {
    const { clauses, statements, changed, was, outdated = [], questions, descriptions, noise } = relationPhrases[relation]
    for (const template of [...clauses, ...statements, ...was, ...outdated]) expect(slotsOf(template), template).toEqual(['s', 'v'])
    for (const template of changed) expect(slotsOf(template).filter((slot) => slot !== 'old'), template).toEqual(['s', 'v'])
    for (const template of [...questions, ...descriptions.short, ...descriptions.long]) expect(slotsOf(template), template).toEqual(['s'])
    for (const text of noise) expect(slotsOf(text), text).toEqual([])
    expect(clauses.length).toBeGreaterThanOrEqual(4)
    expect(statements.length).toBeGreaterThanOrEqual(12)
    expect(questions.length).toBeGreaterThanOrEqual(12)
    expect(noise.length).toBeGreaterThanOrEqual(6)
    // Ways to say that it has changed: its own, and every general frame around every clause.
    if (changed.length > 0) expect(changed.length).toBeGreaterThanOrEqual(6)
    // What changes needs a past to be told of.
    expect(was.length + outdated.length > 0).toBe(changed.length > 0)
  })

  it('describes the value of every relation that questions of two hops start from', () => {
    for (const { inner } of bridges()) expect(relationPhrases[inner].descriptions.long.length, inner).toBeGreaterThanOrEqual(4)
    for (const relation of relationNames) {
      const { long } = relationPhrases[relation].descriptions
      expect(long.length > 0, relation).toBe(bridges().some(({ inner }) => inner === relation))
    }
  })

  it('has questions that a long description fits into', () => {
    for (const relation of relationNames) {
      const open = relationPhrases[relation].questions.filter((template) => !template.includes("{s}'s"))
      expect(open.length, relation).toBeGreaterThanOrEqual(9)
    }
  })

  it('says nothing twice', () => {
    const questionsOf = new Map<string, string>()
    for (const relation of relationNames) {
      for (const question of relationPhrases[relation].questions) {
        expect(questionsOf.get(question), question).toBeUndefined()
        questionsOf.set(question, relation)
      }
    }
    const statements = relationNames.flatMap((relation) => relationPhrases[relation].statements)
    expect(new Set(statements).size).toBe(statements.length)
    expect(new Set([...noise, ...smallTalk]).size).toBe(noise.length + smallTalk.length)
    expect([...templates, ...noise, ...smallTalk].filter((text) => text.trim() !== text || text.includes('  '))).toEqual([])
  })
})

describe('frames', () => {
  it('are a dozen or more of each speech act and kind of distractor', () => {
    for (const [name, list] of Object.entries(frames)) expect(list.length, name).toBeGreaterThanOrEqual(12)
    for (const by of comparable) expect(comparisonPhrases[by].questions.length, by).toBeGreaterThanOrEqual(12)
  })
  it('have exactly the slots that they are filled with', () => {
    const allowed: Record<keyof typeof frames, string[]> = {
      openers: ['clause'],
      mistakes: ['Clause', 'clause', 'old'],
      changes: ['clause', 'old'],
      stale: ['clause'],
      pasts: ['was'],
      rumours: ['clause'],
      namesakes: ['clause'],
      colleagues: ['clause', 'org', 's'],
      neighbours: ['clause', 'place', 's'],
      strangers: ['clause'],
    }
    for (const [name, slots] of Object.entries(allowed)) {
      const list = Object.entries(frames).find(([each]) => each === name)?.[1] ?? []
      for (const template of list) expect(slots, template).toEqual(expect.arrayContaining(slotsOf(template)))
    }
    for (const template of frames.colleagues) expect(slotsOf(template), template).toEqual(['clause', 'org', 's'])
    for (const template of frames.neighbours) expect(slotsOf(template), template).toEqual(['clause', 'place', 's'])
  })
})

describe('the corpus as a whole', () => {
  it('has no value inside a template: a sentence states only what its slots hold', () => {
    const said = templates.map((template) => template.replace(/\{\w+\}/g, ' · '))
    expect(said.filter((text) => /\d/.test(text))).toEqual([])
    expect(said.flatMap((text) => values.filter((value) => containsPhrase(text, value)).map((value) => `${value}: ${text}`))).toEqual([])
  })
  it('has no value inside another value', () => {
    for (const value of values) {
      const others = values.filter((other) => other !== value && containsPhrase(other, value))
      expect(others, value).toEqual([])
    }
    expect(new Set(values).size).toBe(values.length)
  })
  it('uses no word that is also a name', () => {
    const spoken = new Set([...templates, ...noise, ...smallTalk, ...values, ...organisationEndings, ...regionEndings, ...placePrefixes].flatMap((text) => words(text.replace(/\{\w+\}/g, ' '))))
    expect(wordKinds.flatMap((kind) => nameWords(kind).filter((name) => spoken.has(name.toLowerCase())))).toEqual([])
  })
  it('has more values of every closed kind than a task can use up: 8 facts, a correction, 12 distractors', () => {
    for (const [kind, list] of Object.entries(closedLists)) {
      expect(list.length, kind).toBeGreaterThan(8 + 1 + 12 + 8)
      expect(relationNames.some((relation) => relations[relation].value === kind), kind).toBe(true)
    }
  })
  it('has small talk without digits, names in the middle of a sentence, or a word on lasting preferences', () => {
    expect(smallTalk.length).toBeGreaterThanOrEqual(100)
    for (const text of smallTalk) {
      expect(/\d/.test(text), text).toBe(false)
      expect(values.filter((value) => containsPhrase(text, value)), text).toEqual([])
      expect(/favourite|always|every (day|week|year)|birthday|allerg|my (name|job|wife|husband|boss)/i.test(text) && !/always (this )?quiet/.test(text), text).toBe(false)
    }
  })
})
