import { describe, expect, it } from 'vitest'
import type { TrainSequence } from '../policy/sequence.ts'
import { packSequences } from './micro-batches.ts'

const sequence = (length: number): TrainSequence => ({ ids: Array.from({ length }, (_, i) => i), targets: [{ index: 1, weight: 1 }, { index: length - 1, weight: 1 }] })
const pack = (lengths: number[]) => packSequences(lengths.map(sequence), { tokens: 64, lengths: [8, 16, 32] }).map(({ batch, length, members }) => ({ batch, length, members }))

describe('packSequences', () => {
  it('fills the rows that long sequences leave with the next shorter ones', () => {
    // One of 32 leaves a row, which one of 16 takes; the two others of 16 leave two, which those of 8 take.
    expect(pack([8, 16, 32, 15, 7, 14, 6])).toEqual([
      { batch: 8, length: 8, members: [6] },
      { batch: 4, length: 16, members: [3, 5, 0, 4] },
      { batch: 2, length: 32, members: [2, 1] },
    ])
  })
  it('keeps groups that are full as they are, in order', () => {
    expect(pack([16, 15, 14, 13, 30, 31])).toEqual([
      { batch: 4, length: 16, members: [0, 1, 2, 3] },
      { batch: 2, length: 32, members: [4, 5] },
    ])
  })
  it('leaves out what has nothing to learn from, and refuses what is too long', () => {
    expect(packSequences([{ ids: [1, 2, 3], targets: [] }], { tokens: 64, lengths: [8] })).toEqual([])
    expect(() => pack([33])).toThrow('Sequence 0 has 33 tokens; 32 are allowed.')
  })
})
