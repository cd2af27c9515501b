import { describe, expect, it } from 'vitest'
import { createRandom } from '../core/random.ts'
import { readModelConfig } from '../nn/transformer/config.ts'
import { createNodeRuntime } from '../runtime/node.ts'
import { circuitWeights } from './circuit-weights.ts'
import { inductionBatch } from './induction.fixture.ts'
import { initialWeights } from './initial-weights.ts'
import { Trainer } from '../models/training/trainer.ts'

const config = readModelConfig({
  model_type: 'llama',
  hidden_size: 192,
  num_hidden_layers: 2,
  num_attention_heads: 3,
  num_key_value_heads: 3,
  intermediate_size: 256,
  vocab_size: 1000,
  tie_word_embeddings: true,
  rms_norm_eps: 1e-5,
  rope_theta: 1_000_000,
  max_position_embeddings: 1024,
})

/** Mean −log p of a random string's second copy, nats. */
async function lossOf(weights: Map<string, Float32Array>): Promise<number> {
  const runtime = createNodeRuntime()
  const trainer = await Trainer.create(
    runtime,
    config,
    {
      loss: { kind: 'cross-entropy' },
      trainable: 'all',
      lora: null,
      weights: { layout: 'huggingface', dtype: 'float32' },
      recompute: 0,
      adamW: { betas: [0.9, 0.95], epsilon: 1e-8, weightDecay: 0 },
      batching: { tokens: 512, lengths: [128] },
      
    },
    {},
    weights,
  )
  try {
    const scores = (await trainer.score(inductionBatch(createRandom(5), { vocabulary: 1000, length: 40 }, 4))).flatMap((row) => [...row.slice(3)])
    return -scores.reduce((sum, logp) => sum + logp, 0) / scores.length
  } finally {
    await trainer.dispose()
    await runtime.dispose()
  }
}

describe('circuitWeights', () => {
  it('repeats a string that it has never seen, before anything was learnt', async () => {
    const chance = Math.log(1000)
    expect(await lossOf(initialWeights(config, createRandom('w')))).toBeGreaterThan(0.95 * chance)
    expect(await lossOf(circuitWeights(config, createRandom('w')))).toBeLessThan(0.4 * chance)
  })
  it('has every weight of the model in its size, finite, the same for the same seed', () => {
    const made = circuitWeights(config, createRandom(1))
    // By hand: V·d, and of each layer four matrices of d·d, three of d·256, two norms of d.
    const layer = { 'input_layernorm': 192, 'post_attention_layernorm': 192, 'self_attn.q_proj': 36_864, 'self_attn.k_proj': 36_864, 'self_attn.v_proj': 36_864, 'self_attn.o_proj': 36_864, 'mlp.gate_proj': 49_152, 'mlp.up_proj': 49_152, 'mlp.down_proj': 49_152 }
    const layers = [0, 1].flatMap((i) => Object.entries(layer).map(([name, size]): [string, number] => [`model.layers.${i}.${name}.weight`, size]))
    const sizes = new Map([...made].map(([name, values]) => [name, values.length]))
    expect(sizes).toEqual(new Map([['model.embed_tokens.weight', 192_000], ...layers, ['model.norm.weight', 192]]))
    expect([...made].filter(([, values]) => !values.every(Number.isFinite))).toEqual([])
    expect(circuitWeights(config, createRandom(1))).toEqual(made)
    const other = circuitWeights(config, createRandom(2))
    for (const name of ['model.embed_tokens.weight', 'model.layers.0.self_attn.v_proj.weight', 'model.layers.1.self_attn.q_proj.weight', 'model.layers.1.mlp.up_proj.weight']) {
      expect(made.get(name)?.some((x) => x !== 0), name).toBe(true)
      expect(other.get(name), name).not.toEqual(made.get(name))
    }
  })
  it('refuses a model without room for it', () => {
    expect(() => circuitWeights({ ...config, layers: 1 }, createRandom(1))).toThrow('2 layers')
  })
})
