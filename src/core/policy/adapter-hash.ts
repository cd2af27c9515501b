// A name for an adapter that two others will not share: a hash of its tensors, whatever they are called or kept under.

const rotated = (x: number, k: number) => (x << k) | (x >>> (32 - k))

function finished(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/**
 * 64 bits over the names, in their order of the alphabet, and the bits of the values: 16 hex digits, the same on every
 * machine. Two lanes of MurmurHash3 that are added to each other; to tell apart, not to protect.
 */
export function adapterHash(tensors: ReadonlyMap<string, Float32Array>): string {
  let a = 0x239b961b
  let b = 0xab0e9789 | 0
  const take = (word: number) => {
    a = (Math.imul(rotated(a ^ Math.imul(rotated(Math.imul(word, 0x239b961b), 15), 0xab0e9789), 19) + b, 5) + 0x561ccd1b) | 0
    b = (Math.imul(rotated(b ^ Math.imul(rotated(Math.imul(word, 0xab0e9789), 16), 0x38b34ae5), 17) + a, 5) + 0x0bcaa747) | 0
  }
  for (const [name, values] of [...tensors].sort(([one], [other]) => (one < other ? -1 : 1))) {
    for (let i = 0; i < name.length; i++) take(name.charCodeAt(i))
    take(values.length)
    // The words of the bits, not their bytes: they do not depend on the machine's order.
    for (const word of new Uint32Array(values.buffer, values.byteOffset, values.length)) take(word)
  }
  return [finished(a), finished(b)].map((half) => half.toString(16).padStart(8, '0')).join('')
}
