// Causal attention over the tokens of a micro-batch. Keys and values of what the rows share are computed once and seen by
// all of them; a gradient that reaches them is the sum over the rows.
import type { Graph, Tensor } from '../graph.ts'
import { add } from '../ops/elementwise.ts'
import { matmul } from '../ops/linear.ts'
import { rmsNorm, rotate } from '../ops/normalisation.ts'
import { softmax } from '../ops/reduce.ts'
import { concat, expand, reshape, split, transpose, transposeLast } from '../ops/shape.ts'
import { times, type Dim } from '../shape.ts'
import type { ModelConfig } from '../transformer/config.ts'
import { rotaryTables } from '../transformer/model.ts'
import type { Weights } from '../transformer/weights.ts'
import type { TokenLayout } from './token-layout.ts'

/** Queries [T, H·hd], keys and values [T, KV·hd] of a layer → [T, H·hd]. */
export type Attention = (layer: number, queries: Tensor, keys: Tensor, values: Tensor) => Tensor

/** Heads of one stretch of tokens, [B, heads, N, hd] each. */
interface Heads {
  queries: Tensor
  keys: Tensor
  values: Tensor
}

/** The queries of the heads that share a key head are laid one below the other, so that no key is repeated. */
function mixBlock(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor, rows: Dim, size: Dim, { heads, kvHeads, headDim }: ModelConfig): Tensor {
  const grouped = reshape(queries, [rows, kvHeads, times(heads / kvHeads, size), headDim])
  const weights = softmax(add(matmul(grouped, transposeLast(keys)), mask))
  return reshape(matmul(weights, values), [rows, heads, size, headDim])
}

/**
 * @param capacity positions that a token may stand at
 */
export function tokenAttention(graph: Graph, config: ModelConfig, weights: Weights, layout: TokenLayout, capacity: number): Attention {
  const { heads, kvHeads, headDim } = config
  const first = graph.ints([0])
  const turning = rotaryTables(graph, config, capacity)
  // A rotation is linear: the scale of the scores is in the tables of the queries.
  const scaled = rotaryTables(graph, config, capacity, 1 / Math.sqrt(headDim))

  /** @param x [B·N, heads·hd] */
  const headsOf = (x: Tensor, count: number, rows: Dim, length: Dim) => transpose(reshape(x, [rows, length, count, headDim]), [0, 2, 1, 3])
  const normed = (x: Tensor, layer: number, name: string) =>
    config.queryKeyNorm ? rmsNorm(x, weights.parameter(`model.layers.${layer}.self_attn.${name}.weight`), config.rmsNormEps) : x
  const read = (layer: number, [q, k, v]: readonly [Tensor, Tensor, Tensor], rows: Dim, length: Dim, start: Tensor): Heads => ({
    queries: rotate(normed(headsOf(q, heads, rows, length), layer, 'q_norm'), start, scaled.cos, scaled.sin),
    keys: rotate(normed(headsOf(k, kvHeads, rows, length), layer, 'k_norm'), start, turning.cos, turning.sin),
    values: headsOf(v, kvHeads, rows, length),
  })

  /** [B·N, H·hd] of a stretch, whose tokens see those of `past` and those before them. */
  const mix = ({ queries, keys, values }: Heads, past: { keys: Tensor; values: Tensor } | null, { sizes, masks }: TokenLayout['own'], rows: Dim, length: Dim): Tensor => {
    const parts = (x: Tensor) => (sizes.length === 1 ? [x] : split(x, 2, sizes))
    const [ownKeys, ownValues] = [parts(keys), parts(values)]
    const upTo = (before: Tensor | undefined, own: readonly Tensor[], i: number) => {
      const seen = [...(before ? [before] : []), ...own.slice(0, i + 1)]
      return seen.length === 1 && seen[0] ? seen[0] : concat(seen, 2)
    }
    const mixed = parts(queries).map((block, i) => {
      const [mask, size] = [masks[i], sizes[i]]
      if (!mask || size === undefined) throw new Error('A block of attention has no mask.')
      return mixBlock(block, upTo(past?.keys, ownKeys, i), upTo(past?.values, ownValues, i), mask, rows, size, config)
    })
    const whole = mixed.length === 1 && mixed[0] ? mixed[0] : concat(mixed, 2, length)
    return reshape(transpose(whole, [0, 2, 1, 3]), [times(rows, length), heads * headDim])
  }

  const { batch, length, prefix, own, shared } = layout
  return (layer, queries, keys, values) => {
    if (!shared) return mix(read(layer, [queries, keys, values], batch, length, first), null, own, batch, length)
    const [q, k, v] = [queries, keys, values].map((x) => split(x, 0, [prefix, times(batch, length)]))
    const part = (i: number): [Tensor, Tensor, Tensor] => {
      const [a, b, c] = [q?.[i], k?.[i], v?.[i]]
      if (!a || !b || !c) throw new Error('The shared tokens were lost.')
      return [a, b, c]
    }
    const before = read(layer, part(0), 1, prefix, first)
    const rows = read(layer, part(1), batch, length, graph.sizesOf([prefix]))
    const seenByAll = (x: Tensor) => expand(x, [batch, kvHeads, prefix, headDim])
    const past = { keys: seenByAll(before.keys), values: seenByAll(before.values) }
    return concat([mix(before, null, shared, 1, prefix), mix(rows, past, own, batch, length)], 0)
  }
}
