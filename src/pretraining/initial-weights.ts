// Weights of a model before it has learnt anything.
import type { Random } from '../core/random.ts'
import { parameterShapes, type ModelConfig } from '../nn/transformer/config.ts'

/** A standard normal draw (Box and Muller). */
export function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
}

/**
 * Normal weights: 0.02 for embeddings, 1/√(3·in) for projections, those that write to the residual stream smaller by
 * √(2·layers) (as in GPT-2), norms 1. By Hugging Face name.
 */
export function initialWeights(config: ModelConfig, random: Random): Map<string, Float32Array> {
  const weights = new Map<string, Float32Array>()
  for (const [name, shape] of parameterShapes(config)) {
    const size = shape.reduce((product, dim) => product * dim, 1)
    const inputs = shape[1] ?? 1
    const writes = name.includes('o_proj') || name.includes('down_proj')
    const deviation = /embed_tokens|lm_head/.test(name) ? 0.02 : 1 / Math.sqrt(3 * inputs * (writes ? 2 * config.layers : 1))
    const draw = random.fork(name)
    weights.set(name, Float32Array.from({ length: size }, () => (name.includes('norm') ? 1 : name.endsWith('bias') ? 0 : deviation * gaussian(draw))))
  }
  return weights
}
