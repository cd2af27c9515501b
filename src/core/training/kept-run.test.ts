import { describe, expect, it } from 'vitest'
import { borneOut, missing } from './kept-run.ts'
import { runRecord } from './runs.fixture.ts'

describe('missing', () => {
  it.each<[string, [number, number, number[]], [number, number][]]>([
    ['nothing of nothing', [1, 0, []], []],
    ['nothing when all are there, in any order', [1, 3, [3, 1, 2]], []],
    ['everything when none is there', [1, 8, []], [[1, 8]]],
    ['beginning, middle and end', [1, 9, [3, 4, 7]], [[1, 2], [5, 6], [8, 9]]],
    ['nothing beyond the ends', [3, 5, [1, 4, 12]], [[3, 3], [5, 5]]],
  ])('finds %s', (_, [first, last, kept], stretches) => {
    expect(missing(first, last, kept)).toEqual(stretches)
  })
  it('does not count through a number that a file made up', () => {
    expect(missing(1, 1e15, [2])).toEqual([[1, 1], [3, 1e15]])
  })
})

describe('borneOut', () => {
  const whole = runRecord('a', { steps: 3 })
  const all = [1, 2, 3]

  it('leaves a record as it is when all is kept', () => {
    expect(borneOut(whole, { metrics: all, rollouts: all, adapters: [] })).toEqual(whole)
    expect(borneOut({ ...whole, gone: { steps: [[1, 1]], rollouts: [] } }, { metrics: all, rollouts: all, adapters: [] })).toEqual(whole)
  })
  it('says which steps and which rollouts are gone', () => {
    expect(borneOut(whole, { metrics: [2, 3], rollouts: [3], adapters: [3] })).toEqual({ ...whole, gone: { steps: [[1, 1]], rollouts: [[1, 2]] } })
  })
  it('claims no more steps than are kept, unless their adapter is', () => {
    expect(borneOut(whole, { metrics: [1], rollouts: [1], adapters: [] })).toEqual({ ...whole, steps: 1, gone: { steps: [[2, 3]], rollouts: [[2, 3]] } })
    expect(borneOut(whole, { metrics: [], rollouts: [], adapters: [] })).toEqual({ ...whole, steps: 0, gone: { steps: [[1, 3]], rollouts: [[1, 3]] } })
    expect(borneOut(whole, { metrics: [], rollouts: [], adapters: [3] })).toMatchObject({ steps: 3 })
  })
  it('does not call lost what was thinned out', () => {
    expect(borneOut({ ...whole, rollouts_thinned: 2 }, { metrics: all, rollouts: [2, 3], adapters: [] })).toEqual({ ...whole, rollouts_thinned: 2 })
  })
})
