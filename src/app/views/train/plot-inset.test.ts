import { describe, expect, it } from 'vitest'
import { placeUnder, plotInset, shareOf, smallInset } from './plot-inset.ts'

describe('the place under a pointer', () => {
  it('is found between the insets', () => {
    const width = plotInset.left + plotInset.right + 100
    expect([0, plotInset.left, plotInset.left + 50, width].map((x) => placeUnder(x, width, [0, 10], plotInset))).toEqual([0, 0, 5, 10])
    expect(placeUnder(smallInset.left + 50, smallInset.left + smallInset.right + 100, [20, 40], smallInset)).toBe(30)
  })
  it('is a share between the ends, and stays between them', () => {
    expect([5, 10, 30, 99].map((x) => shareOf(x, [10, 30]))).toEqual([0, 0, 1, 1])
  })
})
