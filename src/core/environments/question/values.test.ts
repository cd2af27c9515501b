import { describe, expect, it } from 'vitest'
import { canonicalWords, compareValues, datesIn, timesIn, valueOf, valuesLike } from './values.ts'

const compare = (a: string, b: string) => {
  const left = valueOf(a)
  const right = valueOf(b)
  return left && right ? compareValues(left, right) : null
}

describe('canonicalWords', () => {
  it.each([
    ['twenty-one sheep', '21 sheep'],
    ['one hundred and five days', '105 days'],
    ['two thousand three hundred', '2300'],
    ['a hundred men and three dogs', '100 men and 3 dogs'],
    ['3.5 million people', '3500000 people'],
    ['1,234,567.5', '1234567.5'],
    ['the nineteenth century', 'the 19th century'],
    ['twenty first', '21th'],
    ['the 22nd', 'the 22th'],
    ['30 seconds, one second', '30 seconds 1 second'],
    ['the second one', 'the 2th 1'],
    ['twice', '2 times'],
    ['$5 million', '5000000 dollars'],
    ['12.5%', '12.5 percent'],
    ['nineteen ninety', '19 90'],
    ['two and three', '2 and 3'],
    ['May 3,1990', 'may 3 1990'],
  ])('%s → %s', (text, expected) => {
    expect(canonicalWords(text).join(' ')).toBe(expected)
  })
})

describe('values', () => {
  it.each([
    ['120 minutes', 'two hours'],
    ['90 min', '1.5 hours'],
    ['a hundred', '100'],
    ['1,000', 'one thousand'],
    ['25%', 'twenty-five percent'],
    ['25 per cent', '25 percent'],
    ['twice', 'two times'],
    ['two-time', '2 times'],
    ['19th century', 'the nineteenth century'],
    ['third', '3rd'],
    ['18 months', '1.5 years'],
    ['two weeks', '14 days'],
    ['2 km', '2000 metres'],
    ['150 million', '150,000,000'],
    ['3 May 1990', 'May 3, 1990'],
    ['3 May 1990', '1990-05-03'],
    ['3 May 1990', 'the 3rd of May, 1990'],
    ['3 May 1990', 'Thursday, May 3rd 1990'],
    ['3 May', 'on the third of May'],
    ['Sept. 2011', 'September 2011'],
    ['1984', 'in 1984'],
    ['7:30 pm', '19:30'],
    ['7 p.m.', 'at 7 pm'],
    ['12 am', '00:00'],
  ])('%s is %s', (a, b) => {
    expect(compare(a, b)).toBe('equal')
  })

  it.each([
    ['3 May 1990', '3 May 1991', 'different'],
    ['3 May 1990', 'May 1990', 'vaguer'],
    ['1990', '3 May', 'different'],
    ['120', '120 minutes', 'vaguer'],
    ['120', 'two hours', 'different'],
    ['45', '45 records', 'vaguer'],
    ['60 minutes', 'two hours', 'different'],
    ['5 cats', '5 dogs', 'different'],
    ['7 am', '7 pm', 'different'],
    ['3rd', '3', 'different'],
  ])('%s against %s: %s', (a, b, expected) => {
    expect(compare(a, b)).toBe(expected)
  })

  it.each(['Apollo 11', 'from 1986 to 2013', 'March 2 and 3, 2012', 'Oslem', '', '45 of the many things they own', '32 May 1990 or so'])(
    '%s is not one value',
    (text) => {
      expect(valueOf(text)).toBeNull()
    },
  )
})

describe('values in a sentence', () => {
  it('finds dates of every form once', () => {
    expect(datesIn('Born on 3 May 1990 (1990-05-03), married in June 2011, and 2,000 guests came.')).toEqual([
      { kind: 'date', year: 1990, month: 5, day: 3 },
      { kind: 'date', year: 1990, month: 5, day: 3 },
      { kind: 'date', year: 2011, month: 6, day: null },
    ])
  })
  it('does not take the modal verb for a month', () => {
    expect(datesIn('She may come with 3 friends.')).toEqual([])
  })
  it('finds times', () => {
    expect(timesIn('from 9:15 to 5 pm, never 25:00')).toEqual([
      { kind: 'time', minutes: 555 },
      { kind: 'time', minutes: 1020 },
    ])
  })
  it('keeps to the kind that is asked for', () => {
    const like = valueOf('two hours')
    expect(like && valuesLike('Since 3 May the 4 sessions take 120 minutes.', like)).toEqual([
      { kind: 'quantity', amount: 3, unit: '', said: 3 },
      { kind: 'quantity', amount: 4, unit: '', said: 4 },
      { kind: 'quantity', amount: 7200, unit: 'second', said: 120 },
    ])
  })
})
