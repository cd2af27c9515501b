import { describe, expect, it } from 'vitest'
import { changeOf } from './numbers.ts'

describe('a difference', () => {
  it('has a sign where its digits are not all nought', () => {
    expect([-0.4, 0.4, -0.6].map((value) => changeOf(value, { form: 'count' }))).toEqual(['0', '0', '−1'])
    expect([-0.0004, 0.028].map((value) => changeOf(value, { form: 'share' }))).toEqual(['0.0 points', '+2.8 points'])
    expect([-0.0004, -0.021].map((value) => changeOf(value, { form: 'number' }))).toEqual(['0.000', '−0.021'])
  })
})
