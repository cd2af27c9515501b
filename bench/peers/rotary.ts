// cos and sin of position · theta^(−2i/hd), [N, hd/2], as the peers' transformers take them.
import type { ModelConfig } from '../../src/nn/transformer/config.ts'

export function rotary({ headDim, ropeTheta }: ModelConfig, length: number): { cos: Float32Array<ArrayBuffer>; sin: Float32Array<ArrayBuffer> } {
  const half = headDim / 2
  const angles = Array.from({ length: length * half }, (_, i) => Math.floor(i / half) * ropeTheta ** ((-2 * (i % half)) / headDim))
  return { cos: Float32Array.from(angles, Math.cos), sin: Float32Array.from(angles, Math.sin) }
}
