// Places on the shared axis, by hand.
import { describe, expect, it } from 'vitest'
import { plotInset, shareOf, stepUnder, ticksOf } from './plot-inset.ts'

describe('ticksOf', () => {
  it('are round and few', () => {
    expect(ticksOf(0, 60)).toEqual([0, 20, 40, 60])
    expect(ticksOf(1, 1000)).toEqual([200, 400, 600, 800, 1000])
    expect(ticksOf(0, 40)).toEqual([0, 10, 20, 30, 40])
    expect(ticksOf(1, 2)).toEqual([1, 2])
  })
})

describe('a pointer on a chart', () => {
  const width = plotInset.left + 100 + plotInset.right
  it('is over the step that lies there, at the ends beyond them', () => {
    expect(stepUnder(plotInset.left + 50, width, 0, 60)).toBe(30)
    expect(stepUnder(0, width, 1, 60)).toBe(1)
    expect(stepUnder(width, width, 1, 60)).toBe(60)
  })
  it('and back', () => {
    expect(shareOf(30, 0, 60)).toBe(0.5)
    expect(shareOf(99, 0, 60)).toBe(1)
  })
})
