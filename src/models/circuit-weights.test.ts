import { describe, expect, it } from 'vitest'
import { createRandom } from '../core/random.ts'
import { parameterShapes, readModelConfig } from '../nn/transformer/config.ts'
import { createNodeRuntime } from '../runtime/node.ts'
import { circuitWeights } from './circuit-weights.ts'
import { inductionBatch } from './induction.ts'
import { initialWeights } from './initial-weights.ts'
import { Trainer } from './trainer.ts'

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
      recompute: false,
      adamW: { betas: [0.9, 0.95], epsilon: 1e-8, weightDecay: 0 },
      batching: { tokens: 512, lengths: [128] },
      keptShapes: 1,
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
    const [made, again] = [circuitWeights(config, createRandom(1)), circuitWeights(config, createRandom(1))]
    expect(made).toEqual(again)
    for (const [name, shape] of parameterShapes(config)) {
      const values = made.get(name)
      expect(values?.length).toBe(shape.reduce((product, dim) => product * dim, 1))
      expect(values?.every(Number.isFinite)).toBe(true)
    }
  })
  it('refuses a model without room for it', () => {
    expect(() => circuitWeights({ ...config, layers: 1 }, createRandom(1))).toThrow('2 layers')
  })
})
