import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../random.ts'
import { createNameSource, nameWords, splitOf, wordKinds } from './names.ts'

describe('name words', () => {
  it('are thousands for people, hundreds of every kind', () => {
    expect(nameWords('first').length).toBeGreaterThan(3000)
    expect(nameWords('last').length).toBeGreaterThan(3000)
    for (const kind of wordKinds) expect(nameWords(kind).length, kind).toBeGreaterThan(500)
  })

  it('are single capitalised words that can be said', () => {
    // No five consonants and no four vowels in a row.
    const hard: string[] = []
    for (const kind of wordKinds) {
      for (const word of nameWords(kind)) {
        if (!/^[A-Z][a-z]{3,9}$/.test(word) || /[^aeiouy]{5}|[aeiou]{4}/i.test(word)) hard.push(word)
      }
    }
    expect(hard).toEqual([])
  })

  it('are split about one to four, each word to one side for good', () => {
    for (const kind of wordKinds) {
      const all = nameWords(kind)
      const heldOut = all.filter((word) => splitOf(word) === 'held-out').length / all.length
      expect(heldOut, kind).toBeGreaterThan(0.14)
      expect(heldOut, kind).toBeLessThan(0.26)
    }
    expect(splitOf('mira')).toBe(splitOf('MIRA'))
  })

  it('keep their split from one version to the next', () => {
    // Recorded once: a change here would move names between the splits and spoil every comparison with older runs.
    expect(['Mira', 'Oslem', 'Tobin', 'Voss', 'Kelmond', 'Novera', 'Larona', 'Rumbit'].map(splitOf)).toEqual(['train', 'train', 'train', 'train', 'held-out', 'train', 'train', 'held-out'])
  })
})

describe('createNameSource', () => {
  it.each(['train', 'held-out'] as const)('gives names of the %s split only, and no word twice', (split) => {
    const names = createNameSource(createRandom(3), split)
    const words = Array.from({ length: 40 }, () => [...names.person().split(' '), names.place(), names.organisation().split(' ')[0] ?? '', names.river(), names.region().split(' ')[0] ?? '']).flat()
    expect(new Set(words).size).toBe(words.length)
    for (const word of words) expect(splitOf(word), word).toBe(split)
  })
  it('is deterministic', () => {
    const draw = () => {
      const names = createNameSource(createRandom('x'), 'train')
      return [names.person(), names.organisation(), names.place(), names.dog()]
    }
    expect(draw()).toEqual(draw())
  })
})
