import { describe, expect, it } from 'vitest'
import { HashEmbedder } from './hash-embedder.ts'
import { InMemoryStore } from './in-memory-store.ts'
import { calibratedTheta, remoteEmbedder } from './remote-embedder.ts'
import { describeMemoryStore } from './store.contract.test-suite.ts'

const inner = new HashEmbedder()
describeMemoryStore('InMemoryStore with an embedder elsewhere', () => Promise.resolve(new InMemoryStore(remoteEmbedder('far', inner.dimensions, (texts) => inner.embed(texts)))))

describe('remoteEmbedder', () => {
  it('gives zeros for texts without content, and asks nothing about them', async () => {
    const asked: string[][] = []
    const embedder = remoteEmbedder('e', 2, (texts) => {
      asked.push(texts)
      return Promise.resolve(texts.map(() => Float32Array.of(0.6, 0.8)))
    })
    expect(await embedder.embed(['', 'a', ' \n', 'b'])).toEqual([new Float32Array(2), Float32Array.of(0.6, 0.8), new Float32Array(2), Float32Array.of(0.6, 0.8)])
    expect(await embedder.embed([' '])).toEqual([new Float32Array(2)])
    expect(asked).toEqual([['a', 'b']])
  })
  it('puts the prefix that arctic was trained with before a query, and nowhere else', async () => {
    const asked: string[] = []
    const embedder = remoteEmbedder('snowflake-arctic-embed-s-q0f32-MLC-b4', 2, (texts) => {
      asked.push(...texts)
      return Promise.resolve(texts.map(() => Float32Array.of(1, 0)))
    })
    const store = new InMemoryStore(embedder)
    await store.add('s', 'Mira lives in Oslem.', { created: 0, updated: 0, source_step: null, tags: [], type: null, extra: {} })
    await store.search('s', 'Where is Mira?', { topK: 1 })
    expect(asked).toEqual(['Mira lives in Oslem.', 'Represent this sentence for searching relevant passages: Where is Mira?'])
    expect(remoteEmbedder('e', 2, () => Promise.resolve([]))).not.toHaveProperty('embedQueries')
  })
  it('refuses vectors of another size or number', async () => {
    await expect(remoteEmbedder('e', 3, (texts) => Promise.resolve(texts.map(() => new Float32Array(2)))).embed(['a'])).rejects.toThrow('2 numbers, not 3')
    await expect(remoteEmbedder('e', 3, () => Promise.resolve([])).embed(['a'])).rejects.toThrow('0 vectors for 1 texts')
  })
  it('measures a θ between what belongs together and what does not', async () => {
    const unit = (angle: number) => Float32Array.of(Math.cos(angle), Math.sin(angle))
    // All share one of two directions (cosine 0.5), a fact and its own question together (cosine 1): any θ over 0.5 parts them.
    const theta = await calibratedTheta({ embed: (texts) => Promise.resolve(texts.map((_, i) => Float32Array.from({ length: 9 }, (_, d) => (d === i || d === 8 ? Math.SQRT1_2 : 0)))) })
    // In single precision cosines are just under 0.5 and 1: 0.50 to 0.99 part them, fifty steps, whose middle is the 25th.
    expect(theta).toBe(0.74)
    // One direction for all: nothing parts them, and no threshold is better than the first.
    expect(await calibratedTheta({ embed: (texts) => Promise.resolve(texts.map(() => unit(1))) })).toBeLessThanOrEqual(1)
    expect(await calibratedTheta(inner)).toBeGreaterThan(0.05)
  })
})
