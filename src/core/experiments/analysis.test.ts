import { describe, expect, it } from 'vitest'
import { createRandom } from '../random.ts'
import { averageDifference, averageOf, estimateOf, pairedDifference } from './analysis.ts'
import { cellOf } from './cell.fixture.ts'

const random = () => createRandom('analysis')

describe('estimates of cells', () => {
  it('are means over all seeds, with the mean of each', () => {
    const found = estimateOf([cellOf({ seed: 1, tasks: { a: 1, b: 0 } }), cellOf({ seed: 2, tasks: { c: 1, d: 1 } })], 'score', random())
    expect(found).toMatchObject({ mean: 0.75, n: 4, tasks: 4, seeds: [{ seed: 1, mean: 0.5 }, { seed: 2, mean: 1 }] })
  })

  it('has no interval where nothing varies, and the interval of a binomial where a coin does', () => {
    expect(estimateOf([cellOf({ tasks: { a: 0.5, b: 0.5, c: 0.5 } })], 'score', random())).toMatchObject({ low: 0.5, high: 0.5 })
    // 100 trials, half of them held: the middle 95 % of a binomial's mean are 0.40 to 0.60.
    const half = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`t${i}`, i % 2]))
    const found = estimateOf([cellOf({ tasks: half })], 'score', random())
    expect(found?.low).toBeCloseTo(0.4, 1)
    expect(found?.high).toBeCloseTo(0.6, 1)
  })

  it('doubts what never happened, and what always did, as far as so many tasks can tell', () => {
    const tasks = (value: number, n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`t${i}`, value]))
    // Wilson's at 0 of 60: z²/(60 + z²).
    expect(estimateOf([cellOf({ tasks: tasks(0, 60) })], 'score', random())).toMatchObject({ mean: 0, low: 0, high: expect.closeTo(0.0602, 4) })
    expect(estimateOf([cellOf({ tasks: tasks(1, 60) })], 'score', random())).toMatchObject({ mean: 1, low: expect.closeTo(0.9398, 4), high: 1 })
    expect(estimateOf([cellOf({ measure: 'calls', tasks: tasks(0, 60) })], 'calls', random())).toMatchObject({ low: 0, high: 0 })
    // Of two data, the mean of their bounds; where one of them varies, the bootstrap of both.
    expect(averageOf([[cellOf({ tasks: tasks(0, 60) })], [cellOf({ tasks: tasks(0, 60) })]], 'score', random())).toMatchObject({ mean: 0, low: 0, high: expect.closeTo(0.0602, 4) })
    expect(averageOf([[cellOf({ tasks: tasks(0, 60) })], [cellOf({ tasks: { a: 0, b: 1 } })]], 'score', random())).toMatchObject({ mean: 0.25, low: 0, high: 0.5 })
    // The same tasks once more are no further ones.
    const twice = [cellOf({ seed: 1, tasks: tasks(0, 60) }), cellOf({ seed: 2, tasks: tasks(0, 60) })]
    expect(estimateOf(twice, 'score', random())).toMatchObject({ high: expect.closeTo(0.0602, 4) })
  })

  it('draws tasks, not episodes: the same task twice says little more than once', () => {
    const tasks = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`t${i}`, i % 2]))
    const width = (cells: Parameters<typeof estimateOf>[0]) => {
      const found = estimateOf(cells, 'score', random())
      return (found?.high ?? 0) - (found?.low ?? 0)
    }
    const other = Object.fromEntries(Object.entries(tasks).map(([name, value]) => [`other-${name}`, value]))
    const again = width([cellOf({ seed: 1, tasks }), cellOf({ seed: 2, tasks })])
    const fresh = width([cellOf({ seed: 1, tasks }), cellOf({ seed: 2, tasks: other })])
    // √2 narrower with twice as many tasks.
    expect(again / fresh).toBeGreaterThan(1.2)
    expect(again).toBeCloseTo(width([cellOf({ tasks })]), 1)
  })

  it('leaves out what had no occasion, and is null without any', () => {
    expect(estimateOf([cellOf({ tasks: { a: 1, b: null } })], 'score', random())).toMatchObject({ mean: 1, n: 1 })
    expect(estimateOf([cellOf({ tasks: { a: null } })], 'score', random())).toBeNull()
    expect(estimateOf([], 'score', random())).toBeNull()
  })

  it('is the same with the same generator', () => {
    const cells = [cellOf({ tasks: { a: 0.1, b: 0.7, c: 0.4 } })]
    expect(estimateOf(cells, 'score', random())).toEqual(estimateOf(cells, 'score', random()))
  })
})

describe('paired differences', () => {
  it('are over the tasks that both played with the same seed', () => {
    const a = [cellOf({ seed: 1, tasks: { x: 0.2, y: 0.9 } }), cellOf({ seed: 3, tasks: { z: 0 } })]
    const b = [cellOf({ seed: 1, tasks: { y: 1, x: 0.5, only: 1 } }), cellOf({ seed: 2, tasks: { z: 1 } })]
    // (0.5 − 0.2 + 1 − 0.9) / 2
    expect(pairedDifference(a, b, 'score', random())).toMatchObject({ mean: expect.closeTo(0.2, 9), n: 2 })
    expect(pairedDifference([], b, 'score', random())).toBeNull()
  })

  it('finds a small difference that every task has, which the intervals of the two hide', () => {
    const tasks = Array.from({ length: 30 }, (_, i) => [`t${i}`, (i % 10) / 10] as const)
    const a = [cellOf({ tasks: Object.fromEntries(tasks) })]
    const b = [cellOf({ tasks: Object.fromEntries(tasks.map(([name, value]) => [name, value + 0.05])) })]
    const [one, other] = [estimateOf(a, 'score', random()), estimateOf(b, 'score', random())]
    expect((one?.high ?? 0) > (other?.low ?? 0)).toBe(true)
    const difference = pairedDifference(a, b, 'score', random())
    expect(difference?.low).toBeCloseTo(0.05, 6)
    expect(difference?.high).toBeCloseTo(0.05, 6)
  })
})

describe('averages over data', () => {
  it('weigh each of the data the same, however many episodes it has', () => {
    const few = [cellOf({ data: 'lesson', tasks: { a: 1 } })]
    const many = [cellOf({ data: 'world', tasks: { b: 0, c: 0, d: 0.3 } })]
    expect(averageOf([few, many], 'score', random())).toMatchObject({ mean: expect.closeTo(0.55, 9), n: 4 })
    const more = [cellOf({ data: 'world', tasks: { b: 0.3, c: 0.3, d: 0.6 } })]
    expect(averageDifference([few, many], [few, more], 'score', random())).toMatchObject({ mean: expect.closeTo(0.15, 9) })
  })
})
