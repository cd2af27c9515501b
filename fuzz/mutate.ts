// Valid inputs made wrong, and inputs that are hard to read. Seeded; knows no reader.
import type { Random } from '../src/core/random.ts'

const signs = [
  '"',
  "'",
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '<',
  '>',
  '/',
  '\n',
  '\r',
  '\t',
  ' ',
  '\u0000',
  '\ufeff',
  '\ud83d',
  '😀',
  'é',
  '０',
  '-',
  '.',
  'e',
  '0',
  '1',
]
const values = [
  'null',
  'true',
  'True',
  '-1',
  '0',
  '1e999',
  '1e-320',
  '9007199254740993',
  '""',
  '[]',
  '{}',
  '"__proto__"',
  '"constructor"',
  'NaN',
  '[[[[[[[[]]]]]]]]',
]

/** Words that a text is made of: what is worth exchanging as a whole. */
const word = /"(?:[^"\\]|\\.){0,40}"|[A-Za-z_]{1,40}|\d+(?:\.\d+)?/g

/** The text with one to four things changed. `others` are pieces of the kind that are worth putting in. */
export function mutated(text: string, random: Random, others: readonly string[] = []): string {
  let changed = text
  const pieces = [...others, ...signs, ...values]
  for (let n = 1 + random.int(4); n > 0; n--) {
    const at = random.int(changed.length + 1)
    const to = Math.min(changed.length, at + 1 + random.int(random.chance(0.2) ? 200 : 8))
    switch (random.int(7)) {
      case 0:
        changed = changed.slice(0, at) + changed.slice(to)
        break
      case 1:
        changed = changed.slice(0, at) + random.pick(pieces) + changed.slice(at)
        break
      case 2:
        changed = changed.slice(0, at) + random.pick(pieces) + changed.slice(to)
        break
      case 3:
        changed = changed.slice(0, to) + changed.slice(at)
        break
      case 4:
        changed = changed.slice(0, at)
        break
      case 5: {
        const found = [...changed.slice(at, at + 400).matchAll(word)]
        const one = found.length > 0 ? random.pick(found) : null
        if (one)
          changed =
            changed.slice(0, at + one.index) + random.pick(values) + changed.slice(at + one.index + one[0].length)
        break
      }
      default: {
        const from = random.int(text.length + 1)
        changed = changed.slice(0, at) + text.slice(from, from + random.int(60)) + changed.slice(at)
      }
    }
  }
  return changed
}

export function mutatedBytes(bytes: Uint8Array, random: Random): Uint8Array<ArrayBuffer> {
  let changed = Uint8Array.from(bytes)
  for (let n = 1 + random.int(4); n > 0; n--) {
    const at = random.int(changed.length + 1)
    const length = 1 + random.int(random.chance(0.2) ? 64 : 4)
    const cut = (from: number, to: number) => Uint8Array.from([...changed.subarray(0, from), ...changed.subarray(to)])
    switch (random.int(5)) {
      case 0:
        for (let i = at; i < Math.min(changed.length, at + length); i++) changed[i] = random.int(256)
        break
      case 1:
        for (let i = at; i < Math.min(changed.length, at + length); i++) changed[i] = random.pick([0, 0xff, 0x7f, 0x80])
        break
      case 2:
        changed = cut(at, at + length)
        break
      case 3:
        changed = Uint8Array.from(changed.subarray(0, at))
        break
      default:
        changed = Uint8Array.from([
          ...changed.subarray(0, at),
          ...changed.subarray(at, at + length),
          ...changed.subarray(at),
        ])
    }
  }
  return changed
}

/** A length from `least` to `most`; a longer one is rarer in proportion to its length. */
export const lengthOf = (random: Random, least: number, most: number): number =>
  Math.min(most, Math.floor(least / Math.max(1e-9, random.next())))

/** A piece, or a few, again and again between a beginning and an end. */
export function repeated(pieces: readonly string[], random: Random, length: number): string {
  const some = Array.from({ length: 1 + random.int(3) }, () => random.pick(pieces)).join('')
  const before = random.chance(0.5) ? random.pick(pieces) : ''
  const after = random.chance(0.5) ? random.pick(pieces) : ''
  return before + some.repeat(Math.max(1, Math.floor(length / Math.max(1, some.length)))) + after
}
