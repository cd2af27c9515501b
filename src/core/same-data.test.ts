import { describe, expect, it } from 'vitest'
import { sameData } from './same-data.ts'

describe('sameData', () => {
  it('does not look at the order of names, but at that of lists', () => {
    expect(sameData({ a: 1, b: { c: [1, 2] } }, { b: { c: [1, 2] }, a: 1 })).toBe(true)
    expect(sameData({ c: [1, 2] }, { c: [2, 1] })).toBe(false)
  })
  it('takes undefined for absent, and tells null, lists and objects apart', () => {
    expect(sameData({ a: undefined }, {})).toBe(true)
    expect(sameData({ a: null }, {})).toBe(false)
    expect(sameData([], {})).toBe(false)
    expect(sameData([1], [1, undefined])).toBe(false)
    expect(sameData('1', 1)).toBe(false)
  })
})
