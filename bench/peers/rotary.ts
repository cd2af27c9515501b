// cos and sin of position · frequency, [N, hd/2], as the peers' transformers take them.
import { rotaryFrequencies, type RotaryShape } from '../../src/nn/transformer/rotary.ts'

export function rotary(config: RotaryShape, length: number): { cos: Float32Array<ArrayBuffer>; sin: Float32Array<ArrayBuffer> } {
  const frequencies = rotaryFrequencies(config)
  const angles = Array.from({ length }, (_, position) => frequencies.map((frequency) => position * frequency)).flat()
  return { cos: Float32Array.from(angles, Math.cos), sin: Float32Array.from(angles, Math.sin) }
}
