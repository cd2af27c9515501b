// Rows of a chart with evaluations and a second run, by hand.
import { describe, expect, it } from 'vitest'
import { axisOf, chartRows, rowAt } from './chart-rows.ts'
import { summaryWords } from './chart-words.ts'
import type { ChartSpec } from './chart-specs.ts'
import { evaluationFixture, stepFixture } from './fixture.ts'

const spec: ChartSpec = {
  id: 'reward',
  title: 'Reward',
  name: 'reward',
  term: 'reward',
  lines: [{ id: 'reward', title: 'mean', color: 'black', smooth: false, value: ({ reward }) => reward, held: ({ summary }) => ({ value: summary.reward.total, low: summary.reward.total - 0.1, high: summary.reward.total + 0.2 }) }],
  show: (value) => value.toFixed(2),
}
const run = { steps: [stepFixture(1, { reward: 0.2 }), stepFixture(2, { reward: 0.4 })], evaluations: [evaluationFixture(0, 0.25)] }
const other = { steps: [stepFixture(2, { reward: 0.9 })], evaluations: [] }

describe('chartRows', () => {
  it('puts evaluations between the steps, with whiskers, and the other run beside', () => {
    const rows = chartRows(spec, run, other, 1)
    expect(rows.map(({ step }) => step)).toEqual([0, 1, 2])
    expect(rows[0]?.cells).toEqual({ 'reward:held': 0.25, 'reward:whiskers': [expect.closeTo(0.1, 12), expect.closeTo(0.2, 12)] })
    expect(rows[2]?.cells).toEqual({ reward: 0.4, 'other:reward': 0.9 })
  })
  it('covers both runs with one axis', () => {
    expect(axisOf([run, other])).toEqual([0, 2])
    expect(axisOf([])).toEqual([1, 2])
  })
})

describe('rowAt', () => {
  it('is the last row with the series up to a place', () => {
    const rows = chartRows(spec, run, null, 1)
    expect(rowAt(rows, 1, 'reward')?.step).toBe(1)
    expect(rowAt(rows, 9, 'reward:held')?.step).toBe(0)
    expect(rowAt(rows, 0, 'reward')?.step).toBe(1)
  })
})

describe('summaryWords', () => {
  it('says what the chart shows', () => {
    expect(summaryWords(spec, run)).toBe('Reward. mean: 0.20 at step 1, 0.40 at step 2; lowest 0.20 at step 1, highest 0.40 at step 2. On held-out tasks 0.25 at step 0.')
  })
})
