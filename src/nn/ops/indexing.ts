// Rows and elements picked by index; sums into places by index.
import type { Tensor } from '../graph.ts'
import { dimAt, type Shape } from '../shape.ts'
import { expand, reshape } from './shape.ts'

/** Rows of a matrix: table[V, D], indices[…] → […, D]. Indices are int32, within 0 … V−1. */
export function gatherRows(table: Tensor, indices: Tensor): Tensor {
  const shape = [...indices.shape, ...table.shape.slice(1)]
  return indices.graph.apply('Gather', [table, indices], { dtype: table.dtype, shape }, { axis: 0 })
}

/** One element of each row: x[M, V], indices[M] → [M]. */
export function pick(x: Tensor, indices: Tensor): Tensor {
  const rows = dimAt(x.shape, 0)
  const column = reshape(indices, [rows, 1])
  return reshape(x.graph.apply('GatherElements', [x, column], { dtype: x.dtype, shape: [rows, 1] }, { axis: 1 }), [rows])
}

export function zeros(like: Tensor, shape: Shape): Tensor {
  return expand(like.graph.scalar(0), shape)
}

/** target + updates at target[indices[i, j], j] (axis 0) or target[i, indices[i, j]] (axis 1); repeated places add up. */
export function scatterAdd(target: Tensor, indices: Tensor, updates: Tensor, axis: number): Tensor {
  return target.graph.apply('ScatterElements', [target, indices, updates], { dtype: target.dtype, shape: target.shape }, { axis, reduction: 'add' })
}
