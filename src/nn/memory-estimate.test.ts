import { describe, expect, it } from 'vitest'
import { estimateDecoding, estimateTraining } from './memory-estimate.ts'
import { readModelConfig } from './transformer/config.ts'

// D 4, 2 heads of 2, 1 key head, intermediate 8, 3 layers, vocabulary 10, tied: by hand
// parameters = 40 + 3·(4 + 16 + 8 + 8 + 16 + 32 + 32 + 32 + 4) + 4 = 500
const config = readModelConfig({
  model_type: 'llama',
  vocab_size: 10,
  hidden_size: 4,
  num_hidden_layers: 3,
  num_attention_heads: 2,
  num_key_value_heads: 1,
  intermediate_size: 8,
  tie_word_embeddings: true,
})
const shape = { batch: 2, length: 5, positions: 6, lora: { rank: 1, alpha: 1, targets: ['q_proj'] as const }, weights: { layout: 'huggingface', dtype: 'float16' } as const }

describe('estimateTraining', () => {
  it('adds up by hand', () => {
    // kept per token: 4·4 + 2·4 + 2·2 + 5·8 + 2·5 = 78 floats; adapter: 3·(4 + 4) = 24 values
    expect(estimateTraining(config, { ...shape, trainable: 'lora', recompute: false })).toEqual({
      weights: 1000,
      training: 5 * 24 * 4,
      activations: 3 * 10 * 78 * 4,
      logits: 4 * 6 * 10 * 4,
      working: 10 * (30 + 24) * 4,
      total: 1000 + 480 + 9360 + 960 + 2160,
    })
  })

  it('counts the blocks of causal attention', () => {
    // 300 tokens are blocks that end at 128, 256 and 300: (128·128 + 128·256 + 44·300)/300 = 207.84 keys a query, and
    // (128 + 256 + 300)/300 = 2.28 copies of a token's keys and values: 16 + 8 + 4·2.28 + 40 + 2·207.84 = 488.8 floats
    const { activations } = estimateTraining(config, { ...shape, length: 300, trainable: 'lora', recompute: false })
    expect(activations).toBeCloseTo(3 * 600 * 488.8 * 4, 0)
  })

  it('keeps only the input of each layer with recomputation', () => {
    expect(estimateTraining(config, { ...shape, trainable: 'lora', recompute: true })).toMatchObject({ activations: 3 * 10 * 4 * 4, working: 10 * (156 + 54) * 4 })
  })

  it('counts every parameter with gradient and moments in full training', () => {
    expect(estimateTraining(config, { ...shape, trainable: 'all', recompute: false }).training).toBe(5 * 500 * 4)
  })
})

describe('estimateDecoding', () => {
  it('counts the cache twice', () => {
    expect(estimateDecoding(config, { batch: 3, capacity: 7, dtype: 'float32' }).activations).toBe(2 * (2 * 3 * 3 * 7 * 2) * 4)
  })
})
