// Seeded randomness. The only source of chance in core: a generator is always passed in.

/** A deterministic generator (xoshiro128**), seeded through splitmix32. */
export interface Random {
  /** Uniform in [0, 1), 32 bits of resolution. */
  next(): number
  /** Uniform integer in [0, n). */
  int(n: number): number
  /** True with probability p. */
  chance(p: number): boolean
  /** One element. @throws RangeError on an empty list. */
  pick<T>(items: readonly T[]): T
  /** A shuffled copy. */
  shuffle<T>(items: readonly T[]): T[]
  /** k distinct elements in random order. @throws RangeError when there are fewer. */
  sample<T>(items: readonly T[], k: number): T[]
  /** An independent generator: depends on this one's seed and the label, not on what was drawn. */
  fork(label: string | number): Random
  /** The generator's state, four 32-bit words, for checkpoints. */
  state(): [number, number, number, number]
}

/** 32-bit FNV-1a, finished with a murmur mix: spreads strings over seeds and buckets. */
export function hash32(text: string, seed = 0): number {
  let h = (0x811c9dc5 ^ seed) >>> 0
  for (let i = 0; i < text.length; i++) {
    h ^= text.charCodeAt(i)
    h = Math.imul(h, 0x01000193)
  }
  h ^= h >>> 16
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

const rotl = (x: number, k: number) => ((x << k) | (x >>> (32 - k))) >>> 0

/** A generator from a seed, or one continued from a saved state. */
export function createRandom(seed: number | string, saved?: readonly [number, number, number, number]): Random {
  const key = typeof seed === 'number' ? String(seed) : seed
  let s: [number, number, number, number]
  if (saved) {
    s = [...saved]
  } else {
    let z = hash32(key)
    const splitmix = () => {
      z = (z + 0x9e3779b9) >>> 0
      let t = z ^ (z >>> 16)
      t = Math.imul(t, 0x21f0aaad)
      t ^= t >>> 15
      t = Math.imul(t, 0x735a2d97)
      return (t ^ (t >>> 15)) >>> 0
    }
    s = [splitmix(), splitmix(), splitmix(), splitmix()]
  }
  const word = () => {
    const result = Math.imul(rotl(Math.imul(s[1], 5), 7), 9) >>> 0
    const t = s[1] << 9
    s[2] ^= s[0]
    s[3] ^= s[1]
    s[1] ^= s[2]
    s[0] ^= s[3]
    s[2] ^= t
    s[3] = rotl(s[3], 11)
    return result
  }
  const random: Random = {
    next: () => word() / 4294967296,
    int: (n) => Math.floor(random.next() * n),
    chance: (p) => random.next() < p,
    pick: (items) => {
      const item = items[random.int(items.length)]
      if (item === undefined) throw new RangeError('pick: the list is empty')
      return item
    },
    shuffle: (items) => {
      const copy = [...items]
      for (let i = copy.length - 1; i > 0; i--) {
        const j = random.int(i + 1)
        const a = copy[i]
        const b = copy[j]
        if (a !== undefined && b !== undefined) {
          copy[i] = b
          copy[j] = a
        }
      }
      return copy
    },
    sample: (items, k) => {
      if (k > items.length) throw new RangeError(`sample: ${k} asked of ${items.length}`)
      return random.shuffle(items).slice(0, k)
    },
    fork: (label) => createRandom(`${key}/${label}`),
    state: () => [...s],
  }
  return random
}
