import { describe, expect, it } from 'vitest'
import { meanOf, rateOf } from './estimate.ts'

describe('meanOf', () => {
  it('gives ±1.96 s/√n: s of 2, 4, 6, 8 is 2.58199, half of it times 1.96 is 2.5303', () => {
    const estimate = meanOf([2, 4, 6, 8])
    expect(estimate).toMatchObject({ mean: 5, n: 4 })
    expect(estimate.low).toBeCloseTo(2.4697, 4)
    expect(estimate.high).toBeCloseTo(7.5303, 4)
  })
  it('of one value, and of none', () => {
    expect(meanOf([3])).toEqual({ mean: 3, low: 3, high: 3, n: 1 })
    expect(() => meanOf([])).toThrow(RangeError)
  })
})

describe('rateOf', () => {
  // Wilson 1927; figures from Newcombe 1998, table I: 81/263 and 0/20.
  it('gives the published intervals', () => {
    const many = rateOf(Array.from({ length: 263 }, (_, i) => i < 81))
    expect(many.mean).toBeCloseTo(0.308, 3)
    expect(many.low).toBeCloseTo(0.2553, 4)
    expect(many.high).toBeCloseTo(0.3662, 4)
    const none = rateOf(Array.from({ length: 20 }, () => false))
    expect(none).toMatchObject({ mean: 0, low: 0 })
    expect(none.high).toBeCloseTo(0.1611, 4)
  })
  it('ends at 1 when all held', () => {
    expect(rateOf([true, true])).toMatchObject({ mean: 1, high: 1, n: 2 })
    expect(() => rateOf([])).toThrow(RangeError)
  })
})
