// Against the Python package gguf, to the bit: fixtures/gguf/make.py.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { blockOf, dequantise, readTypes } from './quantisation.ts'

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'base64'))
const rowSchema = z.object({ type: z.number(), rows: z.number(), width: z.number(), bytes: z.string().transform(bytesOf), values: z.string().transform(bytesOf) })
const golden = z.record(z.string(), rowSchema).parse(JSON.parse(readFileSync(new URL('../../fixtures/gguf/blocks.json', import.meta.url), 'utf8')))
const bits = (values: Float32Array) => [...new Uint32Array(values.buffer, values.byteOffset, values.length)]

describe('dequantise', () => {
  it('is held against every type that is read', () => {
    expect(Object.keys(golden).sort()).toEqual([...readTypes].sort())
  })
  it.each(Object.entries(golden))('%s: the same bits', (name, { type, rows, width, bytes, values }) => {
    const block = blockOf(type)
    expect(block?.name).toBe(name)
    if (!block) return
    expect(bytes.length).toBe(((rows * width) / block.values) * block.bytes)
    const expected = [...new Uint32Array(values.buffer, 0, rows * width)]
    expect(bits(dequantise(block, bytes, rows, width, null))).toEqual(expected)
    // Rows in another order, from bytes that begin anywhere.
    const moved = new Uint8Array(bytes.length + 3)
    moved.set(bytes, 3)
    expect(bits(dequantise(block, moved.subarray(3), rows, width, (row) => 1 - row))).toEqual([...expected.slice(width), ...expected.slice(0, width)])
  })
})
