import { describe, expect, it } from 'vitest'
import { miraTask, trajectoryOf } from '../episode/fixture.ts'
import { answerMeasures, bleu1, measureAnswers } from './answer-measures.ts'
import { stem } from './porter.ts'

const locomo = (kind: string, answer: string) => miraTask({ source: 'locomo', kind, answer, aliases: [] })
const hotpot = (answer: string) => miraTask({ source: 'hotpotqa', answer, aliases: [] })

describe('token F1', () => {
  it('of LoCoMo is of stems, without articles and "and"', () => {
    // paint, sunset against paint, sunset, lake: 2·2/(2+3).
    expect(answerMeasures(locomo('single-hop', 'the painted sunsets and lakes'), 'Painting a sunset').f1).toBeCloseTo(4 / 5, 12)
  })
  it('of its first category is of the parts, each with the best that was said', () => {
    // tar: 1; cello: the best of "tar" and "a violin" is 0.
    expect(answerMeasures(locomo('multi-hop', 'tar, cello'), 'a violin, tar').f1).toBe(0.5)
    expect(answerMeasures(locomo('single-hop', 'tar, cello'), 'a violin, tar').f1).toBe(0.5)
    expect(answerMeasures(locomo('multi-hop', 'tar, cello'), 'cello').f1).toBe(0.5)
  })
  it('of the others is of words as they are, and yes is nothing but yes', () => {
    expect(answerMeasures(hotpot('the painted sunset'), 'Painting a sunset').f1).toBe(0.5)
    expect(answerMeasures(hotpot('yes'), 'yes, it is').f1).toBe(0)
    expect(answerMeasures(hotpot('yes'), 'Yes.').f1).toBe(1)
  })
  it('counts an answer to what nobody said in full, when it says so', () => {
    expect(answerMeasures(locomo('adversarial', 'I do not know.'), 'It is not mentioned.')).toEqual({ f1: 1, bleu_1: 1, exact_match: 1 })
    expect(answerMeasures(locomo('adversarial', 'I do not know.'), 'tar')).toEqual({ f1: 0, bleu_1: 0, exact_match: 0 })
    expect(answerMeasures(locomo('adversarial', 'I do not know.'), null).f1).toBe(0)
  })
})

describe('BLEU-1', () => {
  it('is the precision of the words, each counted as often as it is wanted', () => {
    expect(bleu1('the the the cat', 'the cat sat down')).toBe(0.5)
    expect(bleu1('a dog', 'the cat')).toBe(0)
  })
  it('pays for brevity', () => {
    expect(bleu1('cat', 'the cat sat down')).toBeCloseTo(Math.exp(-3), 12)
  })
})

describe('exact match', () => {
  it('of LoCoMo is of the set of words, of the others of their sequence', () => {
    expect(answerMeasures(locomo('single-hop', 'cello and tar'), 'Tar, cello.').exact_match).toBe(1)
    expect(answerMeasures(hotpot('cello tar'), 'Tar, cello.').exact_match).toBe(0)
    expect(answerMeasures(hotpot('Cello, tar'), 'the cello tar').exact_match).toBe(1)
  })
})

// What NLTK 3.9's PorterStemmer gives.
it.each([
  ['caresses', 'caress'], ['ponies', 'poni'], ['ties', 'tie'], ['cats', 'cat'], ['agreed', 'agre'], ['plastered', 'plaster'], ['motoring', 'motor'],
  ['conflated', 'conflat'], ['hopping', 'hop'], ['falling', 'fall'], ['filing', 'file'], ['happy', 'happi'], ['relational', 'relat'], ['rational', 'ration'],
  ['digitizer', 'digit'], ['operator', 'oper'], ['electrical', 'electr'], ['goodness', 'good'], ['adjustment', 'adjust'], ['adoption', 'adopt'],
  ['controll', 'control'], ['cease', 'ceas'], ['enjoy', 'enjoy'], ['dying', 'die'], ['died', 'die'], ['counseling', 'counsel'], ['agencies', 'agenc'],
])('the stem of %s is %s', (word, wanted) => {
  expect(stem(word)).toBe(wanted)
})

it('answers are measured over complete episodes, by kind', () => {
  const answered = (kind: string, answer: string) => trajectoryOf({ task: miraTask({ kind }), steps: [{ phase: 'answer', says: 'Where?', answer }] })
  const found = measureAnswers([answered('one-hop', 'Oslem'), answered('one-hop', 'Tarn'), answered('update', 'Oslem')])
  expect(Object.entries(found?.by_kind ?? {}).map(([kind, { exact_match }]) => [kind, exact_match.mean, exact_match.n])).toEqual([['one-hop', 0.5, 2], ['update', 1, 1]])
  expect(found?.all.f1.mean).toBeCloseTo(2 / 3, 12)
  expect(measureAnswers([])).toBeNull()
})
