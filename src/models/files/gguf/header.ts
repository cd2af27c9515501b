// The header of a GGUF file (ggml/docs/gguf.md): what is said of the model by key, and where each tensor lies. Owns the
// format's bounds; knows nothing of models. Little-endian files of versions 2 and 3.
import type { ByteReader } from '../model-files.ts'
import { blockOf, tensorTypeName } from './quantisation.ts'
import { GgufError } from './gguf-error.ts'

export type GgufScalar = string | number | boolean
export type GgufValue = GgufScalar | readonly GgufScalar[]

export interface GgufTensor {
  /** GGML's number of its type. */
  type: number
  /** Outermost first, as PyTorch and Hugging Face write it: [out, in]. */
  shape: number[]
  /** Bytes of the file, from..to−1; null for types of which nothing is known here. */
  from: number
  to: number | null
}

export interface GgufHeader {
  metadata: ReadonlyMap<string, GgufValue>
  tensors: ReadonlyMap<string, GgufTensor>
}

/** What a header may have at most: vocabularies of 256,000 words have some 12 MB and a million elements. */
const most = { bytes: 128 * 2 ** 20, keys: 10_000, tensors: 100_000, elements: 4 * 2 ** 20, string: 16 * 2 ** 20, name: 256, dimensions: 4, alignment: 2 ** 20 }
/** Bytes that are fetched at once. */
const piece = 2 ** 20

/** Goes through the file from its beginning. */
class Cursor {
  readonly #reader: ByteReader
  readonly #text = new TextDecoder()
  #bytes = new Uint8Array(0)
  #view = new DataView(this.#bytes.buffer)
  /** Where #bytes begins in the file, and the place in them. */
  #begin = 0
  #at = 0

  constructor(reader: ByteReader) {
    this.#reader = reader
  }

  get position(): number {
    return this.#begin + this.#at
  }

  /** Makes sure that so many bytes are at hand; a promise only where they are not. */
  need(bytes: number): Promise<void> | null {
    return this.#bytes.length - this.#at >= bytes ? null : this.#fetch(bytes)
  }

  async #fetch(bytes: number): Promise<void> {
    const from = this.position
    if (from + bytes > most.bytes) throw new GgufError(`Its header would be larger than ${most.bytes / 2 ** 20} MB: it is damaged.`)
    // What is at hand already is kept: readers are made for going forward.
    const rest = this.#bytes.subarray(this.#at)
    const more = await this.#reader.read(from + rest.length, from + Math.max(bytes, rest.length + piece))
    const joined = new Uint8Array(rest.length + more.length)
    joined.set(rest)
    joined.set(more, rest.length)
    if (joined.length < bytes) throw new GgufError('It ends inside its header; it was cut short.')
    this.#bytes = joined
    this.#view = new DataView(joined.buffer)
    this.#begin = from
    this.#at = 0
  }

  #step(bytes: number): number {
    const at = this.#at
    this.#at += bytes
    return at
  }

  u32(): number {
    return this.#view.getUint32(this.#step(4), true)
  }

  /** Exact up to 2^53; above it no number means anything here. */
  u64(): number {
    return Number(this.#view.getBigUint64(this.#step(8), true))
  }

  text(bytes: number): string {
    const at = this.#step(bytes)
    return this.#text.decode(this.#bytes.subarray(at, at + bytes))
  }

  scalar(type: number): GgufScalar {
    const view = this.#view
    switch (type) {
      case 0: return view.getUint8(this.#step(1))
      case 1: return view.getInt8(this.#step(1))
      case 2: return view.getUint16(this.#step(2), true)
      case 3: return view.getInt16(this.#step(2), true)
      case 4: return this.u32()
      case 5: return view.getInt32(this.#step(4), true)
      case 6: return view.getFloat32(this.#step(4), true)
      case 7: return view.getUint8(this.#step(1)) !== 0
      case 10: return this.u64()
      case 11: return Number(view.getBigInt64(this.#step(8), true))
      case 12: return view.getFloat64(this.#step(8), true)
      default: throw new GgufError(`It has a value of type ${type}, which the format does not know: it is damaged.`)
    }
  }
}

const stringType = 8
const arrayType = 9
/** Bytes of a value by its type. */
const widths = new Map([[0, 1], [1, 1], [2, 2], [3, 2], [4, 4], [5, 4], [6, 4], [7, 1], [10, 8], [11, 8], [12, 8]])

async function readText(cursor: Cursor, limit: number, what: string): Promise<string> {
  const length = cursor.need(8)
  if (length) await length
  const bytes = cursor.u64()
  if (bytes > limit) throw new GgufError(`${what} would have ${bytes} bytes: it is damaged.`)
  const there = cursor.need(bytes)
  if (there) await there
  return cursor.text(bytes)
}

/** @param left elements that arrays may still have in all */
async function readValue(cursor: Cursor, type: number, key: string, left: { elements: number }): Promise<GgufValue> {
  if (type === stringType) return readText(cursor, most.string, `The value of ${key}`)
  if (type !== arrayType) {
    const there = cursor.need(widths.get(type) ?? 0)
    if (there) await there
    return cursor.scalar(type)
  }
  await cursor.need(12)
  const inner = cursor.u32()
  const count = cursor.u64()
  if (inner !== stringType && !widths.has(inner)) throw new GgufError(inner === arrayType ? `${key} holds lists of lists, which no model has.` : `${key} holds values of type ${inner}, which the format does not know: it is damaged.`)
  if (count > left.elements) throw new GgufError(`${key} would have ${count} elements: it is damaged.`)
  left.elements -= count
  const values: GgufScalar[] = []
  const width = widths.get(inner) ?? 0
  for (let i = 0; i < count; i++) {
    if (inner === stringType) values.push(await readText(cursor, most.string, `A string of ${key}`))
    else {
      const there = cursor.need(width)
      if (there) await there
      values.push(cursor.scalar(inner))
    }
  }
  return values
}

async function readTensor(cursor: Cursor): Promise<{ name: string; type: number; shape: number[]; offset: number }> {
  const name = await readText(cursor, most.name, 'The name of a tensor')
  await cursor.need(4)
  const dimensions = cursor.u32()
  if (dimensions < 1 || dimensions > most.dimensions) throw new GgufError(`Tensor ${name} would have ${dimensions} dimensions: it is damaged.`)
  await cursor.need(8 * dimensions + 12)
  // Innermost first in the file.
  const shape = Array.from({ length: dimensions }, () => cursor.u64()).reverse()
  const type = cursor.u32()
  return { name, type, shape, offset: cursor.u64() }
}

function placed({ name, type, shape, offset }: Awaited<ReturnType<typeof readTensor>>, start: number, alignment: number): GgufTensor {
  const count = shape.reduce((product, size) => product * size, 1)
  if (!(count > 0) || count > Number.MAX_SAFE_INTEGER) throw new GgufError(`Tensor ${name} would have the shape [${shape.join(', ')}]: it is damaged.`)
  if (offset % alignment !== 0) throw new GgufError(`Tensor ${name} does not begin at a multiple of ${alignment} bytes: it is damaged.`)
  const from = start + offset
  const block = blockOf(type)
  if (!block) return { type, shape, from, to: null }
  if ((shape.at(-1) ?? 0) % block.values !== 0) throw new GgufError(`Tensor ${name} of type ${tensorTypeName(type)} has rows of ${shape.at(-1)}, which are no whole blocks of ${block.values}: it is damaged.`)
  const to = from + (count / block.values) * block.bytes
  if (!Number.isSafeInteger(to)) throw new GgufError(`Tensor ${name} would lie at ${offset}: it is damaged.`)
  return { type, shape, from, to }
}

/** No byte belongs to two tensors. */
function checkOverlaps(tensors: ReadonlyMap<string, GgufTensor>): void {
  let end = 0
  let before = ''
  for (const [name, { from, to }] of [...tensors].sort(([, a], [, b]) => a.from - b.from)) {
    if (from < end) throw new GgufError(`Tensors ${before} and ${name} overlap: they share bytes of the file.`)
    end = to ?? from
    before = name
  }
}

/**
 * Reads the header alone. Time and memory are bounded whatever the file says.
 * @throws GgufError for what is damaged
 */
export async function readGgufHeader(reader: ByteReader): Promise<GgufHeader> {
  const cursor = new Cursor(reader)
  await cursor.need(24)
  if (cursor.text(4) !== 'GGUF') throw new GgufError('It is no GGUF file: it does not begin with “GGUF”.')
  const version = cursor.u32()
  if (version > 0xffff) throw new GgufError('It is written for big-endian machines. Take the usual, little-endian file.')
  if (version < 2 || version > 3) throw new GgufError(`It is of version ${version} of the format; 2 and 3 can be read. Take a newer file, or convert the model again.`)
  const [tensorCount, keyCount] = [cursor.u64(), cursor.u64()]
  if (tensorCount > most.tensors || keyCount > most.keys) throw new GgufError(`It would have ${tensorCount} tensors and ${keyCount} keys: it is damaged.`)
  const metadata = new Map<string, GgufValue>()
  const left = { elements: most.elements }
  for (let i = 0; i < keyCount; i++) {
    const key = await readText(cursor, most.string, 'A key')
    if (metadata.has(key)) throw new GgufError(`The key ${key.slice(0, 100)} stands in it twice: it is damaged.`)
    await cursor.need(4)
    metadata.set(key, await readValue(cursor, cursor.u32(), key.slice(0, 100), left))
  }
  const alignment = metadata.get('general.alignment') ?? 32
  if (typeof alignment !== 'number' || !Number.isInteger(Math.log2(alignment)) || alignment < 1 || alignment > most.alignment) throw new GgufError(`Its general.alignment is ${String(alignment).slice(0, 40)}: it is damaged.`)
  const infos: Awaited<ReturnType<typeof readTensor>>[] = []
  for (let i = 0; i < tensorCount; i++) infos.push(await readTensor(cursor))
  const start = Math.ceil(cursor.position / alignment) * alignment
  const tensors = new Map<string, GgufTensor>()
  for (const info of infos) {
    if (tensors.has(info.name)) throw new GgufError(`Tensor ${info.name} stands in it twice: it is damaged.`)
    tensors.set(info.name, placed(info, start, alignment))
  }
  checkOverlaps(tensors)
  return { metadata, tensors }
}
