// How much memory a model needs to learn here, before anything of it is read.
import { trainPresets } from '../core/training/config.ts'
import { estimateLearner, estimateMicroBatch } from '../nn/memory-estimate.ts'
import type { ModelConfig } from '../nn/transformer/config.ts'
import { loraOf } from './files/adapter.ts'
import { playingBytes } from './playing-needs.ts'

/** Tokens of the sequence that has to fit, and those of them that are scored: an episode of the preset for such models. */
const learnt = { tokens: 1024, scored: 256 }
/** The weights themselves, and those that are built into what decodes. */
const copies = 2

/**
 * Bytes in use while an adapter of a model is trained, with what the preset for pretrained models changes: what a training
 * asks for when it begins, and one sequence whose layers are computed twice, the least that a step is cut down to.
 */
export function learningBytes(config: ModelConfig): number {
  const lora = loraOf(trainPresets.pretrained.lora)
  const update = estimateLearner(config, lora, copies) + estimateMicroBatch(config, lora, { prefix: 0, batch: 1, length: learnt.tokens, positions: learnt.scored }, true)
  // Its rollouts are played before they are learnt from.
  return Math.max(playingBytes(config), update)
}
