// How much memory a process takes in which a model plays or learns here, before anything of it is read: a tab's, or Node's.
import { trainPresets } from '../core/training/config.ts'
import { cacheBytes, estimateLearner, estimateMicroBatch, keptPrograms } from '../nn/memory-estimate.ts'
import type { ModelConfig } from '../nn/transformer/config.ts'
import { loraOf } from './files/adapter.ts'
import { heldBytes, windowOf } from './playing-needs.ts'
import { microBatchBudget } from './training/learning-plan.ts'

export type Host = 'tab' | 'node'

interface HostCosts {
  /** Bytes of the process while no model is there. */
  itself: number
  /** Caches of a conversation: its own, the beginning that is kept for others, what a run is fed with; on wasm that in the heap, too. */
  caches: number
  /** Copies of the weights in an update: as they were read, in what decodes; on wasm those that a run is fed with, in the heap. */
  weights: number
}

/** `itself` is what is left of the measured peaks (needs.test.ts) once the rest is added up. */
const hosts: Readonly<Record<Host, HostCosts>> = {
  tab: { itself: 0.3 * 2 ** 30, caches: 4, weights: 3 },
  node: { itself: 0.4 * 2 ** 30, caches: 3, weights: 2 },
}
/** Caches that heldBytes() counts. */
const counted = 2

/** Bytes of a process in which a model plays one episode. */
export function playingBytes(config: ModelConfig, host: Host): number {
  const { itself, caches } = hosts[host]
  return itself + heldBytes(config) + (caches - counted) * cacheBytes(config, windowOf(config))
}

/** A sequence that has to fit, whose layers may be computed twice: an episode of the preset for such models. */
const longest = { tokens: 1024, scored: 256 }
/** Bytes of loaded programs, for each layer, once a run has met most of its shapes: twice those of its first steps. */
const programsOfLayer = 24 * 2 ** 20

/** The largest micro-batch that a step of the preset comes to: its tokens as far as they fit into the budget, or one long sequence. */
function largestMicroBatch(config: ModelConfig): number {
  const { lora: shape, batching: { tokens } } = trainPresets.pretrained
  const lora = loraOf(shape)
  const whole = estimateMicroBatch(config, lora, { prefix: 0, batch: 1, length: tokens, positions: tokens }, 0)
  const alone = estimateMicroBatch(config, lora, { prefix: 0, batch: 1, length: longest.tokens, positions: longest.scored }, config.layers)
  return Math.max(Math.min(microBatchBudget, whole), alone)
}

/**
 * Bytes of a process in which an adapter of a model is trained, with what the preset for pretrained models changes: in an
 * update, when weights, optimizer, loaded programs and the largest micro-batch are there together. The rollouts before it take
 * less: the caches of their rows are forgotten by then.
 */
export function learningBytes(config: ModelConfig, host: Host): number {
  const { itself, weights } = hosts[host]
  const programs = Math.min(keptPrograms, programsOfLayer * config.layers)
  const update = estimateLearner(config, loraOf(trainPresets.pretrained.lora), weights, programs) + largestMicroBatch(config)
  return Math.max(playingBytes(config, host), itself + update)
}
