// The pace of a run, worked by hand.
import { describe, expect, it } from 'vitest'
import { evaluationFixture, stepFixture } from '../../state/run-fixture.ts'
import { evaluationsAhead } from '../../state/training-pace.ts'
import { changeOf, duration, guess, paceOf } from './pace.ts'

const config = { steps: 10, evaluation: { every: 4, tasks: 2, seed: 1 } }
const timed = (step: number, total: number) =>
  stepFixture(step, { seconds: { rollout: 4, scoring: 0, update: 5, other: 1, total }, tokens: { sampled: 800, packed: 0, loss: 0, padded: 1000 }, updates: { applied: 2, skipped: 0 } })

describe('evaluationsAhead', () => {
  it('counts every n-th step and the last', () => {
    expect(evaluationsAhead(config, 3)).toBe(3) // 4, 8, 10
    expect(evaluationsAhead(config, 8)).toBe(1) // 10
    expect(evaluationsAhead(config, 10)).toBe(0)
    expect(evaluationsAhead({ steps: 8, evaluation: { ...config.evaluation, every: 4 } }, 4)).toBe(1) // 8
    expect(evaluationsAhead({ steps: 8, evaluation: { ...config.evaluation, every: 0 } }, 4)).toBe(0)
  })
})

describe('paceOf', () => {
  it('is unknown before the first step', () => {
    expect(paceOf(config, [], []).left).toBeNull()
  })
  it('takes steps, evaluations and tokens into account', () => {
    const pace = paceOf(config, [timed(7, 10), timed(8, 20)], [evaluationFixture(8, 0, { seconds: 6 })])
    expect(pace.stepsPerMinute).toBe(4) // 15 s each
    expect(pace.left).toBe(2 * 15 + 6)
    expect(pace.rollout).toBe(200)
    expect(pace.update).toBe(400)
  })
})

describe('durations', () => {
  it('are written in two units at most', () => {
    expect([0.4, 59.6, 250, 3599.7, 4800, 7200].map(duration)).toEqual(['0 s', '1 min', '4 min 10 s', '1 h', '1 h 20 min', '2 h'])
  })
  it('are guessed no more exactly than they are known', () => {
    expect([3, 41, 250, 200].map(guess)).toEqual(['5 s', '45 s', '4 min', '3 min'])
  })
})

describe('changeOf', () => {
  it('is between the means of the ends', () => {
    const steps = [0.1, 0.3, 0.5, 0.9].map((reward, i) => stepFixture(i + 1, { reward }))
    expect(changeOf(steps, ({ reward }) => reward, 2)).toEqual({ first: expect.closeTo(0.2, 12), last: expect.closeTo(0.7, 12) })
    expect(changeOf([], ({ reward }) => reward)).toBeNull()
  })
})
