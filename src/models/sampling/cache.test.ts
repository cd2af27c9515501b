import { describe, expect, it } from 'vitest'
import { createRandom } from '../../core/random.ts'
import { cacheNames, keyBlock } from '../../nn/inference/cache.ts'
import { tinyConfig } from '../fixtures/tiny-model.ts'
import { KeyValueCache } from './cache.ts'

const config = tinyConfig()
const { kvHeads, headDim, layers } = config

/** What stands at a position of a row: a number that tells them apart. */
const valueAt = (version: number, index: number, head: number, within: number) => version + index / 16 + head / 64 + within / 4096

/** The keys or values of these rows' next positions [R, KV, N, hd], each position with a number of its own. */
function fresh(versions: readonly (readonly number[])[], positions: number, index: number): Float32Array {
  const values = new Float32Array(versions.length * kvHeads * positions * headDim)
  for (const [i, row] of versions.entries()) {
    for (const [at, version] of row.entries()) {
      for (let head = 0; head < kvHeads; head++) for (let j = 0; j < headDim; j++) values[((i * kvHeads + head) * positions + at) * headDim + j] = valueAt(version, index, head, j)
    }
  }
  return values
}

describe('KeyValueCache', () => {
  it('feeds every row as it is now, whatever was cut off, released, appended, copied and fed before', () => {
    const random = createRandom('cache')
    const cache = new KeyValueCache(config, 4)
    const kept: number[][] = [[], [], [], []]
    let version = 0
    let longest = 0
    for (let round = 0; round < 300; round++) {
      const rows = random.chance(0.6) ? [0, 1, 2] : random.sample([0, 1, 2, 3], 2)
      const change = random.int(6)
      const [one = 0, other = 0] = rows
      if (change === 0) {
        const length = random.int((kept[one]?.length ?? 0) + 1)
        cache.truncate(one, length)
        kept[one] = (kept[one] ?? []).slice(0, length)
      } else if (change === 1) {
        const length = random.int((kept[other]?.length ?? 0) + 1)
        cache.copy(other, one, length)
        kept[one] = (kept[other] ?? []).slice(0, length)
      } else if (change === 2) {
        cache.release(one)
        expect(cache.bytes(one)).toBe(0)
        kept[one] = []
      } else if (change === 3) {
        const length = random.int((kept[other]?.length ?? 0) + 1)
        cache.fill(one, length, cache.positions(other, length))
        kept[one] = (kept[other] ?? []).slice(0, length)
      } else {
        const added = rows.map(() => Array.from({ length: random.int(random.chance(0.1) ? 70 : 5) }, () => ++version))
        const positions = Math.max(...added.map(({ length }) => length), 1)
        cache.append(rows, added.map(({ length }) => length), positions, (index) => fresh(added, positions, index))
        for (const [i, row] of rows.entries()) kept[row]?.push(...(added[i] ?? []))
      }
      longest = Math.max(longest, ...kept.map(({ length }) => length))
      const fed = cache.feeds(rows)
      const seen = rows.map((row) => kept[row] ?? [])
      expect([...Object.values(fed)[0]?.data ?? []]).toEqual(seen.map(({ length }) => length))
      for (let layer = 0; layer < layers; layer++) {
        const names = cacheNames(layer)
        const [keys, values] = [fed[names.keys], fed[names.values]]
        const capacity = values?.shape[2] ?? 0
        for (const [i, versions] of seen.entries()) {
          for (const [at, each] of versions.entries()) {
            const [head, j] = [random.int(kvHeads), random.int(headDim)]
            const of = (i * kvHeads + head) * capacity * headDim
            const within = at % keyBlock
            expect(keys?.data[of + (at - within) * headDim + j * keyBlock + within]).toBe(Math.fround(valueAt(each, 2 * layer, head, j)))
            expect(values?.data[of + at * headDim + j]).toBe(Math.fround(valueAt(each, 2 * layer + 1, head, j)))
          }
        }
      }
    }
    // Long enough that arrays grew more than once.
    expect(longest).toBeGreaterThan(128)
  })
  it('gives and takes no more positions than there are', () => {
    const cache = new KeyValueCache(config, 2)
    const versions = Array.from({ length: keyBlock + 1 }, (_, at) => at)
    cache.append([0], [versions.length], versions.length, (index) => fresh([versions], versions.length, index))
    expect(() => cache.positions(0, keyBlock + 2)).toThrow(RangeError)
    // They are kept in whole blocks.
    expect(() => { cache.fill(1, keyBlock, cache.positions(0, keyBlock + 1)) }).toThrow(RangeError)
    expect(cache.lengths[1]).toBe(0)
  })
})
