import { describe, expect, it } from 'vitest'
import { metadata } from './store.contract.test-suite.ts'
import { memoryNumber, VectorIndex } from './vector-index.ts'

const entry = (id: string) => ({ id, content: `content of ${id}`, metadata: metadata() })

describe('VectorIndex', () => {
  it('takes entries in any order and keeps them by number', () => {
    const index = new VectorIndex(3)
    index.put(entry('m10'), Float32Array.of(0, 0, 1))
    index.put(entry('m2'), Float32Array.of(0, 1, 0))
    index.put(entry('m1'), Float32Array.of(1, 0, 0))
    expect(index.list().map((record) => record.id)).toEqual(['m1', 'm2', 'm10'])
    expect([...(index.vector('m2') ?? [])]).toEqual([0, 1, 0])
    expect(index.search(Float32Array.of(0, 0, 1), { topK: 1 })).toEqual([{ id: 'm10', content: 'content of m10', similarity: 1 }])
  })

  it('keeps vectors with their entries when it grows and shrinks', () => {
    const index = new VectorIndex(2)
    for (let n = 1; n <= 100; n++) index.put(entry(`m${n}`), Float32Array.of(n / 128, -n / 128))
    for (let n = 1; n <= 99; n += 2) expect(index.remove(`m${n}`)).toBe(true)
    expect(index.remove('m1')).toBe(false)
    expect(index.size).toBe(50)
    for (let n = 2; n <= 100; n += 2) expect([...(index.vector(`m${n}`) ?? [])]).toEqual([n / 128, -n / 128])
  })

  it('ranks by the dot product: 0.8, 0.6, 0, −1', () => {
    const index = new VectorIndex(2)
    index.put(entry('m1'), Float32Array.of(0, 1))
    index.put(entry('m2'), Float32Array.of(1, 0))
    index.put(entry('m3'), Float32Array.of(-0.8, -0.6))
    index.put(entry('m4'), Float32Array.of(0, 0))
    const hits = index.search(Float32Array.of(0.8, 0.6), { topK: 9 })
    expect(hits.map((hit) => [hit.id, Math.round(hit.similarity * 1e6) / 1e6])).toEqual([['m2', 0.8], ['m1', 0.6], ['m4', 0], ['m3', -1]])
  })

  it('refuses vectors of another length and ids that are not its own', () => {
    const index = new VectorIndex(2)
    expect(() => { index.put(entry('m1'), Float32Array.of(1)) }).toThrow(RangeError)
    expect(() => { index.put(entry('x'), Float32Array.of(1, 0)) }).toThrow(RangeError)
    expect(index.size).toBe(0)
  })

  it('reads numbers from ids that it would write', () => {
    expect(['m1', 'm42', 'm0', 'm007', 'm', 'x1', 'm1.5', 'm-1'].map(memoryNumber)).toEqual([1, 42, null, null, null, null, null, null])
  })
})
