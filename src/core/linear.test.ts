// What a model wrote, or a file brought, is read in time in proportion to its length wherever rewards and prompts are made.
import { describe, expect, it } from 'vitest'
import { memoryLine, readMemoryLines } from './agents/agemem/memory-lines.ts'
import { wordCounter } from './policy/word-counter.ts'
import { ruleJudge } from './environments/question/judge.ts'
import { holdsPhrase, keyPhrases } from './environments/question/key-phrases.ts'
import { readScore } from './reward/model-judge.ts'
import { canonicalWords, datesIn, timesIn, valueOf } from './environments/question/values.ts'
import { normalise } from './text.ts'

const length = 130_000
const judged = (answer: string) => (text: string) => ruleJudge.score(text, { query: 'When?', answer, aliases: [] })

/** The longest of any that took a while, ms: quadratic reading takes tens of seconds. */
const limit = 2500

const readers: [string, (text: string) => unknown][] = [
  ['memoryLine', (text) => memoryLine({ id: 'm1', content: text })],
  ['readMemoryLines', readMemoryLines],
  ['keyPhrases', keyPhrases],
  ['holdsPhrase', (text) => holdsPhrase(text, { text: '3 May 1990', kind: 'date' })],
  ['the judge, of a date', judged('3 May 1990')],
  ['the judge, of a quantity', judged('two hours')],
  ['the judge, of a query', (text) => ruleJudge.score('Oslo', { query: text, answer: 'two hours', aliases: [] })],
  ['readScore', readScore],
  ['canonicalWords', canonicalWords],
  ['datesIn', datesIn],
  ['timesIn', timesIn],
  ['valueOf', valueOf],
  ['normalise', normalise],
  ['the word counter', (text) => wordCounter.count(text)],
]

// Every number another one, so that none is the same value as one before.
const numbers = Array.from({ length: length / 5 }, (_, i) => String(i)).join(' ').slice(0, length)
const texts = [' ', '\t', '“', '“A', '1 ', '$1', '1:', '[m1 ', 'A-', "A'", '12:30 ', 'May ', 'a hundred ', 'not ', '\n ', 'in the ', '1990–']
const repeated = texts.map((piece): [string, string] => [JSON.stringify(piece), `A${piece.repeat(length / piece.length)}!`])

describe('texts that are hard to read', () => {
  it.each(readers)('%s reads them in proportion to their length', (_, read) => {
    for (const [piece, text] of [...repeated, ['numbers', numbers] satisfies [string, string]]) {
      const began = performance.now()
      read(text)
      expect(performance.now() - began, piece).toBeLessThan(limit)
    }
  })
})

describe('memoryLine', () => {
  it('puts content on one line and leaves its other spaces', () => {
    expect(memoryLine({ id: 'm1', content: 'a  b \n\t c\n\nd\te' })).toBe('[m1] a  b c d\te')
  })
})
