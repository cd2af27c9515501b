// How much memory decoding and learning need, before anything is allocated.
import { pieceCount } from './training/head.ts'
import { blockCount } from './training/token-layout.ts'
import type { Program } from './program.ts'
import { parameterCount, type ModelConfig } from './transformer/config.ts'
import { loraShapes, type LoraConfig } from './transformer/weights.ts'

const float = 4

/** Bytes of the keys and values of so many positions. */
export const cacheBytes = ({ layers, kvHeads, headDim }: ModelConfig, positions: number): number => 2 * layers * positions * kvHeads * headDim * float

/** Memory of decoding `batch` rows of up to `capacity` positions, bytes: weights, cache, logits, and what one layer holds. */
export function estimateDecoding(config: ModelConfig, options: { batch: number; capacity: number; dtype: 'float32' | 'float16' }): number {
  const { batch, capacity, dtype } = options
  const weights = parameterCount(config) * (dtype === 'float16' ? 2 : 4)
  const cache = cacheBytes(config, batch * capacity)
  const logits = 3 * batch * config.vocabSize * float
  const layer = batch * (config.heads * capacity + 4 * config.intermediateSize) * float
  // A run reads one copy of the cache while the next is written.
  return weights + 2 * cache + logits + layer
}

/** A micro-batch of learning: P tokens that all rows begin with, B rows of N tokens behind them, M scored positions. */
export interface LearningShape {
  prefix: number
  batch: number
  length: number
  positions: number
}

/** Bytes of a loaded program for each byte of its file that is not a constant's: measured with onnxruntime 1.30 on Node: 17 to 30, and what its first run adds. */
const loadedPerByte = 30

/** Bytes of a program once it is loaded. */
export const loadedBytes = ({ model, constantBytes }: Program): number => constantBytes + loadedPerByte * Math.max(0, model.length - constantBytes)
/** Bytes of programs that a trainer keeps loaded. */
export const keptPrograms = 700 * 2 ** 20
/** Bytes of all loaded programs, for each layer: a gradient of 30 layers is 85 MB, a scoring 27 (measured), and few are kept. */
const programsOfLayer = 12 * 2 ** 20

/** What the derivative of one layer takes while it is made, as parts of what the layer keeps (measured). */
const working = 1

/** Pairs of a query and a key that blocks of causal attention compute: all of them in one block, (b + 1) / 2b in b. */
function causalPairs(length: number): number {
  const blocks = blockCount(length)
  return (length * length * (blocks + 1)) / (2 * blocks)
}

/**
 * Bytes that the gradient of a micro-batch of an adapter needs while it runs, beyond weights and optimizer: what a layer
 * keeps for its derivative, and of those that are computed again its input; the logits of a piece; and the gradient as it
 * goes in and comes out.
 * @param recompute layers, from the first on, that are computed again, but for the last of all: when it is their turn, one by
 *   one, the others have let go of all
 */
export function estimateMicroBatch(config: ModelConfig, lora: LoraConfig, { prefix, batch, length, positions }: LearningShape, recompute: number): number {
  const { layers, hiddenSize, heads, kvHeads, headDim, intermediateSize, vocabSize } = config
  const tokens = prefix + batch * length
  const ofToken = 4 * hiddenSize + 4 * heads * headDim + 4 * kvHeads * headDim + 5 * intermediateSize + lora.targets.length * lora.rank
  const probabilities = heads * (causalPairs(prefix) + batch * (length * prefix + causalPairs(length)))
  const layer = tokens * ofToken + probabilities
  const before = Math.min(recompute, layers - 1)
  const inputs = before * tokens * hiddenSize
  const held = (layers - before + working) * layer
  const piece = Math.ceil(positions / pieceCount(positions, vocabSize))
  const logits = 4 * piece * vocabSize
  return float * (inputs + held + logits) + 2 * adapterBytes(config, lora)
}

function adapterBytes(config: ModelConfig, lora: LoraConfig): number {
  return float * [...loraShapes(config, lora).values()].reduce((sum, [rows, columns]) => sum + rows * columns, 0)
}

/** Bytes of the weights that a program is fed with whose first layer this is. */
export function fedBytes(config: ModelConfig, from: number): number {
  const { layers, vocabSize, hiddenSize } = config
  const all = parameterCount(config)
  if (from === 0) return float * all
  // Of the embedding, rows are read in place.
  const ends = (config.tiedEmbeddings ? 1 : 2) * vocabSize * hiddenSize
  return float * (((all - ends) * (layers - from)) / layers + vocabSize * hiddenSize)
}

/**
 * Bytes that learning needs whatever a micro-batch is: the weights, the adapter with its two moments and the next of all
 * three while a step is taken, loaded programs.
 * @param weights bytes of all copies that there are
 * @param programs bytes of those that are loaded; left out: of a few
 */
export function estimateLearner(config: ModelConfig, lora: LoraConfig, weights: number, programs = Math.min(keptPrograms, programsOfLayer * config.layers)): number {
  return weights + 8 * adapterBytes(config, lora) + programs
}
