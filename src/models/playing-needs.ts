// How much memory a model itself takes, before anything of it is read; needs.ts says what the process around it does.
import { estimateDecoding } from '../nn/memory-estimate.ts'
import { parameterCount, type ModelConfig } from '../nn/transformer/config.ts'

/** Positions that memory is planned for when a model could take more. */
const plannedWindow = 4096
/** Of a device's memory, what the weights of the program that decodes may take there, packed for its products beside them. */
const packedShare = 0.4

/** Tokens that a model takes at once here. */
export const windowOf = ({ maxPositions }: ModelConfig): number => Math.min(maxPositions, plannedWindow)

/** Bytes of the weights as they are read. */
export const weightBytes = (config: ModelConfig): number => 4 * parameterCount(config)

/**
 * Whether the weights can be read again, so that whoever has no use for them lets go of them: on a CPU what decodes and what learns
 * have the memory one after the other.
 */
export const takesTurns = (config: ModelConfig): boolean => parameterCount(config) >= 20e6

const withPacked = (config: ModelConfig): number => 2 * weightBytes(config) + (config.tiedEmbeddings ? 4 * config.vocabSize * config.hiddenSize : 0)

/**
 * Whether what decodes has its weights packed for its products: a third quicker (measured on wasm, 8 rows), and a second copy,
 * since onnxruntime 1.30 keeps what it packed for a loop, and of tied embeddings a third.
 * @param memory bytes that the device has
 */
export const packsWeights = (config: ModelConfig, memory: number): boolean => withPacked(config) <= packedShare * memory

/** Bytes of the weights in what decodes on a CPU. @param memory bytes that the device has */
export const builtBytes = (config: ModelConfig, memory: number): number => (packsWeights(config, memory) ? withPacked(config) : weightBytes(config))

/**
 * Bytes of weights and programs once a model is loaded and decodes, with the cache of a conversation as it is kept and fed.
 * @param memory bytes that the device has; as much as it likes when left out
 */
export function heldBytes(config: ModelConfig, memory = Infinity): number {
  // One copy of the weights is in this estimate, and stands for those that were read.
  return estimateDecoding(config, { batch: 1, capacity: windowOf(config), dtype: 'float32' }) + builtBytes(config, memory)
}
