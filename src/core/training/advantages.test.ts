import { describe, expect, it } from 'vitest'
import { advantageForms, batchStd, groupAdvantages, zeroVarianceShare } from './advantages.ts'

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

describe('decoupled (GDPO): task 0, 1, 1, 0 and memory 0.5, 0.5, 0.6, 0.5', () => {
  const terms = [
    { name: 'task', weight: 0.5, values: [0, 1, 1, 0] },
    { name: 'memory', weight: 0.25, values: [0.5, 0.5, 0.6, 0.5] },
  ]
  const rewards = [0.125, 0.625, 0.65, 0.125]
  const options = { form: 'decoupled', ...exact } as const

  it('scores each term by its own σ: task ∓√3/2, memory −1/2, −1/2, 3/2, −1/2', () => {
    const { decoupled, mean } = groupAdvantages(rewards, options, terms)
    expect(decoupled?.terms.map(({ name, weight }) => [name, weight])).toEqual([['task', 0.5], ['memory', 0.25]])
    ;[-0.866025, 0.866025, 0.866025, -0.866025].forEach((z, i) => { expect(decoupled?.terms[0]?.scores[i]).toBeCloseTo(z, 6) })
    ;[-0.5, -0.5, 1.5, -0.5].forEach((z, i) => { expect(decoupled?.terms[1]?.scores[i]).toBeCloseTo(z, 6) })
    expect(mean).toBeCloseTo(0.38125, 12)
  })
  it('adds them up by weight and divides by σ of the sums: −0.558013, 0.308013, 0.808013, −0.558013', () => {
    const { advantages, decoupled } = groupAdvantages(rewards, options, terms)
    expect(decoupled?.std).toBeCloseTo(0.675898, 5)
    ;[-0.825588, 0.455709, 1.195466, -0.825588].forEach((a, i) => { expect(advantages[i]).toBeCloseTo(a, 5) })
  })
  it('lets a rare difference count more than `sample` does', () => {
    const plain = groupAdvantages(rewards, { form: 'sample', ...exact }).advantages
    const [, second = 0, third = 0] = groupAdvantages(rewards, options, terms).advantages
    expect(third - second).toBeGreaterThan(5 * ((plain[2] ?? 0) - (plain[1] ?? 0)))
  })
  it('does not depend on the scale of a term', () => {
    const scaled = terms.map((term, i) => ({ ...term, values: term.values.map((value) => (i === 0 ? 7 : 0.01) * value) }))
    groupAdvantages(rewards, options, scaled).advantages.forEach((a, i) => { expect(a).toBeCloseTo(groupAdvantages(rewards, options, terms).advantages[i] ?? NaN, 9) })
  })
  it('a term in which all are equal adds nothing; when all are, the group teaches nothing', () => {
    const flat = { name: 'penalty', weight: 1, values: [-1, -1, -1, -1] }
    expect(groupAdvantages(rewards, options, [...terms, flat]).advantages).toEqual(groupAdvantages(rewards, options, terms).advantages)
    expect(groupAdvantages([-1, -1, -1, -1], options, [flat])).toMatchObject({ advantages: [0, 0, 0, 0], zero_variance: true })
  })
  it('takes the rewards themselves where nobody says what they are made of', () => {
    expect(groupAdvantages(rewards, options).advantages).toEqual(groupAdvantages(rewards, { form: 'sample', ...exact }).advantages)
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

describe('batchStd', () => {
  it('is the deviation of all rewards with 1/(N−1)', () => {
    // √(32/7): squares about the mean 5 are 9, 1, 1, 1, 0, 0, 4, 16.
    expect(batchStd([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(2.138090, 6)
    expect([batchStd([3]), batchStd([])]).toEqual([0, 0])
  })
})

it('refuses what is not a number', () => {
  expect(() => groupAdvantages([1, NaN])).toThrow(RangeError)
})
