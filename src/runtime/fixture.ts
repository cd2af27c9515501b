// For tests: seeded chance without the rest of the project, and models with random weights.
import { parameterShapes, readModelConfig, type ModelConfig } from '../nn/transformer/config.ts'
import type { HostTensor, Values } from './runtime.ts'

/** Mulberry32. */
export function chance(seed: number) {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const int = (from: number, to: number) => from + Math.floor(next() * (to - from + 1))
  return {
    int,
    /** Uniform in [−1, 1]. */
    signed: () => 2 * next() - 1,
    sizes: (rank: number) => Array.from({ length: rank }, () => int(1, 4)),
    /** A shape that broadcasts to this one: some axes of size 1, perhaps without the first ones. */
    narrowed: (shape: readonly number[]) => shape.slice(int(0, shape.length)).map((dim) => (next() < 0.4 ? 1 : dim)),
  }
}
export type Chance = ReturnType<typeof chance>

export const sizeOfShape = (shape: readonly number[]) => shape.reduce((n, dim) => n * dim, 1)

export const floats = (shape: readonly number[], data: Float32Array): HostTensor => ({ dtype: 'float32', shape, data })
export const ints = (shape: readonly number[], data: readonly number[]): HostTensor => ({ dtype: 'int32', shape, data: Int32Array.from(data) })

export function randomTensor(random: Chance, shape: readonly number[], scale: number, around = 0): HostTensor & { data: Float32Array } {
  return { dtype: 'float32', shape, data: Float32Array.from({ length: sizeOfShape(shape) }, () => around + scale * random.signed()) }
}

/** A small model: 2 layers, 3 query heads to one key head, heads wider than hidden / heads. */
export function smallConfig(family: ModelConfig['family'], changes: Record<string, unknown> = {}): ModelConfig {
  return readModelConfig({
    model_type: family,
    vocab_size: 17,
    hidden_size: 12,
    num_hidden_layers: 2,
    num_attention_heads: 3,
    num_key_value_heads: 1,
    head_dim: 6,
    intermediate_size: 10,
    rms_norm_eps: 1e-6,
    tie_word_embeddings: true,
    ...changes,
  })
}

/** Weights by Hugging Face name; norms around 1. */
export function smallWeights(config: ModelConfig, random: Chance): Record<string, HostTensor & { data: Float32Array }> {
  return Object.fromEntries([...parameterShapes(config)].map(([name, shape]) => [name, name.includes('norm') ? randomTensor(random, shape, 0.3, 1) : randomTensor(random, shape, 0.5)]))
}

/** Two sequences of 7 tokens, of which 5 and 3 carry loss with unlike weights. */
export function smallBatch(random: Chance, vocabulary: number): { shape: { batch: number; length: number; positions: number }; feeds: Values } {
  const at = [1, 2, 3, 4, 5, 9, 10, 12]
  return {
    shape: { batch: 2, length: 7, positions: at.length },
    feeds: {
      ids: ints([2, 7], Array.from({ length: 14 }, () => random.int(0, vocabulary - 1))),
      at: ints([at.length], at),
      labels: ints([at.length], at.map(() => random.int(0, vocabulary - 1))),
      weights: floats([at.length], Float32Array.from(at, (_, i) => (i % 3 === 0 ? 0.25 : 0.125))),
    },
  }
}
