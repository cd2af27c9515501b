import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { floatToHalf, halfToFloat, readSafetensors, SafetensorsError, toFloat32, writeSafetensors, type StoredType } from './safetensors.ts'

/** A file as the format says: header length, header, data. */
function file(header: unknown, data: readonly number[] = [], announced?: number): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const bytes = new Uint8Array(8 + text.length + data.length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(announced ?? text.length), true)
  bytes.set(text, 8)
  bytes.set(data, 8 + text.length)
  return bytes
}

function values(bytes: Uint8Array, name = 'x'): number[] {
  const tensor = readSafetensors(bytes).tensors.get(name)
  return tensor ? [...toFloat32(tensor)] : []
}

const write = (numbers: readonly number[], dtype: StoredType) => writeSafetensors(new Map([['x', { shape: [numbers.length], values: Float32Array.from(numbers) }]]), dtype)
const roundTrip = (numbers: readonly number[], dtype: StoredType) => values(write(numbers, dtype))

describe('reading', () => {
  it('a file written by hand: F32, F16 and BF16 little-endian, in any order', () => {
    const header = {
      __metadata__: { format: 'pt' },
      c: { dtype: 'BF16', shape: [2], data_offsets: [8, 12] },
      a: { dtype: 'F32', shape: [1, 1], data_offsets: [0, 4] },
      b: { dtype: 'F16', shape: [2], data_offsets: [4, 8] },
      nothing: { dtype: 'F32', shape: [0, 3], data_offsets: [12, 12] },
    }
    // 1 as F32; 1.5 and −2 as F16; 1 and −0.5 as BF16.
    const bytes = file(header, [0, 0, 0x80, 0x3f, 0, 0x3e, 0, 0xc0, 0x80, 0x3f, 0, 0xbf])
    const { tensors, metadata } = readSafetensors(bytes)
    expect([...tensors.keys()]).toEqual(['c', 'a', 'b', 'nothing'])
    expect(tensors.get('a')?.shape).toEqual([1, 1])
    expect(values(bytes, 'a')).toEqual([1])
    expect(values(bytes, 'b')).toEqual([1.5, -2])
    expect(values(bytes, 'c')).toEqual([1, -0.5])
    expect(values(bytes, 'nothing')).toEqual([])
    expect(metadata).toEqual({ format: 'pt' })
  })

  it('a file by another program', async () => {
    const bytes = await readFile(new URL('../../nn/fixtures/goldens/qwen2-tiny/model.safetensors', import.meta.url))
    const { tensors } = readSafetensors(bytes)
    expect(tensors.get('model.embed_tokens.weight')).toMatchObject({ dtype: 'F32', shape: [61, 32] })
    expect(tensors.get('model.layers.1.self_attn.v_proj.bias')?.shape).toEqual([16])
    for (const tensor of tensors.values()) expect(toFloat32(tensor).every((value) => Math.abs(value) < 10)).toBe(true)
  })

  it('a file at an odd place in a larger buffer', () => {
    const bytes = write([1, 2, 3], 'F32')
    const larger = new Uint8Array(bytes.length + 3)
    larger.set(bytes, 3)
    expect(values(larger.subarray(3))).toEqual([1, 2, 3])
  })

  const good = { dtype: 'F32', shape: [2], data_offsets: [0, 8] }
  it.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(0), 'too short to be safetensors'],
    ['a header that is no header', file('{}', [], 2 ** 40), 'its header would be larger than 16 MB'],
    ['an end inside the header', file({ x: good }, [], 5000), 'ends inside its header; it was cut short'],
    ['a header that is no JSON', file('{"x":'), 'not a JSON object'],
    ['a header that is a list', file('[1]'), 'not a JSON object'],
    ['an entry without a shape', file({ x: { dtype: 'F32', data_offsets: [0, 8] } }), 'Tensor x has a malformed header entry.'],
    ['a negative size', file({ x: { ...good, shape: [-2] } }), 'Tensor x has a malformed header entry.'],
    ['a type that we do not read', file({ x: { ...good, dtype: 'I64' } }, Array.from({ length: 16 }, () => 0)), 'Tensor x has type I64; F32, F16 and BF16 can be read.'],
    ['a size that does not fit the shape', file({ x: { ...good, shape: [3] } }, Array.from({ length: 8 }, () => 0)), 'Tensor x has 8 bytes where its shape [3] needs 12.'],
    ['a type of 64 bits', file({ x: { ...good, dtype: 'F64' } }), 'Tensor x has type F64; F32, F16 and BF16 can be read. Save it in 32 bits.'],
    ['quantised weights', file({ x: { ...good, dtype: 'F8_E4M3' } }), 'Its weights are quantised: take the same model unquantised.'],
    ['tensors that share bytes', file({ x: good, y: { ...good, data_offsets: [4, 12] } }, Array.from({ length: 12 }, () => 0)), 'Tensors x and y overlap'],
    ['the same bytes twice', file({ x: good, y: good }, Array.from({ length: 8 }, () => 0)), 'Tensors x and y overlap'],
    ['offsets far beyond the file', file({ x: { ...good, data_offsets: [2 ** 40, 2 ** 40 + 8] } }, Array.from({ length: 8 }, () => 0)), 'bytes before tensor x belong to no tensor'],
    ['bytes that belong to nothing, between', file({ x: good, y: { ...good, data_offsets: [12, 20] } }, Array.from({ length: 20 }, () => 0)), '4 bytes before tensor y belong to no tensor'],
    ['bytes that belong to nothing, at the end', file({ x: good }, Array.from({ length: 9 }, () => 0)), '1 bytes at the end of the file belong to no tensor'],
    ['offsets that are fractions', file({ x: { ...good, data_offsets: [0, 7.5] } }), 'Tensor x has a malformed header entry.'],
    ['offsets the wrong way round', file({ x: { ...good, data_offsets: [8, 0] } }, Array.from({ length: 8 }, () => 0)), 'Tensor x has -8 bytes'],
    ['an end inside the data', file({ x: good }, [0, 0, 0, 0]), 'The file ends before tensor x; it was cut short.'],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => readSafetensors(bytes)).toThrow(SafetensorsError)
    expect(() => readSafetensors(bytes)).toThrow(message)
  })

  it('any file cut short or with a changed header is read or refused by name, never worse', () => {
    const bytes = write([1, 2, 3, 4], 'F32')
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(bytes.length - 1), fc.nat(255), (end, place, value) => {
        const damaged = bytes.slice(0, end + 1)
        if (place < damaged.length) damaged[place] = value
        try {
          for (const tensor of readSafetensors(damaged).tensors.values()) toFloat32(tensor)
        } catch (error) {
          expect(error).toBeInstanceOf(SafetensorsError)
        }
      }),
      { seed: 1, numRuns: 2000 },
    )
  })
})

describe('writing', () => {
  it('keeps names, shapes, order and metadata; the data begins at a multiple of 8', () => {
    const bytes = writeSafetensors(
      new Map([
        ['model.w', { shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) }],
        ['λ', { shape: [], values: Float32Array.of(7) }],
      ]),
      'F32',
      { made_by: 'a test' },
    )
    const { tensors, metadata } = readSafetensors(bytes)
    expect([...tensors].map(([name, { shape }]) => [name, shape])).toEqual([['model.w', [2, 3]], ['λ', []]])
    expect(metadata).toEqual({ made_by: 'a test' })
    expect(Number(new DataView(bytes.buffer).getBigUint64(0, true)) % 8).toBe(0)
    expect(values(bytes, 'λ')).toEqual([7])
  })

  it.each<StoredType>(['F32', 'F16', 'BF16'])('%s keeps infinities, zeros of both signs and what is no number', (dtype) => {
    expect(roundTrip([Infinity, -Infinity, 0, -0, NaN, 1, -2.5], dtype)).toEqual([Infinity, -Infinity, 0, -0, NaN, 1, -2.5])
  })

  it('F32 keeps every bit, down to the smallest subnormal', () => {
    const odd = [2 ** -149, -(2 ** -149), 2 ** -126 - 2 ** -149, 1 + 2 ** -23, 3.4028234663852886e38, 0.1]
    expect(roundTrip(odd, 'F32')).toEqual([...Float32Array.from(odd)])
  })

  it.each([
    // 11 bits of precision: between 2,048 and 4,096 the even numbers; halfway goes to the even fraction.
    [2049, 2048],
    [2051, 2052],
    [2049.5, 2050],
    // The largest, and from where on it is infinite.
    [65504, 65504],
    [65519.99, 65504],
    [65520, Infinity],
    [-1e9, -Infinity],
    // Subnormals: multiples of 2⁻²⁴; below half of it zero, and half of it too.
    [2 ** -14, 2 ** -14],
    [2 ** -14 - 2 ** -25, 2 ** -14],
    [1023 * 2 ** -24, 1023 * 2 ** -24],
    [2.5 * 2 ** -24, 2 * 2 ** -24],
    [3.5 * 2 ** -24, 4 * 2 ** -24],
    [2 ** -24, 2 ** -24],
    [-1.5 * 2 ** -25, -(2 ** -24)],
    [2 ** -25, 0],
    [2 ** -26, 0],
  ])('F16 rounds %f to %f', (value, expected) => {
    expect(roundTrip([value], 'F16')).toEqual([expected])
  })

  it.each([
    // 8 bits of precision: between 256 and 512 the even numbers.
    [257, 256],
    [259, 260],
    [257.5, 258],
    [3.3895313892515355e38, 3.3895313892515355e38],
    [3.4028234663852886e38, Infinity],
    [2 ** -133, 2 ** -133],
    [1.5 * 2 ** -133, 2 ** -132],
    [2 ** -134, 0],
    [-(2 ** -149), -0],
  ])('BF16 rounds %f to %f', (value, expected) => {
    expect(roundTrip([value], 'BF16')).toEqual([expected])
  })

  it('every half float goes through single precision unchanged', () => {
    const changed = Array.from({ length: 0x10000 }, (_, bits) => bits).filter((bits) => {
      const value = halfToFloat(bits)
      const back = floatToHalf(value)
      return Number.isNaN(value) ? (back & 0x7fff) <= 0x7c00 : back !== bits
    })
    expect(changed).toEqual([])
    expect([0x0001, 0x03ff, 0x0400, 0x3c00, 0xfbff].map(halfToFloat)).toEqual([2 ** -24, 1023 * 2 ** -24, 2 ** -14, 1, -65504])
  })

  it('random values are never more than half a step off', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, min: Math.fround(-60000), max: Math.fround(60000) }), (value) => {
        const step = (bits: number, smallest: number) => Math.max(2 ** (Math.floor(Math.log2(Math.abs(value) || smallest)) - bits), smallest)
        expect(Math.abs((roundTrip([value], 'F16')[0] ?? NaN) - value)).toBeLessThanOrEqual(step(10, 2 ** -24) / 2)
        expect(Math.abs((roundTrip([value], 'BF16')[0] ?? NaN) - value)).toBeLessThanOrEqual(step(7, 2 ** -133) / 2)
      }),
      { seed: 1, numRuns: 500 },
    )
  })
})
