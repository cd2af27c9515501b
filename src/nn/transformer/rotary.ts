// The frequencies of rotary positions: plain, or stretched as Llama 3.1 and 3.2 do. Knows no graph.

/** `rope_type: llama3`: frequencies whose wavelength is long against the first training are slowed down. */
export interface RopeScaling {
  /** What long wavelengths are multiplied with. */
  factor: number
  /** Wavelengths longer than originalPositions / lowFrequencyFactor are stretched whole. */
  lowFrequencyFactor: number
  /** Wavelengths shorter than originalPositions / highFrequencyFactor stay. */
  highFrequencyFactor: number
  /** Positions of the first training, before the window was extended. */
  originalPositions: number
}

interface RotaryShape {
  headDim: number
  ropeTheta: number
  ropeScaling: RopeScaling | null
}

/**
 * Radians a position of each pair of a head's numbers, [hd/2]: f_i = theta^(−2i/hd), and for llama3 f·(1 − s)/factor + f·s
 * with s = (originalPositions·f/2π − low) / (high − low) clamped to [0, 1] (`_compute_llama3_parameters` of transformers).
 */
export function rotaryFrequencies({ headDim, ropeTheta, ropeScaling }: RotaryShape): number[] {
  const plain = Array.from({ length: headDim / 2 }, (_, i) => ropeTheta ** ((-2 * i) / headDim))
  if (!ropeScaling) return plain
  const { factor, lowFrequencyFactor: low, highFrequencyFactor: high, originalPositions } = ropeScaling
  return plain.map((frequency) => {
    const turns = (originalPositions * frequency) / (2 * Math.PI)
    const kept = Math.min(1, Math.max(0, (turns - low) / (high - low)))
    return frequency * ((1 - kept) / factor + kept)
  })
}
