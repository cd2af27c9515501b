// How much memory a model needs here, before anything of it is read.
import { estimateDecoding } from '../nn/memory-estimate.ts'
import { parameterCount, type ModelConfig } from '../nn/transformer/config.ts'

/** Positions that memory is planned for when a model could take more. */
export const plannedWindow = 4096

/** Bytes in use once a model is loaded and decodes. */
export function playingBytes(config: ModelConfig): number {
  const capacity = Math.min(config.maxPositions, plannedWindow)
  // Weights are kept beside the programs that have them built in.
  return estimateDecoding(config, { batch: 1, capacity, dtype: 'float32' }) + 4 * parameterCount(config)
}

/** Tokens of a sequence that is learnt from, and sequences of a micro-batch. */
const learnt = { tokens: 1024, rows: 1 }

/**
 * Bytes in use while an adapter of the model is trained: its weights, and for each token what the backward pass reads of
 * every layer (inputs and outputs of projections, probabilities of attention), with their gradients, and the logits.
 */
export function learningBytes(config: ModelConfig): number {
  const { layers, hiddenSize, intermediateSize, heads, kvHeads, headDim, vocabSize } = config
  const tokens = learnt.tokens * learnt.rows
  const token = 6 * hiddenSize + 2 * (heads + 2 * kvHeads) * headDim + 4 * intermediateSize + 2 * heads * learnt.tokens
  return 4 * (parameterCount(config) + 2 * layers * tokens * token + 3 * tokens * vocabSize)
}
