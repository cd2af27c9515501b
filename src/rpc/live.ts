// What webllm.worker offers beside playing: the loaded model learns, and plays with adapters, as a model of model.worker does.
import type { ModelSource } from '../core/policy/model.ts'
import type { AdapterShape } from '../core/policy/trainable.ts'
import type { Outcome } from '../core/policy/webllm.ts'
import type { ModelApi } from './contracts.ts'
import type { WebLlmApi } from './webllm.ts'

/** What learning takes on the graphics card, bytes: foretold. */
export interface LearningNeeds {
  /** The model as it plays: weights, cache, what computes. */
  playing: number
  /** Copies of the base weights of what the adapter changes. */
  kept: number
  /** Adapter, optimizer and loaded programs. */
  learner: number
  /** One micro-batch of the length that was given. */
  step: number
}

/** The same interface as a model worker's, over WebLLM's model. Sources are those of kind `webllm`. */
export interface LiveApi extends Omit<ModelApi, 'plan' | 'needs' | 'prepare'> {
  /**
   * Whether a model can learn here, and what that takes; nothing is loaded.
   * @param tokens of a micro-batch
   */
  look(source: ModelSource, lora: AdapterShape, tokens: number): Promise<Outcome<LearningNeeds>>
  /** Bytes of all buffers on the graphics card that belong to this page's WebLLM and to what learns there: measured. */
  cardBytes(): Promise<number>
}

/** All of webllm.worker. */
export interface WebLlmWorkerApi extends WebLlmApi {
  live: LiveApi
}
