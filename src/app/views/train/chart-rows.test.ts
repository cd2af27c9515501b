// Rows of a chart with evaluations and a second run, by hand.
import { describe, expect, it } from 'vitest'
import { axisOf, chartRows, readoutOf, rowAt } from './chart-rows.ts'
import { summaryWords } from './chart-words.ts'
import { chartGroups, type ChartSpec, type LineSpec } from './chart-specs.ts'
import { evaluationFixture, stepFixture } from '../../state/run-fixture.ts'

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

describe('readoutOf', () => {
  const steps = [0.1, 0.3, 0.8].map((value, i) => stepFixture(i + 1, { reward: value, kl: value, loss: -value, grad_norm: value, entropy: value, clip_ratio: value, learning_rate: value / 100 }))
  const lines = new Map(chartGroups('terms', 'total').flatMap(({ charts }) => charts.flatMap((chart) => chart.lines)).map((line): [string, LineSpec] => [line.id, line]))
  const read = (id: string, step: number, of = steps) => {
    const line = lines.get(id)
    return line ? readoutOf(line, { steps: of, evaluations: [] }, step, 2) : undefined
  }

  it('is smoothed as its line is', () => {
    expect([1, 2, 3].map((step) => read('reward', step))).toEqual([0.1, 0.2, 0.55].map((value) => expect.closeTo(value, 12)))
  })
  it.each(['kl', 'loss', 'grad_norm', 'entropy', 'clip_ratio', 'learning_rate'])('of %s is what the step itself had', (id) => {
    const scale = id === 'loss' ? -1 : id === 'learning_rate' ? 0.01 : 1
    expect([1, 2, 3].map((step) => read(id, step))).toEqual([0.1, 0.3, 0.8].map((value) => expect.closeTo(scale * value, 12)))
  })
  it('of the learning rate is what is drawn, too', () => {
    expect(lines.get('learning_rate')?.smooth).toBe(false)
  })
  it('is that of the step also in a run so long that the drawing takes several together', () => {
    const long = Array.from({ length: 1000 }, (_, i) => stepFixture(i + 1, { kl: i, answered: i }))
    expect([read('kl', 500, long), read('answered', 501, long)]).toEqual([499, 500])
  })
  it('is nothing where the step measured nothing, and the nearest where there is no such step', () => {
    const gap = [stepFixture(2, { kl: 0.5 }), stepFixture(4, { kl: null }), stepFixture(6, { kl: Infinity })]
    expect([1, 2, 3, 4, 6].map((step) => read('kl', step, gap))).toEqual([0.5, 0.5, 0.5, null, null])
    expect(read('kl', 1, [])).toBeNull()
  })
})

describe('summaryWords', () => {
  it('says what the chart shows', () => {
    expect(summaryWords(spec, run)).toBe('Reward. mean: 0.20 at step 1, 0.40 at step 2; lowest 0.20 at step 1, highest 0.40 at step 2. On held-out tasks 0.25 at step 0.')
  })
})
