// Grouped-query attention over one or two stretches of keys: a cached past and the new tokens, or the new ones alone.
import { add } from '../ops/elementwise.ts'
import { matmul } from '../ops/linear.ts'
import { softmax } from '../ops/reduce.ts'
import { concat, reshape, split, transpose, transposeLast } from '../ops/shape.ts'
import type { Tensor } from '../graph.ts'
import { dimAt, type Dim } from '../shape.ts'
import type { ModelConfig } from './config.ts'

/** Keys and values [B, KV, S, hd] with what may be seen of them: an additive mask that broadcasts to [B, H, N, S]. */
export interface Stretch {
  /** Or in blocks, [B, KV, S / block, hd, block], when they are `blocked`: what a step of decoding reads through without a copy, and each product from near by. */
  keys: Tensor
  blocked?: boolean
  values: Tensor
  mask: Tensor
}

/**
 * How the rows of x[B·N, …] are the tokens [B, N]. Where sizes have names they are read of the ids when the program runs, once
 * for all layers.
 */
export class TokenGrid {
  readonly batch: Dim
  readonly length: Dim
  /** B·N. */
  readonly rows: Dim
  readonly #ids: Tensor
  readonly #lists = new Map<string, Tensor>()

  /** @param ids [B, N] */
  constructor(ids: Tensor) {
    this.batch = dimAt(ids.shape, 0)
    this.length = dimAt(ids.shape, 1)
    this.rows = typeof this.batch === 'number' && typeof this.length === 'number' ? this.batch * this.length : 'rows'
    this.#ids = ids
  }

  /** A list of sizes that are known only when the program runs. */
  #list(key: string, make: () => Tensor): Tensor {
    const known = this.#lists.get(key) ?? make()
    this.#lists.set(key, known)
    return known
  }

  /** x[B·N, heads·hd] → [B, heads, N, hd]. */
  heads(x: Tensor, heads: number, headDim: number): Tensor {
    const shape = [this.batch, this.length, heads, headDim]
    const { graph } = x
    if (shape.every((dim) => typeof dim === 'number')) return transpose(reshape(x, shape), [0, 2, 1, 3])
    const sizes = this.#list(`${heads} heads`, () => {
      const lead = graph.apply('Shape', [this.#ids], { dtype: 'int64', shape: [2] })
      return graph.apply('Concat', [lead, graph.ints([heads, headDim])], { dtype: 'int64', shape: [4] }, { axis: 0 })
    })
    return transpose(graph.apply('Reshape', [x, sizes], { dtype: x.dtype, shape }), [0, 2, 1, 3])
  }

  /** x[B, H, N, hd] → [B·N, H·hd]. */
  joined(x: Tensor, { heads, headDim }: ModelConfig): Tensor {
    return reshape(transpose(x, [0, 2, 1, 3]), [this.rows, heads * headDim])
  }

  /** x[…, S1 + S2] of two stretches, cut where the first one's keys end. */
  cut(x: Tensor, first: Tensor, second: Tensor): Tensor[] {
    const [a, b] = [dimAt(first.shape, 2), dimAt(second.shape, 2)]
    if (typeof a === 'number' && typeof b === 'number') return split(x, -1, [a, b])
    const { graph } = x
    const size = (of: Tensor) => graph.apply('Shape', [of], { dtype: 'int64', shape: [1] }, { start: 2, end: 3 })
    const sizes = this.#list(`${a}, ${b}`, () => graph.apply('Concat', [size(first), size(second)], { dtype: 'int64', shape: [2] }, { axis: 0 }))
    const lead = x.shape.slice(0, -1)
    return graph.node('Split', [x, sizes], [a, b].map((dim) => ({ dtype: x.dtype, shape: [...lead, dim] })), { axis: x.shape.length - 1 })
  }
}

/** queries[B, KV, M, hd] · keys[B, KV, S / block, hd, block] → [B, KV, M, S]. */
function byBlocks(queries: Tensor, keys: Tensor, span: Dim): Tensor {
  const [batch, kvHeads, rows, headDim] = [0, 1, 2, 3].map((axis) => dimAt(queries.shape, axis))
  if (batch === undefined || kvHeads === undefined || rows === undefined || headDim === undefined) throw new Error('byBlocks: the queries have no heads.')
  const products = matmul(reshape(queries, [batch, kvHeads, 1, rows, headDim]), keys)
  return reshape(transpose(products, [0, 1, 3, 2, 4]), [batch, kvHeads, rows, span])
}

/**
 * Attention of queries[B, H, N, hd], which are scaled by 1/√hd, over the stretches together: softmax of scores times values,
 * [B, H, N, hd]. The queries of the heads that share a key head are laid one below the other, so that no key is repeated.
 */
export function attend(queries: Tensor, stretches: readonly Stretch[], grid: TokenGrid, { heads, kvHeads, headDim }: ModelConfig): Tensor {
  const { batch, length } = grid
  const shared = heads / kvHeads
  const rows: Dim = shared === 1 ? length : typeof length === 'number' ? shared * length : 'grouped'
  const grouped = reshape(queries, [batch, kvHeads, rows, headDim])
  const scores = stretches.map(({ keys, values, mask, blocked = false }) => {
    const span = dimAt(values.shape, 2)
    const products = blocked ? byBlocks(grouped, keys, span) : matmul(grouped, transposeLast(keys))
    return add(reshape(products, [batch, heads, length, span]), mask)
  })
  const [first, second] = stretches
  const [own] = scores
  if (!first || !own) throw new Error('attend needs at least one stretch.')
  const weights = second ? grid.cut(softmax(concat(scores, -1)), first.values, second.values) : [softmax(own)]
  const mixed = stretches.map(({ values }, i) => {
    const weight = weights[i]
    if (!weight) throw new Error('attend: a stretch has no weights.')
    return matmul(reshape(weight, [batch, kvHeads, rows, dimAt(values.shape, 2)]), values)
  })
  const sum = mixed.reduce((total, part) => add(total, part))
  return reshape(sum, [batch, heads, length, headDim])
}
