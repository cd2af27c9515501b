// How much memory a process takes in which a model plays or learns here, before anything of it is read: a tab's, or Node's.
import { trainPresets } from '../core/training/config.ts'
import { cacheBytes, estimateLearner, estimateMicroBatch, fedBytes } from '../nn/memory-estimate.ts'
import type { ModelConfig } from '../nn/transformer/config.ts'
import { wasmMemory } from '../runtime/wasm-runtime.ts'
import { loraOf } from './files/adapter.ts'
import { builtBytes, takesTurns, weightBytes, windowOf } from './playing-needs.ts'
import { rowsFor } from './sampling/decoding.ts'
import { microBatchBudget } from './training/learning-plan.ts'

export type Host = 'tab' | 'node'

interface HostCosts {
  /** Bytes of the process while no model is there: what is left of the measured peaks (needs.test.ts) once the rest is added up. */
  itself: number
  /** Bytes that a model may take on the device. */
  memory: number
  /** Whether a run has a copy of what it is fed with, in the heap. */
  copies: boolean
}

const hosts: Readonly<Record<Host, HostCosts>> = {
  tab: { itself: 0.3 * 2 ** 30, memory: wasmMemory, copies: true },
  node: { itself: 0.3 * 2 ** 30, memory: Infinity, copies: false },
}

/** Positions of a conversation: a whole episode with full instructions. */
const conversation = 2048
/** Positions of each row of a group of rollouts, between their mean and the longest. */
const rollout = 768

/**
 * Bytes of a process in which a model plays one episode: its weights as they were read, which are let go of not at once, and in
 * what decodes; its cache, the beginning that is kept for others, what a run is fed with.
 */
export function playingBytes(config: ModelConfig, host: Host): number {
  const { itself, memory, copies } = hosts[host]
  return itself + weightBytes(config) + builtBytes(config, memory) + (copies ? 4 : 3) * cacheBytes(config, Math.min(conversation, windowOf(config)))
}

/** A sequence that has to fit, whose layers may be computed twice: an episode of the preset for such models. */
const longest = { tokens: 1024, scored: 256 }
/** Bytes of loaded programs, for each layer, once a run has met most of its shapes. */
const programsOfLayer = 5 * 2 ** 20
/** Of the layers of an episode's micro-batch, what runs one by one in a large model: the others are fed together. */
const oneByOne = 2 / 3

/** A heap that programs of some hundred megabytes came and went in, by what is in use of it (measured with both sizes of SmolLM2). */
const withGaps = 1.15

/** The largest micro-batch that a step of the preset comes to: its tokens as far as they fit into the budget, or one long sequence. */
function largestMicroBatch(config: ModelConfig): number {
  const { lora: shape, batching: { tokens } } = trainPresets.pretrained
  const lora = loraOf(shape)
  const whole = estimateMicroBatch(config, lora, { prefix: 0, batch: 1, length: tokens, positions: tokens }, 0)
  const alone = estimateMicroBatch(config, lora, { prefix: 0, batch: 1, length: longest.tokens, positions: longest.scored }, config.layers)
  return Math.max(Math.min(microBatchBudget, whole), alone)
}

/**
 * Bytes of a process in which an adapter of a model is trained, with what the preset for pretrained models changes: what decodes
 * and the caches of a group's rollouts; then the weights as they are read again, with the largest micro-batch in the place of the
 * former where they take turns, and at last with what decodes, as it is built once more. Optimizer and programs are there all the
 * time. A heap of WebAssembly gives nothing back to the process, and what is let go of leaves gaps in it.
 */
export function learningBytes(config: ModelConfig, host: Host): number {
  const { itself, memory, copies } = hosts[host]
  const { b, k, lora } = trainPresets.pretrained
  const [weights, built] = [weightBytes(config), builtBytes(config, memory)]
  const learner = estimateLearner(config, loraOf(lora), 0, programsOfLayer * config.layers)
  const caches = Math.min(rowsFor('wasm', config), b * k) * cacheBytes(config, Math.min(rollout, windowOf(config)))
  const rollouts = built + caches * (copies ? 3 : 2)
  const update = (takesTurns(config) ? 0 : built) + largestMicroBatch(config) + (copies ? fedBytes(config, Math.floor(oneByOne * config.layers)) : 0)
  const again = built + (copies ? caches : 0)
  return Math.max(playingBytes(config, host), itself + learner + rollouts, itself + weights + (learner + Math.max(update, again)) * (copies ? withGaps : 1))
}
