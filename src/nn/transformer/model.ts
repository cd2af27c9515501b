// The transformer of the Llama family as it decodes: embedding, blocks, final norm. Attention's keys and values are the
// caller's choice, so that prefill and decoding are the same code. Training has a trunk of its own (training/trunk.ts).
import type { Graph, Tensor } from '../graph.ts'
import { add, mul, silu } from '../ops/elementwise.ts'
import { gatherRows } from '../ops/indexing.ts'
import { rmsNorm, rotate } from '../ops/normalisation.ts'
import { attend, splitHeads, type Stretch } from './attention.ts'
import type { ModelConfig } from './config.ts'
import { rotaryFrequencies } from './rotary.ts'
import type { Weights } from './weights.ts'

export interface Positions {
  /** int64 [B, N], or [1]: the position of every row's first token. */
  ids: Tensor
  /** [capacity, hd/2] */
  cos: Tensor
  sin: Tensor
}

/** cos and sin of position · frequency, for positions 0 … capacity−1; times a scale, which what is turned is scaled by. */
export function rotaryTables(graph: Graph, config: ModelConfig, capacity: number, scale = 1): Pick<Positions, 'cos' | 'sin'> {
  const frequencies = rotaryFrequencies(config)
  const half = frequencies.length
  const cos = new Float32Array(capacity * half)
  const sin = new Float32Array(capacity * half)
  for (let position = 0; position < capacity; position++) {
    for (const [i, frequency] of frequencies.entries()) {
      const angle = position * frequency
      cos[position * half + i] = scale * Math.cos(angle)
      sin[position * half + i] = scale * Math.sin(angle)
    }
  }
  return {
    cos: graph.constant('rope/cos', 'float32', [capacity, half], cos),
    sin: graph.constant('rope/sin', 'float32', [capacity, half], sin),
  }
}

/** What a layer attends over, given its new keys and values [B, KV, N, hd]. */
export type Keep = (layer: number, keys: Tensor, values: Tensor) => Stretch[]

function selfAttention(x: Tensor, layer: number, config: ModelConfig, weights: Weights, positions: Positions, keep: Keep): Tensor {
  const [q, k, v] = weights.project(x, layer, 'attention')
  if (!q || !k || !v) throw new Error('The attention has no projections.')
  const norm = (heads: Tensor, name: string) =>
    config.queryKeyNorm ? rmsNorm(heads, weights.parameter(`model.layers.${layer}.self_attn.${name}.weight`), config.rmsNormEps) : heads
  const turn = (heads: Tensor) => rotate(heads, positions.ids, positions.cos, positions.sin)
  const queries = turn(norm(splitHeads(q, config.heads, config.headDim), 'q_norm'))
  const keys = turn(norm(splitHeads(k, config.kvHeads, config.headDim), 'k_norm'))
  const values = splitHeads(v, config.kvHeads, config.headDim)
  const [out] = weights.project(attend(queries, keep(layer, keys, values), config), layer, 'output')
  if (!out) throw new Error('The attention has no output.')
  return out
}

/** SwiGLU: down(silu(gate(x)) · up(x)). */
export function feedForward(x: Tensor, layer: number, weights: Weights): Tensor {
  const [gate, up] = weights.project(x, layer, 'gate')
  if (!gate || !up) throw new Error('The feed-forward network has no projections.')
  const [down] = weights.project(mul(silu(gate), up), layer, 'down')
  if (!down) throw new Error('The feed-forward network has no output.')
  return down
}

/** One layer on the residual stream x[B, N, D]. */
function block(x: Tensor, layer: number, config: ModelConfig, weights: Weights, positions: Positions, keep: Keep): Tensor {
  return x.graph.scoped(`layers.${layer}`, () => {
    const path = `model.layers.${layer}`
    const attended = rmsNorm(x, weights.parameter(`${path}.input_layernorm.weight`), config.rmsNormEps)
    const middle = add(x, selfAttention(attended, layer, config, weights, positions, keep))
    const fed = rmsNorm(middle, weights.parameter(`${path}.post_attention_layernorm.weight`), config.rmsNormEps)
    return add(middle, feedForward(fed, layer, weights))
  })
}

/** The final hidden states [B, N, D] of token ids [B, N] (int32), after the last norm. */
export function hiddenStates(ids: Tensor, config: ModelConfig, weights: Weights, positions: Positions, keep: Keep): Tensor {
  let x = gatherRows(weights.parameter('model.embed_tokens.weight'), ids)
  for (let layer = 0; layer < config.layers; layer++) x = block(x, layer, config, weights, positions, keep)
  return rmsNorm(x, weights.parameter('model.norm.weight'), config.rmsNormEps)
}
