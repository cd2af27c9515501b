import { describe, expect, it } from 'vitest'
import { broadcastShapes, dimAt, sameShape, ShapeError, showShape, sizeAt, sizeOf } from './shape.ts'

describe('shapes', () => {
  it.each([
    [[3, 1, 5], [4, 1], [3, 4, 5]],
    [[], [2, 3], [2, 3]],
    [[1], [1, 1], [1, 1]],
    [['batch', 1], [1, 7], ['batch', 7]],
    [['batch', 7], ['batch', 1], ['batch', 7]],
  ] as const)('%j and %j broadcast to %j', (a, b, expected) => {
    expect(broadcastShapes(a, b)).toEqual(expected)
    expect(broadcastShapes(b, a)).toEqual(expected)
  })

  it.each([
    [[3], [2]],
    [['batch'], [2]],
    [['batch'], ['length']],
  ] as const)('%j and %j do not', (a, b) => {
    expect(() => broadcastShapes(a, b)).toThrow(ShapeError)
  })

  it('are read from either end', () => {
    expect(dimAt([2, 'n', 5], 1)).toBe('n')
    expect(dimAt([2, 'n', 5], -1)).toBe(5)
    expect(() => dimAt([2, 3], 2)).toThrow('Shape [2, 3] has no axis 2.')
    expect(() => sizeAt([2, 'n'], 1)).toThrow('Axis 1 of [2, n] must be known when the graph is built.')
    expect(sizeOf([2, 3, 4])).toBe(24)
    expect(sizeOf([])).toBe(1)
    expect(() => sizeOf([2, 'n'])).toThrow(ShapeError)
    expect(sameShape([2, 'n'], [2, 'n'])).toBe(true)
    expect(sameShape([2, 1], [2])).toBe(false)
    expect(showShape(['n', 2])).toBe('[n, 2]')
  })
})
