// Attention masks as additive numbers: 0 where a key may be seen, a large negative number where not.
import type { Graph, Tensor } from '../graph.ts'
import { where } from '../ops/elementwise.ts'

/** Large enough that exp() gives 0 in float32, small enough that sums of it stay finite. */
const hidden = -1e9

/** [N, N] constant: token i sees tokens 0 … i. Right padding needs no more, since nothing looks ahead. */
export function causalMask(graph: Graph, length: number): Tensor {
  const mask = new Float32Array(length * length)
  for (let i = 0; i < length; i++) mask.fill(hidden, i * length + i + 1, (i + 1) * length)
  return graph.constant('causal', 'float32', [length, length], mask)
}

/** 0 where visible, the hiding number elsewhere. */
export function maskFrom(visible: Tensor): Tensor {
  const { graph } = visible
  return where(visible, graph.scalar(0), graph.scalar(hidden))
}
