import { describe, expect, it } from 'vitest'
import { rate, secondsLeft, withSample, type Sample } from './download-pace.ts'

const series = (...points: [at: number, bytes: number][]): Sample[] => points.reduce<Sample[]>((so, [at, bytes]) => withSample(so, { at, bytes }), [])

describe('the pace of a download', () => {
  it('is that of the last seconds', () => {
    // Slow for 20 s, then 2,000 bytes in 10 s.
    expect(rate(series([0, 0], [20_000, 10], [30_000, 2010]))).toBe(200)
    expect(secondsLeft(series([20_000, 10], [30_000, 2010]), 3010)).toBe(5)
  })

  it('says nothing too early, while nothing comes, or without a total', () => {
    expect(rate(series([0, 0], [1000, 500]))).toBeNull()
    expect(rate(series([0, 500], [5000, 500]))).toBeNull()
    expect(secondsLeft(series([0, 0], [5000, 500]), null)).toBeNull()
  })
})
