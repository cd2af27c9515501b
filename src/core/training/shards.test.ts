import { describe, expect, it } from 'vitest'
import { createRandom } from '../random.ts'
import { packSequences } from './micro-batches.ts'
import type { TrainSequence } from '../policy/sequence.ts'
import { shardsOf, overShards, updateInShards } from './shards.ts'

const batching = { tokens: 256, lengths: [32, 48, 64, 96, 128] }
const sequence = (length: number, targets = 1): TrainSequence => ({ ids: Array.from({ length }, (_, i) => i), targets: Array.from({ length: targets }, (_, k) => ({ index: 1 + k, weight: 1 })) })
const some = (count: number, seed: number) => {
  const random = createRandom(seed)
  return Array.from({ length: count }, () => sequence(10 + random.int(118), random.int(4)))
}

/** Micro-batches with their sequences by their places in the whole list. */
const packedAs = (sequences: readonly TrainSequence[], places: readonly number[]) =>
  packSequences(sequences, batching).map(({ members, ...shape }) => ({ ...shape, members: members.map((member) => places[member]) }))

describe('shardsOf', () => {
  it.each([1, 2, 5, 9, 40, 100])('%i sequences: packing the shards one by one gives the micro-batches of all together', (count) => {
    const sequences = some(count, count)
    const shards = shardsOf(sequences, batching)
    expect(shards.flatMap((shard) => packedAs(shard.sequences, shard.places))).toEqual(packedAs(sequences, [...sequences.keys()]))
  })
  it('makes four of about the same size, each of few lengths', () => {
    // Sixteen micro-batches of 256 tokens: of lengths 32 and 128, which cost 1.03 and 1.125.
    const sequences = [...Array.from({ length: 64 }, () => sequence(32)), ...Array.from({ length: 16 }, () => sequence(128))]
    const shards = shardsOf(sequences, batching).map(({ sequences: own }) => packSequences(own, batching).map(({ length }) => length))
    expect(shards).toEqual([[32, 32, 32, 32], [32, 32, 32, 32], [128, 128, 128, 128], [128, 128, 128, 128]])
  })
  it('makes none where there is nothing, and one for each of a few', () => {
    expect(shardsOf([sequence(20, 0)], batching)).toEqual([])
    expect(shardsOf([sequence(128), sequence(127), sequence(40)], batching).map(({ places }) => places)).toEqual([[2], [0, 1]])
  })
})

describe('overShards', () => {
  const shards = shardsOf([...Array.from({ length: 64 }, () => sequence(32))], batching)
  it('gives results in order, and a worker that is done helps a slow one', async () => {
    const did: Record<string, number[]> = { slow: [], quick: [] }
    const results = await overShards(['slow', 'quick'], shards, async (worker, shard) => {
      await new Promise((resolve) => setTimeout(resolve, worker === 'slow' ? 80 : 5))
      did[worker]?.push(shards.indexOf(shard))
      return shards.indexOf(shard)
    })
    expect(results).toEqual([0, 1, 2, 3])
    expect(did).toEqual({ slow: [0], quick: [1, 3, 2] })
  })
  it('begins nothing more once a worker has failed', async () => {
    let begun = 0
    await expect(overShards(['one'], shards, () => { begun++; return Promise.reject(new Error('gone')) })).rejects.toThrow('gone')
    expect(begun).toBe(1)
  })
})

describe('updateInShards', () => {
  it('adds the shards in their order, whoever was first, and lets every worker apply the sum', async () => {
    // In float32 2^24 + 1 + 1 is 2^24 from the left, and 2^24 + 2 when the ones come first.
    const values = [2 ** 24, 1, 1, 0]
    const sequences = Array.from({ length: 32 }, () => sequence(32))
    const applied: number[] = []
    const worker = (delay: number) => ({
      gradient: async (own: readonly TrainSequence[]) => {
        const at = shardsOf(sequences, batching).findIndex((shard) => shard.sequences[0] === own[0])
        await new Promise((resolve) => setTimeout(resolve, delay))
        const sums = { loss: 1, policy: 2, kl: 0, clipped: 0, entropy: 4, ratio: 2, tokens: 2, padded: 64 }
        return { sums, gradient: new Map([['w', Float32Array.of(values[at] ?? NaN)]]) }
      },
      apply: ({ gradient }: { gradient: Map<string, Float32Array> }) => {
        applied.push(gradient.get('w')?.[0] ?? NaN)
        return Promise.resolve({ grad_norm: 5, applied: true })
      },
    })
    const report = await updateInShards([worker(30), worker(1)], sequences, batching, { learningRate: 1, maxNorm: 1, beta: 0 })
    expect(applied).toEqual([2 ** 24, 2 ** 24])
    expect(report).toEqual({ loss: 4, surrogate_loss: 1, kl: 0, clip_ratio: 0, entropy: 2, mean_ratio: 1, tokens: 8, padded_tokens: 256, grad_norm: 5, applied: true })
  })
})
