import { describe, expect, it } from 'vitest'
import { rowsFor } from './decoding.ts'

describe('rowsFor', () => {
  it('gives small models many rows, and large ones what 0.75 GB of keys and values hold, or eight', () => {
    expect(rowsFor('wasm', { layers: 4, kvHeads: 2, headDim: 64 })).toBe(64)
    // SmolLM2-135M: 47 MB a row of 1,024 positions, and as much where it is fed from.
    expect(rowsFor('wasm', { layers: 30, kvHeads: 3, headDim: 64 })).toBe(8)
    expect(rowsFor('wasm', { layers: 12, kvHeads: 3, headDim: 64 })).toBe(21)
    expect(rowsFor('wasm', { layers: 28, kvHeads: 8, headDim: 128 })).toBe(8)
    expect(rowsFor('webgpu', { layers: 4, kvHeads: 2, headDim: 64 })).toBe(8)
  })
})
