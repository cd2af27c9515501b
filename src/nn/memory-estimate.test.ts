import { describe, expect, it } from 'vitest'
import { estimateDecoding } from './memory-estimate.ts'
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

describe('estimateDecoding', () => {
  it('adds up by hand', () => {
    // weights 4·500, the cache twice: 2·(2·3·3·7·2)·4, logits 3·3·10·4, a layer 3·(2·7 + 4·8)·4
    expect(estimateDecoding(config, { batch: 3, capacity: 7, dtype: 'float32' })).toBe(2000 + 2016 + 360 + 552)
    expect(estimateDecoding(config, { batch: 3, capacity: 7, dtype: 'float16' })).toBe(1000 + 2016 + 360 + 552)
  })
})
