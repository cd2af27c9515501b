import { describe, expect, it } from 'vitest'
import { rotaryFrequencies } from './rotary.ts'

describe('rotaryFrequencies', () => {
  it('fall by theta over a head', () => {
    expect(rotaryFrequencies({ headDim: 4, ropeTheta: 10_000, ropeScaling: null })).toEqual([1, 0.01])
  })

  it('of llama3 are kept where they are short, slowed where they are long, and mixed between', () => {
    // Theta 10,000 and a head of 6: 1, 10,000^(−1/3) and 10,000^(−2/3), of which 1,000 positions are 159.2, 7.38732 and 0.343 turns.
    const scaling = { factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 15, originalPositions: 1000 }
    const [short, between, long] = rotaryFrequencies({ headDim: 6, ropeTheta: 10_000, ropeScaling: scaling })
    expect(short).toBe(1)
    // (7.38732 − 1) / 14 = 0.456237 of 0.0464159 and the rest of an eighth of it.
    expect(between).toBeCloseTo(0.0464159 * (0.456237 + 0.543763 / 8), 6)
    expect(long).toBeCloseTo(0.0021544347 / 8, 9)
  })
})
