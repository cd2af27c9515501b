// The types of GGML's tensors: how large a block of each is, and its values as float32, to the bit as ggml-quants.c and
// the Python package gguf compute them: every product and every sum is rounded to float32. Knows no file and no model.
import { halfToFloat } from '../safetensors.ts'

/** Writes `blocks` blocks, which begin at byte `from`, as values from `at` on. */
type Decode = (bytes: DataView, from: number, blocks: number, values: Float32Array, at: number) => void

export interface BlockType {
  name: string
  /** Numbers in a block, and its bytes. */
  values: number
  bytes: number
  decode: Decode
}

let table: Float32Array | null = null
/** Every half by its bits: 256 kB, made when first needed. */
function halves(): Float32Array {
  table ??= Float32Array.from({ length: 2 ** 16 }, (_, bits) => halfToFloat(bits))
  return table
}

const { fround } = Math
const float = (bits: Float32Array, bytes: DataView, at: number): number => bits[bytes.getUint16(at, true)] ?? 0

/** Blocks of 32: a scale, in some a minimum, in some a fifth bit of each value apart, and four bits of each. */
function fourOrFive(size: number, minimum: boolean, fifth: boolean): Decode {
  const zero = minimum ? 0 : fifth ? 16 : 8
  return (bytes, from, blocks, values, at) => {
    const half = halves()
    for (let block = 0; block < blocks; block++, from += size, at += 32) {
      const scale = float(half, bytes, from)
      const least = minimum ? float(half, bytes, from + 2) : 0
      const bits = from + (minimum ? 4 : 2)
      const high = fifth ? bytes.getUint32(bits, true) : 0
      const low = bits + (fifth ? 4 : 0)
      for (let i = 0; i < 16; i++) {
        const byte = bytes.getUint8(low + i)
        const first = (byte & 15) | (((high >>> i) & 1) << 4)
        const second = (byte >> 4) | (((high >>> (i + 16)) & 1) << 4)
        // Without a minimum nothing is added: −0 stays −0.
        values[at + i] = minimum ? fround(scale * first) + least : scale * (first - zero)
        values[at + i + 16] = minimum ? fround(scale * second) + least : scale * (second - zero)
      }
    }
  }
}

/** Six bits each of scale and minimum of the eight groups of a block, in 12 bytes. */
function scaleOf(bytes: DataView, from: number, group: number): { scale: number; least: number } {
  if (group < 4) return { scale: bytes.getUint8(from + group) & 63, least: bytes.getUint8(from + group + 4) & 63 }
  const both = bytes.getUint8(from + group + 4)
  return { scale: (both & 15) | ((bytes.getUint8(from + group - 4) >> 2) & 48), least: (both >> 4) | ((bytes.getUint8(from + group) >> 2) & 48) }
}

/** Blocks of 256 in eight groups of 32, Q4_K and, with a fifth bit of each value, Q5_K. */
function superBlock(size: number, fifth: boolean): Decode {
  return (bytes, from, blocks, values, at) => {
    const half = halves()
    for (let block = 0; block < blocks; block++, from += size, at += 256) {
      const [scales, leasts] = [float(half, bytes, from), float(half, bytes, from + 2)]
      const high = from + 16
      const low = high + (fifth ? 32 : 0)
      for (let group = 0; group < 8; group++) {
        const own = scaleOf(bytes, from + 4, group)
        const [scale, least] = [fround(scales * own.scale), fround(leasts * own.least)]
        const [nibbles, shift] = [low + 32 * (group >> 1), 4 * (group & 1)]
        for (let i = 0; i < 32; i++) {
          const extra = fifth ? ((bytes.getUint8(high + i) >> group) & 1) << 4 : 0
          const value = ((bytes.getUint8(nibbles + i) >> shift) & 15) | extra
          values[at + 32 * group + i] = fround(scale * value) - least
        }
      }
    }
  }
}

/** Blocks of 256 in sixteen groups of 16: four bits, two more, a signed scale of each group, the scale of all. */
const q6k: Decode = (bytes, from, blocks, values, at) => {
  const half = halves()
  for (let block = 0; block < blocks; block++, from += 210, at += 256) {
    const whole = float(half, bytes, from + 208)
    for (let group = 0; group < 8; group++) {
      const [low, lowShift] = [from + 64 * (group >> 2) + 32 * (group & 1), 4 * ((group >> 1) & 1)]
      const [high, highShift] = [from + 128 + 32 * (group >> 2), 2 * (group & 3)]
      for (let i = 0; i < 32; i++) {
        const scale = fround(whole * bytes.getInt8(from + 192 + 2 * group + (i >> 4)))
        const value = ((bytes.getUint8(low + i) >> lowShift) & 15) | (((bytes.getUint8(high + i) >> highShift) & 3) << 4)
        values[at + 32 * group + i] = scale * (value - 32)
      }
    }
  }
}

const q8: Decode = (bytes, from, blocks, values, at) => {
  const half = halves()
  for (let block = 0; block < blocks; block++, from += 34, at += 32) {
    const scale = float(half, bytes, from)
    for (let i = 0; i < 32; i++) values[at + i] = bytes.getInt8(from + 2 + i) * scale
  }
}

const single: Decode = (bytes, from, count, values, at) => {
  for (let i = 0; i < count; i++) values[at + i] = bytes.getFloat32(from + 4 * i, true)
}

const halfPrecision: Decode = (bytes, from, count, values, at) => {
  const half = halves()
  for (let i = 0; i < count; i++) values[at + i] = float(half, bytes, from + 2 * i)
}

const brain: Decode = (bytes, from, count, values, at) => {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
  for (let i = 0; i < count; i++) bits[at + i] = bytes.getUint16(from + 2 * i, true) << 16
}

/** By GGML's numbers (ggml_type). */
const types: ReadonlyMap<number, BlockType> = new Map([
  [0, { name: 'F32', values: 1, bytes: 4, decode: single }],
  [1, { name: 'F16', values: 1, bytes: 2, decode: halfPrecision }],
  [2, { name: 'Q4_0', values: 32, bytes: 18, decode: fourOrFive(18, false, false) }],
  [3, { name: 'Q4_1', values: 32, bytes: 20, decode: fourOrFive(20, true, false) }],
  [6, { name: 'Q5_0', values: 32, bytes: 22, decode: fourOrFive(22, false, true) }],
  [7, { name: 'Q5_1', values: 32, bytes: 24, decode: fourOrFive(24, true, true) }],
  [8, { name: 'Q8_0', values: 32, bytes: 34, decode: q8 }],
  [12, { name: 'Q4_K', values: 256, bytes: 144, decode: superBlock(144, false) }],
  [13, { name: 'Q5_K', values: 256, bytes: 176, decode: superBlock(176, true) }],
  [14, { name: 'Q6_K', values: 256, bytes: 210, decode: q6k }],
  [30, { name: 'BF16', values: 1, bytes: 2, decode: brain }],
])

/** Types that are known by name alone. */
const others: ReadonlyMap<number, string> = new Map([
  [9, 'Q8_1'], [10, 'Q2_K'], [11, 'Q3_K'], [15, 'Q8_K'], [16, 'IQ2_XXS'], [17, 'IQ2_XS'], [18, 'IQ3_XXS'], [19, 'IQ1_S'], [20, 'IQ4_NL'], [21, 'IQ3_S'],
  [22, 'IQ2_S'], [23, 'IQ4_XS'], [24, 'I8'], [25, 'I16'], [26, 'I32'], [27, 'I64'], [28, 'F64'], [29, 'IQ1_M'], [34, 'TQ1_0'], [35, 'TQ2_0'], [39, 'MXFP4'],
])

/** Names of the types that are read. */
export const readTypes: readonly string[] = [...types.values()].map(({ name }) => name)

/** null: not read here. */
export const blockOf = (type: number): BlockType | null => types.get(type) ?? null

export const tensorTypeName = (type: number): string => types.get(type)?.name ?? others.get(type) ?? `number ${type}`

/**
 * A tensor of rows as float32.
 * @param bytes of `rows` rows of `width` numbers of this type
 * @param rowFor where each row of the file goes
 */
export function dequantise(type: BlockType, bytes: Uint8Array, rows: number, width: number, rowFor: ((row: number) => number) | null): Float32Array {
  const values = new Float32Array(rows * width)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const blocks = width / type.values
  if (!rowFor) type.decode(view, 0, rows * blocks, values, 0)
  else for (let row = 0; row < rows; row++) type.decode(view, row * blocks * type.bytes, blocks, values, rowFor(row) * width)
  return values
}
