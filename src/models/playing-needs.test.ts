import { describe, expect, it } from 'vitest'
import { readModelConfig } from '../nn/transformer/config.ts'
import { builtBytes, heldBytes, packsWeights, weightBytes } from './playing-needs.ts'

// 500 parameters, 40 of them the tied embedding (memory-estimate.test.ts).
const shape = { model_type: 'llama', vocab_size: 10, hidden_size: 4, num_hidden_layers: 3, num_attention_heads: 2, num_key_value_heads: 1, intermediate_size: 8, max_position_embeddings: 16 }
const tied = readModelConfig({ ...shape, tie_word_embeddings: true })
const untied = readModelConfig({ ...shape, tie_word_embeddings: false })

describe('the weights of what decodes', () => {
  it('are there twice where they are packed, and a tied embedding three times', () => {
    expect(weightBytes(tied)).toBe(2000)
    expect(builtBytes(tied, Infinity)).toBe(2 * 2000 + 160)
    expect(builtBytes(untied, Infinity)).toBe(2 * 2160)
  })
  it('are packed where that takes two fifths of the memory at most', () => {
    expect(packsWeights(tied, 4160 / 0.4)).toBe(true)
    expect(packsWeights(tied, 4160 / 0.4 - 10)).toBe(false)
    expect(builtBytes(tied, 4160 / 0.4 - 10)).toBe(2000)
  })
  it('lie beside those that were read', () => {
    expect(heldBytes(tied) - heldBytes(tied, 5000)).toBe(4160 - 2000)
    expect(heldBytes(tied, 5000)).toBeGreaterThan(2 * 2000)
  })
})
