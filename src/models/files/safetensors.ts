// The safetensors file format: eight bytes of header length, a JSON header, raw little-endian tensors.
import { z } from 'zod'

const storedTypes = ['F32', 'F16', 'BF16'] as const
export type StoredType = (typeof storedTypes)[number]

export interface StoredTensor {
  dtype: StoredType
  shape: number[]
  /** The file's own bytes, not copied. */
  bytes: Uint8Array
}

export class SafetensorsError extends Error {
  override readonly name = 'SafetensorsError'
}

const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.number().int().nonnegative()),
  data_offsets: z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]),
})

/** A header longer than this is not one: 100,000 tensors take as much. */
const maxHeader = 16 * 2 ** 20

const bytesPer: Record<StoredType, number> = { F32: 4, F16: 2, BF16: 2 }

/** A tensor as the header has it; offsets count from the end of the header. */
export interface TensorEntry {
  dtype: string
  shape: number[]
  from: number
  to: number
}

export interface SafetensorsHeader {
  tensors: Map<string, TensorEntry>
  metadata: Record<string, string>
  /** Where the tensors begin, and where the file ends. */
  start: number
  end: number
}

/** Length of the header that the first 8 bytes announce. @throws SafetensorsError */
export function headerLength(bytes: Uint8Array): number {
  if (bytes.length < 8) throw new SafetensorsError('The file is too short to be safetensors.')
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true))
  if (length > maxHeader) throw new SafetensorsError('This is not a safetensors file: its header would be larger than 16 MB.')
  return length
}

/** Why a type cannot be read, with what to do. */
function typeProblem(dtype: string): string {
  const todo = /^F64/.test(dtype) ? 'Save it in 32 bits.' : 'Its weights are quantised: take the same model unquantised.'
  return `has type ${dtype.slice(0, 40)}; F32, F16 and BF16 can be read. ${todo}`
}

/** The type of a tensor. @throws SafetensorsError for one that is not read here */
export function storedTypeOf(name: string, { dtype }: TensorEntry): StoredType {
  const known = storedTypes.find((type) => type === dtype)
  if (!known) throw new SafetensorsError(`Tensor ${name} ${typeProblem(dtype)}`)
  return known
}

/** Offsets must cover the data once, as the format's own library asks. @throws SafetensorsError */
function checkOffsets(tensors: ReadonlyMap<string, TensorEntry>): number {
  let at = 0
  let before = ''
  for (const [name, { from, to }] of [...tensors].sort(([, a], [, b]) => a.from - b.from || a.to - b.to)) {
    if (to < from) throw new SafetensorsError(`Tensor ${name} ends before it begins: its offsets are ${from} and ${to}.`)
    if (from < at) throw new SafetensorsError(`Tensors ${before} and ${name} overlap: they share bytes of the file.`)
    if (from > at) throw new SafetensorsError(`${from - at} bytes before tensor ${name} belong to no tensor: the file is damaged.`)
    at = to
    before = name
  }
  return at
}

/**
 * The header of a file, from its beginning, which must reach that far.
 * @throws SafetensorsError naming the tensor and what is wrong with it
 */
export function readHeader(bytes: Uint8Array): SafetensorsHeader {
  const length = headerLength(bytes)
  if (8 + length > bytes.length) throw new SafetensorsError('The file ends inside its header; it was cut short.')
  let header: Record<string, unknown>
  try {
    header = z.record(z.string(), z.unknown()).parse(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))))
  } catch {
    throw new SafetensorsError('The header of the safetensors file is not a JSON object.')
  }
  const tensors = new Map<string, TensorEntry>()
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') continue
    const entry = entrySchema.safeParse(value)
    if (!entry.success) throw new SafetensorsError(`Tensor ${name} has a malformed header entry.`)
    const { dtype, shape, data_offsets: [from, to] } = entry.data
    const width = storedTypes.find((type) => type === dtype)
    const size = shape.reduce((product, dim) => product * dim, 1) * (width ? bytesPer[width] : 1)
    if (width && to - from !== size) throw new SafetensorsError(`Tensor ${name} has ${to - from} bytes where its shape [${shape.join(', ')}] needs ${size}.`)
    tensors.set(name, { dtype, shape, from, to })
  }
  const start = 8 + length
  const metadata = z.record(z.string(), z.string()).catch({}).parse(header['__metadata__'] ?? {})
  return { tensors, metadata, start, end: start + checkOffsets(tensors) }
}

/**
 * The tensors of a file by name, as views on its bytes; and the `__metadata__` strings.
 * @param wanted those that are read; others may have any type
 * @throws SafetensorsError naming the tensor and what is wrong with it
 */
export function readSafetensors(bytes: Uint8Array, wanted: (name: string) => boolean = () => true): { tensors: Map<string, StoredTensor>; metadata: Record<string, string> } {
  const { tensors: entries, metadata, start, end } = readHeader(bytes)
  const tensors = new Map<string, StoredTensor>()
  for (const [name, entry] of entries) {
    if (!wanted(name)) continue
    const dtype = storedTypeOf(name, entry)
    if (start + entry.to > bytes.length) throw new SafetensorsError(`The file ends before tensor ${name}; it was cut short.`)
    tensors.set(name, { dtype, shape: entry.shape, bytes: bytes.subarray(start + entry.from, start + entry.to) })
  }
  if (end < bytes.length) throw new SafetensorsError(`${bytes.length - end} bytes at the end of the file belong to no tensor: it is damaged.`)
  return { tensors, metadata }
}

/** Where the first value lies that is no number or infinite; −1: nowhere. */
export function firstNotFinite(values: Float32Array): number {
  // A sum of finite numbers is finite in float64: one comparison for most arrays.
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i] ?? 0
  return Number.isFinite(sum) ? -1 : values.findIndex((value) => !Number.isFinite(value))
}

/** IEEE half to single. */
export function halfToFloat(h: number): number {
  const sign = h & 0x8000 ? -1 : 1
  const exponent = (h >> 10) & 0x1f
  const fraction = h & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction ? NaN : sign * Infinity
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

const scratch = new DataView(new ArrayBuffer(4))

/** Single to IEEE half, rounded to nearest even. */
export function floatToHalf(value: number): number {
  scratch.setFloat32(0, value)
  const bits = scratch.getUint32(0)
  const sign = (bits >>> 16) & 0x8000
  const exponent = ((bits >>> 23) & 0xff) - 127 + 15
  const fraction = bits & 0x7fffff
  if (exponent >= 31) return sign | 0x7c00 | (((bits >>> 23) & 0xff) === 255 && fraction ? 0x200 : 0)
  if (exponent <= 0) {
    if (exponent < -10) return sign
    // Subnormal: the hidden bit joins the fraction, which is shifted into place.
    const full = fraction | 0x800000
    const shift = 14 - exponent
    const half = full >>> shift
    const rest = full & ((1 << shift) - 1)
    const middle = 1 << (shift - 1)
    return sign | (half + (rest > middle || (rest === middle && half & 1) ? 1 : 0))
  }
  const half = (exponent << 10) | (fraction >>> 13)
  const rest = fraction & 0x1fff
  // A carry runs into the exponent, which is what rounding up to the next power of two means.
  return sign | (half + (rest > 0x1000 || (rest === 0x1000 && half & 1) ? 1 : 0))
}

/** The values as float32; a copy, owned by the caller. */
export function toFloat32(tensor: StoredTensor): Float32Array {
  const { bytes, dtype } = tensor
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const count = bytes.byteLength / bytesPer[dtype]
  const values = new Float32Array(count)
  switch (dtype) {
    case 'F32':
      new Uint8Array(values.buffer).set(bytes)
      break
    case 'F16':
      for (let i = 0; i < count; i++) values[i] = halfToFloat(view.getUint16(2 * i, true))
      break
    case 'BF16':
      // As bits, so that no value is touched on the way.
      for (let i = 0, bits = new Uint32Array(values.buffer); i < count; i++) bits[i] = view.getUint16(2 * i, true) << 16
      break
  }
  return values
}

/** The same of a tensor whose bytes are given away: float32 stays where it is. */
export function ownFloat32(tensor: StoredTensor & { bytes: Uint8Array<ArrayBuffer> }): Float32Array {
  const { bytes, dtype } = tensor
  return dtype === 'F32' && bytes.byteOffset % 4 === 0 ? new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4) : toFloat32(tensor)
}

function encode(values: Float32Array, dtype: StoredType): Uint8Array {
  const bytes = new Uint8Array(values.length * bytesPer[dtype])
  const view = new DataView(bytes.buffer)
  switch (dtype) {
    case 'F32':
      bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
      break
    case 'F16':
      for (const [i, value] of values.entries()) view.setUint16(2 * i, floatToHalf(value), true)
      break
    case 'BF16':
      for (const [i, value] of values.entries()) {
        scratch.setFloat32(0, value)
        const bits = scratch.getUint32(0)
        const nan = Number.isNaN(value)
        // Round to nearest even on the 16 bits that are dropped.
        view.setUint16(2 * i, nan ? 0x7fc0 : (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16, true)
      }
      break
  }
  return bytes
}

/** Writes tensors as one file, in the order given; the header is padded so that the data is 8-byte aligned. */
export function writeSafetensors(
  tensors: ReadonlyMap<string, { shape: readonly number[]; values: Float32Array }>,
  dtype: StoredType,
  metadata: Record<string, string> = { format: 'pt' },
): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = { __metadata__: metadata }
  const parts: Uint8Array[] = []
  let at = 0
  for (const [name, { shape, values }] of tensors) {
    const part = encode(values, dtype)
    header[name] = { dtype, shape, data_offsets: [at, at + part.length] }
    parts.push(part)
    at += part.length
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  const length = Math.ceil(text.length / 8) * 8
  const file = new Uint8Array(8 + length + at).fill(0x20, 8, 8 + length)
  new DataView(file.buffer).setBigUint64(0, BigInt(length), true)
  file.set(text, 8)
  let offset = 8 + length
  for (const part of parts) {
    file.set(part, offset)
    offset += part.length
  }
  return file
}
