// Hand-worked numbers for smoothing, bins and joined tables.
import { describe, expect, it } from 'vitest'
import { bins, joined, nearest, quantile, rowsOf, smoothed } from './series.ts'

describe('smoothed', () => {
  it('is the mean of the last values, of fewer at the beginning', () => {
    expect(smoothed([2, 4, 9, 5], 3)).toEqual([2, 3, 5, 6])
  })
  it('leaves gaps out, and leaves them gaps', () => {
    expect(smoothed([2, null, 4], 3)).toEqual([2, null, 3])
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
  const items = [1, 2, 3, 4].map((step) => ({ step, reward: [0.1, 0.3, 0.9, 0.5][step - 1] ?? null, std: 0.1 }))
  const series = [{ id: 'reward', value: (item: { reward: number | null }) => item.reward, smooth: true }]
  const band = { id: 'std', range: ({ reward, std }: { reward: number | null; std: number }): [number, number] | null => (reward === null ? null : [reward - std, reward + std]) }

  it('has a row a step, with what was measured beside the smoothed line', () => {
    const rows = rowsOf(items, series, [], 2)
    expect(rows.map(({ step }) => step)).toEqual([1, 2, 3, 4])
    expect(rows.map(({ cells }) => cells['reward'])).toEqual([0.1, 0.2, 0.6, 0.7].map((value) => expect.closeTo(value, 12)))
    expect(rows.map(({ cells }) => cells['reward:raw'])).toEqual([0.1, 0.3, 0.9, 0.5])
  })
  it('has a row a bin when there are too many: means, and the range of what was measured', () => {
    const rows = rowsOf(items, series, [band], 1, 2)
    expect(rows.map(({ step }) => step)).toEqual([2, 4])
    expect(rows[1]?.cells['reward']).toBeCloseTo(0.7, 12)
    expect(rows[1]?.cells['reward:raw']).toEqual([0.5, 0.9])
    expect(rows[0]?.cells['std']).toEqual([expect.closeTo(0.1, 12), expect.closeTo(0.3, 12)])
  })
  it('draws no number that is not finite', () => {
    expect(rowsOf([{ step: 1, kl: Infinity }], [{ id: 'kl', value: ({ kl }) => kl, smooth: false }], [], 1)[0]?.cells['kl']).toBeNull()
  })
})

describe('joined', () => {
  it('puts rows of the same step together and keeps the order', () => {
    const a = [{ step: 1, cells: { reward: 0.1 } }, { step: 3, cells: { reward: 0.3 } }]
    const b = [{ step: 0, cells: { held: 0.2 } }, { step: 3, cells: { held: 0.4 } }]
    expect(joined(a, b)).toEqual([
      { step: 0, cells: { held: 0.2 } },
      { step: 1, cells: { reward: 0.1 } },
      { step: 3, cells: { reward: 0.3, held: 0.4 } },
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
