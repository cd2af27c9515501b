import { describe, expect, it } from 'vitest'
import { largestOf, smallestOf } from './extremes.ts'

describe('largestOf and smallestOf', () => {
  it('take more values than a call has arguments', () => {
    const many = Array.from({ length: 1_000_000 }, (_, i) => (i * 7919) % 1_000_003)
    expect(() => Math.max(...many)).toThrow(RangeError)
    expect([largestOf(many), smallestOf(many)]).toEqual([1_000_002, 0])
  })
  it('keep to the bound that is given, and let NaN through', () => {
    expect([largestOf([], 3), largestOf([1], 3), largestOf([5], 3)]).toEqual([3, 3, 5])
    expect([smallestOf([], 3), smallestOf([5], 3), smallestOf([1], 3)]).toEqual([3, 3, 1])
    expect([largestOf([1, NaN]), smallestOf([NaN, 1])]).toEqual([NaN, NaN])
  })
})
