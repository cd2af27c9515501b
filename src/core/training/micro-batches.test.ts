import { describe, expect, it } from 'vitest'
import type { TrainSequence } from '../policy/sequence.ts'
import { packSequences, packShared } from './micro-batches.ts'

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

describe('packShared', () => {
  const options = { tokens: 64, lengths: [64] }
  /** Ids from `from` on, behind a shared beginning. */
  const behind = (shared: number, own: number, from: number): TrainSequence => ({
    ids: [...Array.from({ length: shared }, (_, i) => i), ...Array.from({ length: own }, (_, i) => from + i)],
    targets: [{ index: shared + own - 1, weight: 1 }],
  })

  it('counts what all rows begin with once', () => {
    // 3·10 tokens behind the shared ones; a fourth row would make it 40.
    const rows = [100, 200, 300, 400].map((from) => behind(30, 10, from))
    expect(packShared(rows, { tokens: 35, lengths: [64] })).toEqual([
      { batch: 1, prefix: 0, length: 40, positions: 1, members: [3] },
      { batch: 3, prefix: 30, length: 10, positions: 3, members: [0, 1, 2] },
    ])
  })
  it('lets those join that share most, before others of like length', () => {
    const rows = [behind(0, 40, 500), behind(30, 10, 100), behind(10, 30, 300), behind(30, 10, 200)]
    expect(packShared(rows, { tokens: 60, lengths: [64] }).map(({ prefix, members }) => ({ prefix, members }))).toEqual([
      { prefix: 0, members: [2] },
      { prefix: 30, members: [1, 3] },
      { prefix: 0, members: [0] },
    ])
  })
  it('leaves each row a token of its own, also where they are the same', () => {
    expect(packShared([behind(20, 0, 0), behind(20, 0, 0)], options)).toEqual([{ batch: 2, prefix: 19, length: 1, positions: 2, members: [0, 1] }])
  })
  it('joins rows that share nothing while the padding is little', () => {
    expect(packShared([sequence(20), sequence(19), sequence(5)].map(({ ids, targets }, i) => ({ ids: ids.map((id) => id + 100 * i), targets })), options).map(({ members }) => members)).toEqual([[2], [0, 1]])
  })
  it('refuses what is too long, and takes one that is longer than the limit of a micro-batch alone', () => {
    expect(() => packShared([behind(0, 65, 0)], options)).toThrow('Sequence 0 has 65 tokens; 64 are allowed.')
    expect(packShared([behind(0, 50, 0)], { tokens: 32, lengths: [64] }).map(({ batch, length }) => [batch, length])).toEqual([[1, 50]])
  })
})
