import { describe, expect, it } from 'vitest'
import { Graph } from './graph.ts'
import { estimateDecoding, fedBytes, loadedBytes } from './memory-estimate.ts'
import { add } from './ops/elementwise.ts'
import { toProgram } from './program.ts'
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

describe('fedBytes', () => {
  it('adds up by hand', () => {
    expect(fedBytes(config, 0)).toBe(2000)
    // The head 40, two layers of (500 − 40)/3 each and their part of the last norm: the embedding's rows are read in place
    expect(fedBytes(config, 1)).toBeCloseTo(4 * (40 + (2 * 460) / 3), 6)
    expect(fedBytes({ ...config, tiedEmbeddings: false }, 2)).toBeCloseTo(4 * (40 + 460 / 3), 6)
  })
})

describe('loadedBytes', () => {
  it('counts constants once', () => {
    const graph = new Graph('tiny')
    graph.output('y', add(graph.input('x', 'float32', [1000]), graph.constant('c', 'float32', [1000], new Float32Array(1000))))
    const program = toProgram(graph, '')
    expect(program.constantBytes).toBe(4000)
    expect(loadedBytes(program)).toBe(4000 + 30 * (program.model.length - 4000))
  })
})

describe('estimateDecoding', () => {
  it('adds up by hand', () => {
    // weights 4·500, the cache twice: 2·(2·3·3·7·2)·4, logits 3·3·10·4, a layer 3·(2·7 + 4·8)·4
    expect(estimateDecoding(config, { batch: 3, capacity: 7, dtype: 'float32' })).toBe(2000 + 2016 + 360 + 552)
    expect(estimateDecoding(config, { batch: 3, capacity: 7, dtype: 'float16' })).toBe(1000 + 2016 + 360 + 552)
  })
})
