import { describe, expect, it } from 'vitest'
import { advantageForms, groupAdvantages, stepAdvantages, zeroVarianceShare } from './advantages.ts'

const exact = { epsilon: 0 }

describe('the worked example: R = 0.8, 0.7, 0.2, 0.75', () => {
  const rewards = [0.8, 0.7, 0.2, 0.75]

  it('with the sample σ (eq. 5)', () => {
    const { advantages, mean, std } = groupAdvantages(rewards)
    expect(mean).toBeCloseTo(0.6125, 12)
    expect(std).toBeCloseTo(0.278, 4)
    expect(advantages[0]).toBeCloseTo(0.674, 3)
    expect(advantages[2]).toBeCloseTo(-1.484, 3)
  })
  it('with the population σ (the reading notes)', () => {
    const { advantages, std } = groupAdvantages(rewards, { form: 'population', epsilon: 1e-6 })
    expect(std).toBeCloseTo(0.2408, 4)
    expect(advantages[0]).toBeCloseTo(0.78, 2)
    expect(advantages[2]).toBeCloseTo(-1.71, 2)
  })
})

describe('groupAdvantages by hand: R = 1, 2, 6 (μ 3, squares 4 + 1 + 9 = 14)', () => {
  const rewards = [1, 2, 6]

  it('sample: σ = √7', () => {
    const { advantages } = groupAdvantages(rewards, { form: 'sample', ...exact })
    expect(advantages[0]).toBeCloseTo(-0.755929, 6)
    expect(advantages[1]).toBeCloseTo(-0.377964, 6)
    expect(advantages[2]).toBeCloseTo(1.133893, 6)
  })
  it('population: σ = √(14/3)', () => {
    expect(groupAdvantages(rewards, { form: 'population', ...exact }).advantages[2]).toBeCloseTo(1.38873, 5)
  })
  it('none (Dr. GRPO): r − μ', () => {
    expect(groupAdvantages(rewards, { form: 'none', ...exact }).advantages).toEqual([-2, -1, 3])
  })
  it('leave-one-out: 1 − 4, 2 − 3.5, 6 − 1.5', () => {
    expect(groupAdvantages(rewards, { form: 'leave-one-out', ...exact }).advantages).toEqual([-3, -1.5, 4.5])
  })
  it('ε dampens: 3 / (√7 + 1)', () => {
    expect(groupAdvantages(rewards, { form: 'sample', epsilon: 1 }).advantages[2]).toBeCloseTo(0.822876, 6)
  })
})

describe('groups that teach nothing', () => {
  it.each(advantageForms)('%s: equal rewards give 0 and are reported', (form) => {
    expect(groupAdvantages([0.1 + 0.2, 0.3, 0.3], { form, ...exact })).toMatchObject({ advantages: [0, 0, 0], std: 0, zero_variance: true })
  })
  it.each(advantageForms)('%s: a group of one gives 0', (form) => {
    expect(groupAdvantages([5], { form, ...exact })).toEqual({ advantages: [0], mean: 5, std: 0, zero_variance: true })
  })
  it('an empty group gives nothing', () => {
    expect(groupAdvantages([]).advantages).toEqual([])
  })
  it('are counted', () => {
    expect(zeroVarianceShare([groupAdvantages([1, 1]), groupAdvantages([1, 2]), groupAdvantages([3]), groupAdvantages([0, 1])])).toBe(0.5)
    expect(zeroVarianceShare([])).toBe(0)
  })
})

it('refuses what is not a number', () => {
  expect(() => groupAdvantages([1, NaN])).toThrow(RangeError)
})

describe('stepAdvantages', () => {
  const stages = [1, 1, 2, 3] as const

  it('broadcast', () => {
    expect(stepAdvantages(0.8, stages)).toEqual([0.8, 0.8, 0.8, 0.8])
  })
  it('step-normalised', () => {
    expect(stepAdvantages(0.8, stages, 'step-normalised')).toEqual([0.2, 0.2, 0.2, 0.2])
  })
  it('last-stage', () => {
    expect(stepAdvantages(0.8, stages, 'last-stage')).toEqual([0, 0, 0, 0.8])
  })
  it('of no steps', () => {
    expect(stepAdvantages(0.8, [], 'step-normalised')).toEqual([])
  })
})
