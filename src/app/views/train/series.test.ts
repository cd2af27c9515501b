// Hand-worked numbers for smoothing, bins and joined tables.
import { describe, expect, it } from 'vitest'
import { bins, joined, nearest, quantile, rowsOf, smoothed } from './series.ts'

describe('smoothed', () => {
  it('weighs what was before, and begins with the first value', () => {
    // With 0.5: 2, then (1 + 2·4)/3 … each value twice what the one before it weighs.
    expect(smoothed([2, 5, 9], 0.5)).toEqual([2, expect.closeTo(4, 12), expect.closeTo(48 / 7, 12)])
  })
  it('leaves gaps out, and leaves them gaps', () => {
    expect(smoothed([2, null, 5], 0.5)).toEqual([2, null, expect.closeTo(4, 12)])
  })
  it('changes nothing at 0', () => {
    expect(smoothed([3, 1, 4], 0)).toEqual([3, 1, 4])
  })
})

describe('bins', () => {
  it('are one an item while these are few', () => {
    expect(bins(2, 5)).toEqual([[0, 1], [1, 2]])
  })
  it('cover everything once', () => {
    expect(bins(7, 3)).toEqual([[0, 2], [2, 4], [4, 7]])
    expect(bins(0, 3)).toEqual([])
  })
})

describe('rowsOf', () => {
  const xOf = ({ step }: { step: number }) => step
  const items = [1, 2, 3, 4].map((step) => ({ step, reward: [0.1, 0.3, 0.9, 0.5][step - 1] ?? null, std: 0.1 }))
  const series = [{ id: 'reward', value: (item: { reward: number | null }) => item.reward, smooth: true }]
  const band = { id: 'std', range: ({ reward, std }: { reward: number | null; std: number }): [number, number] | null => (reward === null ? null : [reward - std, reward + std]) }

  it('has a row a step, with what was measured beside the smoothed line', () => {
    const rows = rowsOf({ items, xOf, series, weight: 0.5 })
    expect(rows.map(({ x }) => x)).toEqual([1, 2, 3, 4])
    expect(rows.map(({ cells }) => cells['reward'])).toEqual([0.1, 0.7 / 3, 4.3 / 7, 8.3 / 15].map((value) => expect.closeTo(value, 12)))
    expect(rows.map(({ cells }) => cells['reward:raw'])).toEqual([0.1, 0.3, 0.9, 0.5])
  })
  it('has a row a bin when there are too many: means, and the range of what was measured', () => {
    const rows = rowsOf({ items, xOf, series, bands: [band], weight: 0, limit: 2 })
    expect(rows.map(({ x }) => x)).toEqual([1.5, 3.5])
    expect(rows[1]?.cells['reward']).toBeCloseTo(0.7, 12)
    expect(rows[1]?.cells['reward:raw']).toEqual([0.5, 0.9])
    expect(rows[0]?.cells['std']).toEqual([expect.closeTo(0.1, 12), expect.closeTo(0.3, 12)])
  })
  it('has the part that was zoomed to, smoothed as in the whole, with a neighbour on each side', () => {
    const long = Array.from({ length: 10 }, (_, i) => ({ step: i + 1, reward: i, std: 0 }))
    const rows = rowsOf({ items: long, xOf, series, weight: 0, range: [4, 6] })
    expect(rows.map(({ x }) => x)).toEqual([3, 4, 5, 6, 7])
    expect(rowsOf({ items: long, xOf, series, weight: 0.5, range: [4, 6] })[1]?.cells['reward']).toBe(rowsOf({ items: long, xOf, series, weight: 0.5 })[3]?.cells['reward'])
  })
  it('draws no number that is not finite', () => {
    expect(rowsOf({ items: [{ step: 1, kl: Infinity }], xOf, series: [{ id: 'kl', value: ({ kl }) => kl, smooth: false }], weight: 0 })[0]?.cells['kl']).toBeNull()
  })
})

describe('joined', () => {
  it('puts rows of the same place together and keeps the order', () => {
    const a = [{ x: 1, cells: { reward: 0.1 } }, { x: 3, cells: { reward: 0.3 } }]
    const b = [{ x: 0, cells: { held: 0.2 } }, { x: 3, cells: { held: 0.4 } }]
    expect(joined(a, b)).toEqual([
      { x: 0, cells: { held: 0.2 } },
      { x: 1, cells: { reward: 0.1 } },
      { x: 3, cells: { reward: 0.3, held: 0.4 } },
    ])
  })
})

describe('quantile', () => {
  it('lies between neighbours by proportion', () => {
    expect(quantile([1, 2, 3, 4, 5], 0.5)).toBe(3)
    expect(quantile([0, 10], 0.25)).toBe(2.5)
    expect(quantile([], 0.5)).toBeNaN()
  })
})

describe('nearest', () => {
  it('finds the step or its neighbour', () => {
    const items = [{ step: 2 }, { step: 6 }]
    expect(nearest(items, 3)).toEqual({ step: 2 })
    expect(nearest(items, 9)).toEqual({ step: 6 })
    expect(nearest([], 1)).toBeNull()
  })
})
