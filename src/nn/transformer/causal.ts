// Attention masks as additive numbers: 0 where a key may be seen, a large negative number where not.
import type { Tensor } from '../graph.ts'
import { where } from '../ops/elementwise.ts'

/** Large enough that exp() gives 0 in float32, small enough that sums of it stay finite. */
const hidden = -1e9

/** 0 where visible, the hiding number elsewhere. */
export function maskFrom(visible: Tensor): Tensor {
  const { graph } = visible
  return where(visible, graph.scalar(0), graph.scalar(hidden))
}
