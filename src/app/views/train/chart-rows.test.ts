// Rows of a chart with evaluations, other runs and recorded ones, by hand.
import { describe, expect, it } from 'vitest'
import { axisOf, chartRows, extentOf, placesOf, readoutOf, recordedRows, stepAt } from './chart-rows.ts'
import { toolNames } from '../../../core/agents/agemem/tools/index.ts'
import { chartCsv } from './chart-csv.ts'
import { summaryWords } from './chart-words.ts'
import { charts } from './charts/index.ts'
import { chartTitle, isFor, line, lineTitle, type LineSpec } from './charts/spec.ts'
import { evaluationFixture, stepFixture } from '../../state/run-fixture.ts'

const rewardLine = line('reward', ({ reward }) => reward, {
  smooth: false,
  held: ({ summary }) => ({ value: summary.reward.total, low: summary.reward.total - 0.1, high: summary.reward.total + 0.2 }),
})
const lines = [rewardLine]
const took = (total: number) => ({ rollout: 0, scoring: 0, update: 0, other: 0, total })
const run = {
  steps: [stepFixture(1, { reward: 0.2, seconds: took(10) }), stepFixture(2, { reward: 0.4, seconds: took(20) })],
  evaluations: [evaluationFixture(0, 0.25, { seconds: 5 }), evaluationFixture(2, 0.5, { seconds: 7 })],
}
const other = { key: 'b', name: 'second', color: 'red', steps: [stepFixture(2, { reward: 0.9, seconds: took(3) })], evaluations: [] }
const usual = { lines, weight: 0, mode: 'step' as const }

describe('chartRows', () => {
  it('puts evaluations between the steps, with whiskers, and other runs beside', () => {
    const rows = chartRows({ ...usual, run, others: [other] })
    expect(rows.map(({ x }) => x)).toEqual([0, 1, 2])
    expect(rows[0]?.cells).toEqual({ 'reward:held': 0.25, 'reward:whiskers': [expect.closeTo(0.1, 12), expect.closeTo(0.2, 12)] })
    expect(rows[2]?.cells).toMatchObject({ reward: 0.4, 'b/reward': 0.9, 'reward:held': 0.5 })
  })
  it('has time on the axis: a test takes its own', () => {
    const rows = chartRows({ ...usual, run, others: [other], mode: 'time' })
    expect(rows.map(({ x }) => x)).toEqual([3, 5, 15, 35, 42])
    expect(rows[0]?.cells).toEqual({ 'b/reward': 0.9 })
    expect(rows[4]?.cells['reward:held']).toBe(0.5)
    const places = placesOf(run, 'time')
    expect([0, 14, 15, 34, 99].map((x) => stepAt(run, places, x))).toEqual([1, 1, 1, 1, 2])
  })
  it('shows the part that was zoomed to', () => {
    expect(chartRows({ ...usual, run, range: [1.5, 2] }).map(({ x }) => x)).toEqual([1, 2])
  })
  it('covers all runs with one axis', () => {
    expect(axisOf([run, other], 'step')).toEqual([0, 2])
    expect(axisOf([run, other], 'time')).toEqual([0, 42])
    expect(axisOf([], 'step')).toEqual([1, 2])
  })
  it('has room for every line, band and whisker', () => {
    const extent = extentOf(chartRows({ ...usual, run, others: [other], bands: [{ id: 'σ', color: '', opacity: 1, range: () => [-1, 3] }] }))
    expect([Math.min(...extent), Math.max(...extent)]).toEqual([-1, 3])
    expect(Math.max(...extentOf(chartRows({ ...usual, run })))).toBeCloseTo(0.7)
  })
})

describe('recorded runs', () => {
  it('are the least and the most around each step', () => {
    const with_ = (values: number[]) => ({ steps: values.map((reward, i) => stepFixture(i + 1, { reward })), evaluations: [] })
    const rows = recordedRows([{ ...rewardLine, recorded: true }], [with_([1, 2, 3, 4, 9]), with_([5])])
    expect(rows.map(({ cells }) => cells['reward:recorded'])).toEqual([[1, 5], [1, 5], [1, 9], [2, 9], [3, 9]])
    expect(recordedRows(lines, [with_([1])])).toEqual([])
  })
})

describe('readoutOf', () => {
  const steps = [0.1, 0.3, 0.8].map((value, i) => stepFixture(i + 1, { reward: value, kl: value, loss: -value, grad_norm: value, entropy: value, clip_ratio: value, learning_rate: value / 100 }))
  const all = new Map(Object.values(charts).flatMap((chart) => chart.lines(chart.choices?.[0] ?? '')).map((each): [string, LineSpec] => [each.id, each]))
  const read = (id: string, step: number, of = steps) => {
    const found = all.get(id)
    return found ? readoutOf(found, { steps: of, evaluations: [] }, step, 0.5) : undefined
  }

  it('is smoothed as its line is', () => {
    expect([1, 2, 3].map((step) => read('reward', step))).toEqual([0.1, 0.7 / 3, 3.9 / 7].map((value) => expect.closeTo(value, 12)))
  })
  it.each(['kl', 'loss', 'grad_norm', 'entropy', 'clip_ratio', 'learning_rate'])('of %s is what the step itself had', (id) => {
    const scale = id === 'loss' ? -1 : id === 'learning_rate' ? 0.01 : 1
    expect([1, 2, 3].map((step) => read(id, step))).toEqual([0.1, 0.3, 0.8].map((value) => expect.closeTo(scale * value, 12)))
  })
  it('of the learning rate is what is drawn, too', () => {
    expect(all.get('learning_rate')?.smooth).toBe(false)
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

describe('the table of charts', () => {
  it('draws no two lines of a chart under one name, whatever is chosen', () => {
    for (const spec of Object.values(charts)) {
      for (const choice of spec.choices ?? ['']) {
        const ids = [...spec.lines(choice), ...(spec.bands ?? [])].map(({ id }) => id)
        expect(new Set(ids).size).toBe(ids.length)
      }
    }
  })
  it('has a small chart for each tool', () => {
    expect(charts['tool_calls']?.lines('stage1').map(({ id }) => id)).toEqual([...toolNames])
  })
  it('has what another program sampled otherwise for runs in which one did, also for one that is drawn over', () => {
    const sampling = { sampling_logp_difference: { mean: 0.01, max: 0.25 }, importance_sampling_ratio: { min: 0.8, mean: 1.02, max: 2 } }
    const live = { steps: [stepFixture(1), stepFixture(2, { sampling })] }
    const found = (id: string) => {
      const spec = charts[id]
      if (!spec) throw new Error(`There is no chart ${id}.`)
      const values = live.steps.map((step) => [...spec.lines('').map(({ value }) => value(step)), ...(spec.bands ?? []).map(({ range }) => range(step))])
      return { shown: [[run], [run, live], []].map((runs) => isFor(spec, runs)), values }
    }
    expect(found('sampling_difference')).toEqual({ shown: [false, true, false], values: [[null, null], [0.01, 0.25]] })
    expect(found('sampling_ratio')).toEqual({ shown: [false, true, false], values: [[null, null, null, null], [2, 1.02, 0.8, [0.8, 2]]] })
    expect(found('kl').shown).toEqual([true, true, true])
  })
  it('calls a chart or a line without words by its name', () => {
    expect([chartTitle('reward'), chartTitle('my_new_chart')]).toEqual(['Reward', 'my new chart'])
    expect(lineTitle(line('my_line', () => 1))).toBe('my line')
  })
})

describe('the numbers of a chart', () => {
  it('are a row a step and run, with tests where there were any', () => {
    expect(chartCsv(lines, [{ key: '', name: 'first, one', color: '', ...run }, other]).trimEnd().split('\n')).toEqual([
      'run,step,seconds,reward,reward/held_out,reward/held_out/low,reward/held_out/high',
      '"first, one",0,5,,0.25,0.15,0.45',
      '"first, one",1,15,0.2,,,',
      '"first, one",2,35,0.4,0.5,0.4,0.7',
      'second,2,3,0.9,,,',
    ])
  })
})

describe('summaryWords', () => {
  it('says what the chart shows', () => {
    expect(summaryWords('Reward', { unit: 'number' }, lines, run)).toBe('Reward. mean: 0.2 at step 1, 0.4 at step 2; lowest 0.2 at step 1, highest 0.4 at step 2. On held-out tasks 0.5 at step 2.')
  })
})
