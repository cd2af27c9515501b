// How much memory a model itself takes, before anything of it is read; needs.ts says what the process around it does.
import { estimateDecoding } from '../nn/memory-estimate.ts'
import { parameterCount, type ModelConfig } from '../nn/transformer/config.ts'

/** Positions that memory is planned for when a model could take more. */
const plannedWindow = 4096

/** Tokens that a model takes at once here. */
export const windowOf = ({ maxPositions }: ModelConfig): number => Math.min(maxPositions, plannedWindow)

/** Bytes of weights and programs once a model is loaded and decodes, with the cache of a conversation as it is kept and fed. */
export function heldBytes(config: ModelConfig): number {
  const capacity = windowOf(config)
  // Weights are kept beside the programs that have them built in.
  return estimateDecoding(config, { batch: 1, capacity, dtype: 'float32' }) + 4 * parameterCount(config)
}
