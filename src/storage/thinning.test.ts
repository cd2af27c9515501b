import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { thinnedSteps } from './thinning.ts'

const sizes = (...steps: number[]) => steps.map((step) => ({ step, bytes: 10 }))

describe('thinnedSteps', () => {
  it('keeps everything that fits', () => {
    expect(thinnedSteps(sizes(1, 2, 3), 30)).toEqual([])
    expect(thinnedSteps([], 0)).toEqual([])
  })

  it('takes every second step from the oldest on, then all but every fourth', () => {
    expect(thinnedSteps(sizes(1, 2, 3, 4, 5, 6, 7, 8), 70)).toEqual([1])
    expect(thinnedSteps(sizes(1, 2, 3, 4, 5, 6, 7, 8), 50)).toEqual([1, 3, 5])
    expect(thinnedSteps(sizes(1, 2, 3, 4, 5, 6, 7, 8), 30)).toEqual([1, 2, 3, 5, 7])
    expect(thinnedSteps(sizes(2, 4, 6, 8, 9), 40)).toEqual([2])
  })

  it('keeps the newest step even when it alone is too large', () => {
    expect(thinnedSteps(sizes(4, 5), 5)).toEqual([4])
    expect(thinnedSteps(sizes(7), 5)).toEqual([])
  })

  it('leaves what fits, and never goes further than it must', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 50 }), { maxLength: 40 }), fc.nat({ max: 600 }), (bytes, budget) => {
        const kept = bytes.map((each, i) => ({ step: i + 1, bytes: each }))
        const gone = new Set(thinnedSteps(kept, budget))
        const left = kept.filter(({ step }) => !gone.has(step)).reduce((sum, each) => sum + each.bytes, 0)
        const newest = kept.at(-1)
        expect(left <= budget || (newest !== undefined && left === newest.bytes)).toBe(true)
        const largest = Math.max(...kept.filter(({ step }) => gone.has(step)).map((each) => each.bytes))
        if (gone.size > 0) expect(left + largest).toBeGreaterThan(budget)
      }),
    )
  })
})
