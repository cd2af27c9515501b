// How a step is cut so that it fits into memory: the size of its micro-batches, and which of them compute their layers
// twice. Decided before anything runs, from the model and the sequences alone, so that the same step is cut the same way.
import { packShared, type BatchingOptions, type SharedMicroBatch } from '../../core/training/micro-batches.ts'
import type { TrainSequence } from '../../core/policy/sequence.ts'
import { builtBytes, weightBytes } from '../playing-needs.ts'
import { estimateLearner, estimateMicroBatch, fedBytes } from '../../nn/memory-estimate.ts'
import type { ModelConfig } from '../../nn/transformer/config.ts'
import type { LoraConfig } from '../../nn/transformer/weights.ts'
import type { Runtime } from '../../runtime/runtime.ts'

/** Bytes that a micro-batch takes at most, unless one sequence alone needs more. Twice as many were no quicker (SmolLM2-135M on wasm: 256 s for 267). */
export const microBatchBudget = 0.5 * 2 ** 30
/** Work of a token whose layers are computed twice, beside one whose layers are not: a third more. */
const recomputed = 1 / 3
/** How many layers are computed twice goes in sixths of all: each number is a program of its own. */
const sixths = [0, 1, 2, 3, 4, 5, 6] as const
/** Each try has micro-batches of this share of the tokens of the one before. */
const smaller = Math.SQRT1_2

export interface PlannedMicroBatch extends SharedMicroBatch {
  /** So many layers are computed once more for their gradient, instead of keeping what happened in them. */
  recompute: number
}

/** What a step may take. */
export interface Room {
  /** Bytes in all. */
  limit: number
  /** Of these in use beside what a micro-batch takes. */
  taken: number
  /** Whether a run has a copy of the weights that it is fed with, as in the heap of WebAssembly. */
  copies: boolean
}

/** Thrown before a step that would not fit into memory, with what to lower. */
export class StepTooLargeError extends Error {
  override readonly name = 'StepTooLargeError'
}

const gigabytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GB`

/** @throws StepTooLargeError when so much cannot be had. @param doing what needs it, as the subject of a sentence */
export function mustFitMemory(bytes: number, limit: number, doing: string): void {
  if (bytes <= limit) return
  throw new StepTooLargeError(
    `${doing} needs about ${gigabytes(bytes)} of memory, and ${gigabytes(limit)} can be used here. Lower the longest of the lengths (batching), the rank of the adapter or the number of projections that it changes, or take a smaller model.`,
  )
}

/** Bytes that a micro-batch takes with so many layers computed twice. */
function bytesWith(config: ModelConfig, lora: LoraConfig, micro: SharedMicroBatch, recompute: number, { copies }: Room): number {
  return estimateMicroBatch(config, lora, micro, recompute) + (copies ? fedBytes(config, recompute) : 0)
}

/** The fewest layers with which it keeps to the budget, and to what there is; null: it does not even with all. */
function layersTwice(config: ModelConfig, lora: LoraConfig, micro: SharedMicroBatch, room: Room): number | null {
  // The last is with the loss.
  const choices = sixths.map((count) => Math.min(Math.ceil((count * config.layers) / 6), config.layers - 1))
  return choices.find((layers) => estimateMicroBatch(config, lora, micro, layers) <= microBatchBudget && room.taken + bytesWith(config, lora, micro, layers, room) <= room.limit) ?? null
}

/** @param decodes whether what decodes stays loaded beside the training */
export function roomOf({ device, memory }: Pick<Runtime, 'device' | 'memory'>, config: ModelConfig, lora: LoraConfig, decodes: boolean): Room {
  const copies = device === 'wasm'
  const built = decodes ? builtBytes(config, memory) : 0
  // The heap of WebAssembly has the weights that are built into what decodes, not those that were read.
  return { limit: memory, taken: estimateLearner(config, lora, built + (copies ? 0 : weightBytes(config))), copies }
}

/** Bytes of a step whose only sequence is one of the shortest. */
export function leastBytes(config: ModelConfig, lora: LoraConfig, { lengths }: BatchingOptions, room: Room): number {
  const length = Math.min(...lengths)
  return room.taken + bytesWith(config, lora, { prefix: 0, batch: 1, length, positions: length, members: [] }, config.layers - 1, room)
}

const tokensOf = ({ prefix, batch, length }: SharedMicroBatch) => prefix + batch * length

/**
 * The cheapest of several ways to cut the sequences, by the tokens that go through the layers.
 * @throws StepTooLargeError when one sequence does not fit, RangeError what packShared() throws
 */
export function planStep(sequences: readonly TrainSequence[], batching: BatchingOptions, config: ModelConfig, lora: LoraConfig, room: Room): PlannedMicroBatch[] {
  const longest = Math.max(1, ...sequences.map(({ ids }) => ids.length))
  let best: { micros: PlannedMicroBatch[]; cost: number } | null = null
  for (let tokens = batching.tokens; ; tokens = Math.floor(tokens * smaller)) {
    const micros = packShared(sequences, { ...batching, tokens }).map((micro): PlannedMicroBatch => ({ ...micro, recompute: layersTwice(config, lora, micro, room) ?? config.layers - 1 }))
    const fits = micros.every((micro) => micro.batch === 1 || layersTwice(config, lora, micro, room) !== null)
    const cost = micros.reduce((sum, micro) => sum + tokensOf(micro) * (1 + (recomputed * micro.recompute) / config.layers), 0)
    if (fits && (best === null || cost < best.cost)) best = { micros, cost }
    // Smaller ones only to save memory: each is a run more. Below the longest sequence every row of its length is alone.
    if (best?.micros.every(({ recompute }) => recompute === 0) === true || tokens <= longest) break
  }
  if (best === null) return planStep(sequences, { ...batching, tokens: 1 }, config, lora, room)
  for (const micro of best.micros) {
    mustFitMemory(room.taken + bytesWith(config, lora, micro, micro.recompute, room), room.limit, `A sequence of ${tokensOf(micro)} tokens`)
  }
  return best.micros
}
