import { describe, expect, it } from 'vitest'
import { createRandom } from '../random.ts'
import { adapterHash } from './adapter-hash.ts'

const adapter = (): [string, Float32Array][] => [
  ['layers.0.q_proj.A', Float32Array.of(0.5, -1.25, 0)],
  ['layers.0.q_proj.B', Float32Array.of(0, 0, 2)],
]

describe('adapterHash', () => {
  it('is the same for the same tensors, in whatever order and buffer they lie', () => {
    const shifted = new Float32Array(8).fill(9)
    shifted.set([0.5, -1.25, 0], 2)
    const [, second] = adapter()
    const again = new Map([second, ['layers.0.q_proj.A', shifted.subarray(2, 5)]] as [string, Float32Array][])
    expect(adapterHash(again)).toBe(adapterHash(new Map(adapter())))
    expect(adapterHash(again)).toMatch(/^[0-9a-f]{16}$/)
  })

  it('is another one after the smallest change of a value, its place, its sign or a name', () => {
    const changes: ((of: [string, Float32Array][]) => void)[] = [
      () => undefined,
      ([first]) => { first?.[1].set([0.5 + 2 ** -24], 0) },
      ([first]) => { first?.[1].set([-1.25, 0.5, 0]) },
      ([first]) => { first?.[1].set([-0], 2) },
      (of) => { of.push(['more', Float32Array.of()]) },
      (of) => { of.splice(0, 1, ['layers.1.q_proj.A', Float32Array.of(0.5, -1.25, 0)]) },
    ]
    const hashes = changes.map((change) => {
      const of = adapter()
      change(of)
      return adapterHash(new Map(of))
    })
    expect(new Set(hashes).size).toBe(changes.length)
  })

  it('uses all of its bits: of 20,000 one-bit neighbours no two share even a half', () => {
    const random = createRandom(1)
    const halves = [new Set<string>(), new Set<string>()]
    const words = new Uint32Array(640).map(() => random.int(2 ** 31))
    for (let i = 0; i < 20_000; i++) {
      words[i >> 5] = (words[i >> 5] ?? 0) ^ (1 << (i & 31))
      const hash = adapterHash(new Map([['w', new Float32Array(words.buffer)]]))
      halves[0]?.add(hash.slice(0, 8))
      halves[1]?.add(hash.slice(8))
      words[i >> 5] = (words[i >> 5] ?? 0) ^ (1 << (i & 31))
    }
    // By chance 20,000 of 2^32 have 0.05 pairs.
    for (const half of halves) expect(half.size).toBeGreaterThan(19_997)
  })
})
