// How much memory decoding needs, before anything is allocated.
import { parameterCount, type ModelConfig } from './transformer/config.ts'

const float = 4

/** Memory of decoding `batch` rows of up to `capacity` positions, bytes: weights, cache, logits, and what one layer holds. */
export function estimateDecoding(config: ModelConfig, options: { batch: number; capacity: number; dtype: 'float32' | 'float16' }): number {
  const { batch, capacity, dtype } = options
  const weights = parameterCount(config) * (dtype === 'float16' ? 2 : 4)
  const cache = 2 * config.layers * batch * capacity * config.kvHeads * config.headDim * float
  const logits = 3 * batch * config.vocabSize * float
  const layer = batch * (config.heads * capacity + 4 * config.intermediateSize) * float
  // A run reads one copy of the cache while the next is written.
  return weights + 2 * cache + logits + layer
}
