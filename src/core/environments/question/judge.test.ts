import { describe, expect, it } from 'vitest'
import { admitsIgnorance, ruleJudge, tokenF1 } from './judge.ts'

const judge = (predicted: string, answer: string, query = 'What is it?', aliases: string[] = []) =>
  ruleJudge.score(predicted, { query, answer, aliases })

const lives = 'Where does Mira Voss live?'

describe('ruleJudge gives 1', () => {
  it.each([
    ['Oslem', 'Oslem', lives, 'exact'],
    [' the OSLEM. ', 'Oslem', lives, 'exact'],
    ['Café Nord', 'cafe nord', lives, 'exact'],
    ['She lives in Oslem.', 'Oslem', lives, 'words'],
    ['Mira Voss is living in Oslem', 'Oslem', lives, 'words'],
    ['I think the answer is: Oslem', 'Oslem', lives, 'words'],
    ['Not Tarn but Oslem', 'Oslem', lives, 'words'],
    ['Oslem, not Tarn.', 'Oslem', lives, 'words'],
    ["She doesn't live in Tarn, she lives in Oslem.", 'Oslem', lives, 'words'],
    ['two hours', '120 minutes', 'How long?', 'value'],
    ['The sessions take two hours.', '120 minutes', 'How long are the sessions?', 'value'],
    ['120', '120 minutes', 'How many minutes does a session take?', 'value'],
    ['1990-05-03', '3 May 1990', 'When was she born?', 'value'],
    ['She was born on May 3rd, 1990.', '3 May 1990', 'When was she born?', 'value'],
    ['two thousand', '2,000', 'How many?', 'exact'],
    ['two times', 'twice', 'How many times?', 'exact'],
    ['In 1984, after the war of 1970', '1984', 'When did the war of 1970 lead to it?', 'value'],
    ['yes', 'Yes', 'Is it?', 'exact'],
    ['Yes, both of them.', 'yes', 'Are they?', 'yes-no'],
    ['unknown', 'Unknown', 'Who?', 'exact'],
    ['Never Let Me Go', 'Never Let Me Go', 'Which novel?', 'exact'],
    ['Her favourite is Never Let Me Go', 'Never Let Me Go', 'Which novel is her favourite?', 'words'],
    ['No', 'no', 'Is it?', 'exact'],
  ])('%s for %s', (predicted, answer, query, how) => {
    expect(judge(predicted, answer, query)).toEqual({ score: 1, how, against: answer })
  })

  it('to an alias, and names it', () => {
    expect(judge('Stanley Hall', 'G. Stanley Hall', 'Who?', ['Stanley Hall'])).toEqual({ score: 1, how: 'exact', against: 'Stanley Hall' })
  })
})

describe('ruleJudge gives 0', () => {
  it.each([
    ['Tarn', 'Oslem', lives, 'wrong'],
    ['not Oslem', 'Oslem', lives, 'wrong'],
    ['She does not live in Oslem.', 'Oslem', lives, 'wrong'],
    ['I do not know.', 'Oslem', lives, 'unknown'],
    ["I don't know whether it is Oslem", 'Oslem', lives, 'unknown'],
    ['I cannot determine that from my memory', 'Oslem', lives, 'unknown'],
    ['', 'Oslem', lives, 'unknown'],
    ['no', 'yes', 'Is it?', 'yes-no'],
    ['They are both directors', 'yes', 'Are they both directors?', 'yes-no'],
    ['60 minutes', '120 minutes', 'How long?', 'wrong'],
    ['3 May 1991', '3 May 1990', 'When was she born?', 'wrong'],
    ['Tal Renn', 'Mira Voss', 'Who is older, Mira Voss or Tal Renn?', 'wrong'],
    ['Mira Voss', 'Oslem', lives, 'wrong'],
  ])('%s for %s', (predicted, answer, query, how) => {
    expect(judge(predicted, answer, query)).toEqual({ score: 0, how, against: answer })
  })
})

describe('ruleJudge gives a part', () => {
  it('by token F1: 1 of 2 words said, 1 of 1 wanted', () => {
    expect(judge('Oslem Tarn', 'Oslem', lives)).toEqual({ score: 2 / 3, how: 'overlap', against: 'Oslem' })
  })
  it('and little to a dump of everything known', () => {
    expect(judge('Oslem Tarn Velmora Quist Arden Bellis Corvane', 'Oslem', lives).score).toBe(0.25)
  })
  it('to a hedge between the options of the question', () => {
    // said: mira voss tal renn (and is grammar); wanted: mira voss. 2·2/(4+2).
    expect(judge('Mira Voss and Tal Renn', 'Mira Voss', 'Who is older, Mira Voss or Tal Renn?').score).toBeCloseTo(2 / 3, 12)
  })
  it('to a vaguer date', () => {
    // may 1990 against 3 may 1990: 2·2/(2+3).
    expect(judge('May 1990', '3 May 1990', 'When was she born?')).toEqual({ score: 0.8, how: 'overlap', against: '3 May 1990' })
  })
  it('to one of two values', () => {
    expect(judge('60 minutes or 120 minutes', '120 minutes', 'How long?')).toEqual({ score: 2 / 3, how: 'value', against: '120 minutes' })
  })
  it('to an entity with a word missing', () => {
    expect(judge('Stanley Hall', 'G. Stanley Hall', 'Who?').score).toBe(0.8)
  })
})

describe('parts', () => {
  it('counts words as multisets', () => {
    expect(tokenF1(['a', 'a', 'b'], ['a', 'b', 'b'])).toBeCloseTo(4 / 6, 12)
    expect(tokenF1([], ['a'])).toBe(0)
  })
  it.each(['I’m not sure', 'no idea', 'N/A', 'There is not enough information.', "I can't recall"])('%s admits ignorance', (text) => {
    expect(admitsIgnorance(text)).toBe(true)
  })
  it.each(['The Unknown Soldier', 'Notting Hill', 'no', 'None of the Above Records'])('%s does not', (text) => {
    expect(admitsIgnorance(text)).toBe(false)
  })
})
