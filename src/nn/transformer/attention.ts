// Grouped-query attention over one or two stretches of keys: a cached past and the new tokens, or the new ones alone.
import { add, mul } from '../ops/elementwise.ts'
import { matmul } from '../ops/linear.ts'
import { softmax } from '../ops/reduce.ts'
import { concat, reshape, split, transpose, transposeLast } from '../ops/shape.ts'
import type { Tensor } from '../graph.ts'
import { dimAt, type Dim } from '../shape.ts'
import type { ModelConfig } from './config.ts'

/** Keys and values [B, KV, S, hd] with what may be seen of them: an additive mask that broadcasts to [B, H, N, S]. */
export interface Stretch {
  /** Or [B, KV, hd, S], when they are `transposed`: what a step of decoding reads through without a copy. */
  keys: Tensor
  transposed?: boolean
  values: Tensor
  mask: Tensor
}

/** [B, N, heads·hd] → [B, heads, N, hd]. */
export function splitHeads(x: Tensor, heads: number, headDim: number): Tensor {
  const [batch, length] = [dimAt(x.shape, 0), dimAt(x.shape, 1)]
  return transpose(reshape(x, [batch, length, heads, headDim]), [0, 2, 1, 3])
}

/** [B, H, N, hd] → [B, N, H·hd]. */
function joinHeads(x: Tensor, config: ModelConfig): Tensor {
  const [batch, length] = [dimAt(x.shape, 0), dimAt(x.shape, 2)]
  return reshape(transpose(x, [0, 2, 1, 3]), [batch, length, config.heads * config.headDim])
}

/**
 * Attention of queries[B, H, N, hd] over the stretches together; returns [B, N, H·hd]. The queries of the heads that
 * share a key head are laid one below the other, so that no key is repeated.
 */
export function attend(queries: Tensor, stretches: readonly Stretch[], config: ModelConfig): Tensor {
  return joinHeads(mix(queries, stretches, config), config)
}

/** Softmax of scores times values: [B, H, N, hd]. */
function mix(queries: Tensor, stretches: readonly Stretch[], config: ModelConfig): Tensor {
  const { heads, kvHeads, headDim } = config
  const [batch, length] = [dimAt(queries.shape, 0), dimAt(queries.shape, 2)]
  const rows: Dim = typeof length === 'number' ? (heads / kvHeads) * length : 'grouped'
  const grouped = reshape(mul(queries, 1 / Math.sqrt(headDim)), [batch, kvHeads, rows, headDim])
  const scores = stretches.map(({ keys, values, mask, transposed }) => {
    const span = dimAt(values.shape, 2)
    return add(reshape(matmul(grouped, transposed ? keys : transposeLast(keys)), [batch, heads, length, span]), mask)
  })
  const weights = partsOf(softmax(scores.length === 1 && scores[0] ? scores[0] : concat(scores, -1)), stretches)
  const mixed = stretches.map(({ values }, i) => {
    const weight = weights[i]
    if (!weight) throw new Error('attend: a stretch has no weights.')
    return matmul(reshape(weight, [batch, kvHeads, rows, dimAt(values.shape, 2)]), values)
  })
  const sum = mixed.slice(1).reduce<Tensor | undefined>((total, part) => (total ? add(total, part) : part), mixed[0])
  if (!sum) throw new Error('attend needs at least one stretch.')
  return reshape(sum, [batch, heads, length, headDim])
}

/** The weights of each stretch, cut where the first one's keys end. */
function partsOf(weights: Tensor, stretches: readonly Stretch[]): Tensor[] {
  const [first, second] = stretches.map(({ values }) => dimAt(values.shape, 2))
  const past = stretches[0]?.values
  if (first === undefined || second === undefined || !past) return [weights]
  if (typeof first === 'number' && typeof second === 'number') return split(weights, -1, [first, second])
  const { graph } = weights
  const cut = graph.apply('Shape', [past], { dtype: 'int64', shape: [1] }, { start: 2, end: 3 })
  const axis = graph.ints([weights.shape.length - 1])
  const part = (from: Tensor, to: Tensor, dim: Dim) =>
    graph.apply('Slice', [weights, from, to, axis], { dtype: weights.dtype, shape: [...weights.shape.slice(0, -1), dim] })
  return [part(graph.ints([0]), cut, first), part(cut, graph.ints([Number.MAX_SAFE_INTEGER]), second)]
}
