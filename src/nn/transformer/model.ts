// The transformer of the Llama family as it decodes: embedding, blocks, final norm. Attention's keys and values are the
// caller's choice, so that prefill and decoding are the same code. Training has a trunk of its own (training/trunk.ts).
import type { Graph, Tensor } from '../graph.ts'
import { add, mul, silu } from '../ops/elementwise.ts'
import { gatherRows } from '../ops/indexing.ts'
import { rmsNorm, rotate } from '../ops/normalisation.ts'
import { reshape } from '../ops/shape.ts'
import { attend, TokenGrid, type Stretch } from './attention.ts'
import type { ModelConfig } from './config.ts'
import { rotaryFrequencies } from './rotary.ts'
import type { Weights } from './weights.ts'

export interface Positions {
  /** int64 [B, N], or [1]: the position of every row's first token. */
  ids: Tensor
  turning: Rotary
  /** The same, scaled by 1/√hd: for queries, since a rotation is linear. */
  scaled: Rotary
}

/** cos and sin of position · frequency, [capacity, hd/2]. */
interface Rotary {
  cos: Tensor
  sin: Tensor
}

/** cos and sin of position · frequency, for positions 0 … capacity−1; times a scale, which what is turned is scaled by. */
export function rotaryTables(graph: Graph, config: ModelConfig, capacity: number, scale = 1): Rotary {
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

/** What turns queries and keys: the tables for positions 0 … capacity−1. */
export function rotaryPositions(graph: Graph, config: ModelConfig, capacity: number, ids: Tensor): Positions {
  return { ids, turning: rotaryTables(graph, config, capacity), scaled: rotaryTables(graph, config, capacity, 1 / Math.sqrt(config.headDim)) }
}

/** Queries, keys and values of a layer, [B, heads, N, hd] each. */
function readHeads(x: Tensor, layer: number, config: ModelConfig, weights: Weights, grid: TokenGrid): [Tensor, Tensor, Tensor] {
  const { heads, kvHeads, headDim } = config
  const counts = [heads, kvHeads, kvHeads]
  const [q, k, v] = weights.project(x, layer, 'attention').map((part, i) => grid.heads(part, counts[i] ?? 0, headDim))
  if (!q || !k || !v) throw new Error('The attention has no projections.')
  return [q, k, v]
}

function selfAttention(x: Tensor, layer: number, config: ModelConfig, weights: Weights, positions: Positions, grid: TokenGrid, keep: Keep): Tensor {
  const [q, k, v] = readHeads(x, layer, config, weights, grid)
  const norm = (heads: Tensor, name: string) =>
    config.queryKeyNorm ? rmsNorm(heads, weights.parameter(`model.layers.${layer}.self_attn.${name}.weight`), config.rmsNormEps) : heads
  const turn = (heads: Tensor, { cos, sin }: Rotary) => rotate(heads, positions.ids, cos, sin)
  const queries = turn(norm(q, 'q_norm'), positions.scaled)
  const keys = turn(norm(k, 'k_norm'), positions.turning)
  return projected(grid.joined(attend(queries, keep(layer, keys, v), grid, config), config), layer, 'output', weights)
}

/** The one projection of a group. */
function projected(x: Tensor, layer: number, group: 'output' | 'down', weights: Weights): Tensor {
  const [y] = weights.project(x, layer, group)
  if (!y) throw new Error(`Layer ${layer} has no ${group}.`)
  return y
}

/** SwiGLU: down(silu(gate(x)) · up(x)). */
export function feedForward(x: Tensor, layer: number, weights: Weights): Tensor {
  const [gate, up] = weights.project(x, layer, 'gate')
  if (!gate || !up) throw new Error('The feed-forward network has no projections.')
  return projected(mul(silu(gate), up), layer, 'down', weights)
}

/** One layer on the residual stream x[B·N, D]. */
function block(x: Tensor, layer: number, config: ModelConfig, weights: Weights, positions: Positions, grid: TokenGrid, keep: Keep): Tensor {
  return x.graph.scoped(`layers.${layer}`, () => {
    const path = `model.layers.${layer}`
    const attended = rmsNorm(x, weights.parameter(`${path}.input_layernorm.weight`), config.rmsNormEps)
    const middle = add(x, selfAttention(attended, layer, config, weights, positions, grid, keep))
    const fed = rmsNorm(middle, weights.parameter(`${path}.post_attention_layernorm.weight`), config.rmsNormEps)
    return add(middle, feedForward(fed, layer, weights))
  })
}

/** The final hidden states [B·N, D] of token ids [B, N] (int32), after the last norm. */
export function hiddenStates(ids: Tensor, config: ModelConfig, weights: Weights, positions: Positions, keep: Keep): Tensor {
  const grid = new TokenGrid(ids)
  let x = gatherRows(weights.parameter('model.embed_tokens.weight'), reshape(ids, [grid.rows]))
  for (let layer = 0; layer < config.layers; layer++) x = block(x, layer, config, weights, positions, grid, keep)
  return rmsNorm(x, weights.parameter('model.norm.weight'), config.rmsNormEps)
}
