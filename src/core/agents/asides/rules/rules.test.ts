import { describe, expect, it } from 'vitest'
import { relationIn } from './relations.ts'
import { namesIn, statementsIn } from './statements.ts'
import { relationTo, subjectOf } from './topics.ts'

describe('what a message states', () => {
  it.each([
    ['By the way, Mira Voss lives in Tarn.', ['Mira Voss lives in Tarn.']],
    ['Please keep in mind that Mira Voss plays the cello.', ['Mira Voss plays the cello.']],
    ['I told you Tarn earlier, but that was wrong: Mira Voss lives in Oslem.', ['Mira Voss lives in Oslem.']],
    ['Things have changed: Mira Voss lives in Oslem now.', ['Mira Voss lives in Oslem.']],
    ['Mira Voss has left Tarn and lives in Oslem now.', ['Mira Voss lives in Oslem.']],
    ['Please fix what you noted, because Mira Voss lives in Oslem.', ['Mira Voss lives in Oslem.']],
    ['Did I mention that Mira Voss has a dog called Bimo?', ['Mira Voss has a dog called Bimo.']],
    ['I met Mira Voss at a fair. They work for Halden Group.', ['I met Mira Voss at a fair. They work for Halden Group.']],
    ['Ada: I am allergic to nuts.', ['Ada: I am allergic to nuts.']],
    ['My sister is called Ines.', ['My sister is called Ines.']],
    ['I am allergic to nuts and I hate the rain.', ['I am allergic to nuts and I hate the rain.']],
  ])('%s', (message, stated) => {
    expect(statementsIn([message])).toEqual(stated)
  })

  it.each([
    'Good morning! How are you today?',
    'Where does Mira Voss live?',
    'My tea has gone cold again.',
    'I love how quiet it is right now.',
    'There is a rumour that Mira Voss lives in Velm. There is nothing to it.',
    'Mira Voss used to live in Velm.',
    'Breakfast was good.',
    '',
  ])('states nothing that lasts: %s', (message) => {
    expect(statementsIn([message])).toEqual([])
  })

  it('knows names from words that open a sentence, and from the calendar', () => {
    expect(namesIn('Yesterday Mira Voss met Dr. Ünal in the Old Mill on Monday, in May.')).toEqual(['Mira Voss', 'Dr', 'Ünal', 'Old Mill'])
    expect(namesIn('Anyway, nothing happened.')).toEqual([])
    expect(namesIn("Mira's cat is called Bo.")).toEqual(['Mira', 'Bo'])
  })
})

describe('how a statement stands to an entry', () => {
  it.each([
    ['same', 'Mira Voss lives in Tarn.', 'Mira Voss lives in Tarn.'],
    ['replaces', 'Mira Voss lives in Tarn.', "Mira Voss's home is in Oslem."],
    ['replaces', "Mira Voss's manager is Jon Hale.", 'The new manager of Mira Voss is Ida Lund.'],
    ['ends', 'Mira Voss plays the cello.', 'Mira Voss no longer plays the cello.'],
    ['other', 'Mira Voss lives in Tarn.', 'Mira Voss works for Halden Group.'],
    ['other', 'Mira Voss is learning Basque.', 'Mira Voss was learning Thai.'],
    ['other', 'Mira Voss lives in Tarn.', 'Jon Voss lives in Oslem.'],
    ['other', "Mira Voss's manager is Jon Hale.", "Ida Lund's manager is Jon Hale."],
  ])('%s: %s — %s', (relation, kept, told) => {
    expect(relationTo(kept, told)).toBe(relation)
  })

  it('finds of whom it is said', () => {
    expect(['The mayor of Tarn is Ida Lund.', "Tarn's mayor is Ida Lund.", 'Ida Lund plays the cello.', 'I live by the sea.', 'it rains'].map(subjectOf)).toEqual(['Tarn', 'Tarn', 'Ida Lund', 'I', null])
  })

  it('finds what holds between two', () => {
    expect(relationIn('The mayor of Tarn is Ida Lund.')).toEqual({ source: 'Tarn', relation: 'mayor', target: 'Ida Lund' })
    expect(relationIn('Ida Lund plays the cello.')).toEqual({ source: 'Ida Lund', relation: 'instrument', target: 'cello' })
    expect(relationIn('It rains.')).toBeNull()
  })
})
