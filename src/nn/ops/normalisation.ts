// RMSNorm and rotary positions: one ONNX Runtime operator each.
import type { Tensor } from '../graph.ts'

/** x · r · w with r = 1/√(mean(x²) + ε) over the last axis; w has its size. */
export function rmsNorm(x: Tensor, weight: Tensor, epsilon: number): Tensor {
  return x.graph.apply(
    'SimplifiedLayerNormalization',
    [x, weight],
    { dtype: x.dtype, shape: x.shape },
    { axis: -1, epsilon: { float: epsilon }, stash_type: 1 },
  )
}

/**
 * Rotates x[B, H, N, hd] by position, half-split: (x1, x2) → (x1 cos − x2 sin, x2 cos + x1 sin).
 * @param positions int64 [B, N], or [1]: the first position of every row
 * @param cos [positions, hd/2]
 * @param sin [positions, hd/2]
 */
export function rotate(x: Tensor, positions: Tensor, cos: Tensor, sin: Tensor): Tensor {
  return x.graph.apply(
    'RotaryEmbedding',
    [x, positions, cos, sin],
    { dtype: x.dtype, shape: x.shape },
    { interleaved: 0 },
    'com.microsoft',
  )
}
