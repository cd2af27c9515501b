import { describe, expect, it } from 'vitest'
import { holdsPhrase, keyPhrases } from './key-phrases.ts'

const found = (query: string) => keyPhrases(query).map(({ text, kind }) => `${kind}: ${text}`)

describe('keyPhrases', () => {
  it.each<[string, string[]]>([
    ['Where does Mira Voss work?', ['name: Mira Voss']],
    ['Is Mira Voss older than Tal Renn?', ['name: Mira Voss', 'name: Tal Renn']],
    ["What's Mira's favourite café near the library?", ['name: Mira', 'place: library']],
    ['Oslem is the home of which painter?', ['name: Oslem']],
    ['Plan my week with Dr. Tal Renn in Oslem on Tuesday evening.', ['name: Tal Renn', 'place: Oslem', 'date: Tuesday']],
    ['When does the train to St. Ives leave at 7:30 pm on 3 May 2021?', ['name: St. Ives', 'time: 7:30 pm', 'date: 3 May 2021']],
    ['Who was born on June 3rd, 1990 in Velmora?', ['date: June 3rd, 1990', 'place: Velmora']],
    ['What opened on 2020-02-14?', ['date: 2020-02-14']],
    ['Which plan takes two hours, not 90 minutes?', ['number: two hours', 'number: 90 minutes']],
    ['Which mission came first, Apollo 11 or Apollo 8?', ['name: Apollo 11', 'name: Apollo 8']],
    ['Who founded the University of Oslo and O’Brien & Sons?', ['name: University of Oslo', 'name: O’Brien & Sons']],
    ['What did Anna-Lena de Vries do in the 1990s?', ['name: Anna-Lena de Vries', 'date: 1990s']],
    ['Which dogs were bred in the 19th century?', ['date: 19th century']],
    ['Who sang in "A Man Without Love" in 1968?', ['quoted: A Man Without Love', 'date: 1968']],
    ["Which 'Great Gatsby' edition costs $25?", ['quoted: Great Gatsby', 'number: $25']],
    ['Which of the 1,200 members came from Kenya?', ['number: 1,200', 'name: Kenya']],
    ['Which band was formed first, The Exies or Circus Diablo?', ['name: Exies', 'name: Circus Diablo']],
    ['What position did the receiver of the FIFA U-20 Golden Shoe play?', ['name: FIFA U-20 Golden Shoe']],
    ['The director Armando Iannucci has an OBE. Does Puneet Sira have one?', ['name: Armando Iannucci', 'name: OBE', 'name: Puneet Sira']],
    ["How often was Deltha Lee O'Neal, III selected?", ["name: Deltha Lee O'Neal, III"]],
    ['From 1945-1949 Dick Humbert played for an NFL team based where?', ['date: 1945-1949', 'name: Dick Humbert', 'name: NFL']],
    ['Is Mira Voss in Oslem while Mira Voss works in Tarn since May?', ['name: Mira Voss', 'place: Oslem', 'place: Tarn', 'date: May']],
    ['What are they doing next week and every Friday?', ['date: next week', 'date: every Friday']],
    ['What do American and British visitors in the museum like?', ['place: museum']],
    ['Along which river would I find the head office of Vecera Works?', ['name: Vecera Works']],
    ['Counting from New Year, whose birthday comes first, that of Mira Voss?', ['name: Mira Voss']],
    ['Which of the two killed the most people?', []],
    ['What should I do this time?', []],
    ['who wrote it?', []],
    ['', []],
  ])('%s', (query, expected) => {
    expect(found(query)).toEqual(expected)
  })
})

describe('holdsPhrase', () => {
  it.each([
    ['I met Mira Voss’s brother.', 'name', 'Mira Voss', true],
    ['I met Mira and Jon Voss.', 'name', 'Mira Voss', false],
    ['Born 1990-05-03.', 'date', '3 May 1990', true],
    ['Born 1990-05-04.', 'date', '3 May 1990', false],
    ['At 19:30 sharp.', 'time', '7:30 pm', true],
    ['It takes 120 minutes.', 'number', 'two hours', true],
    ['It takes 120 days.', 'number', 'two hours', false],
    ['There were 1200 of them.', 'number', '1,200', true],
    ['In the 1990s.', 'date', '1990', false],
  ] as const)('%s %s %s: %s', (text, kind, phrase, expected) => {
    expect(holdsPhrase(text, { kind, text: phrase })).toBe(expected)
  })
})
