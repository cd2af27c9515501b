import { describe, expect, it } from 'vitest'
import { createRandom } from '../core/random.ts'
import { parameterShapes } from '../nn/transformer/config.ts'
import { tinyConfig } from '../models/fixtures/tiny-model.ts'
import { initialWeights } from './initial-weights.ts'

const config = tinyConfig({ vocab_size: 500, hidden_size: 64, intermediate_size: 192, num_hidden_layers: 3, model_type: 'qwen2' })
const weights = initialWeights(config, createRandom('start'))

const deviation = (name: string) => {
  const values = weights.get(name) ?? new Float32Array(0)
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length)
}

describe('initialWeights', () => {
  it('has every parameter', () => {
    expect([...weights].map(([name, { length }]) => [name, length])).toEqual([...parameterShapes(config)].map(([name, shape]) => [name, shape.reduce((n, dim) => n * dim, 1)]))
  })
  it('has the spread that each kind needs', () => {
    expect(deviation('model.embed_tokens.weight')).toBeCloseTo(0.02, 3)
    // 1/√(3·64), and smaller by √6 where it writes to the residual stream of three layers; 1/√(3·192) for down_proj.
    expect(deviation('model.layers.0.mlp.up_proj.weight')).toBeCloseTo(0.0722, 2)
    expect(deviation('model.layers.1.self_attn.o_proj.weight')).toBeCloseTo(0.0295, 2)
    expect(deviation('model.layers.2.mlp.down_proj.weight')).toBeCloseTo(0.017, 2)
    expect(new Set(weights.get('model.norm.weight'))).toEqual(new Set([1]))
    expect(new Set(weights.get('model.layers.0.self_attn.q_proj.bias'))).toEqual(new Set([0]))
  })
  it('is the same for the same seed', () => {
    expect(initialWeights(config, createRandom('start'))).toEqual(weights)
  })
})
