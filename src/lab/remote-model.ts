// The model of a model worker, or of webllm.worker where it learns, as a policy here: prompts go over, replies come back. Encoding and counting happen on this
// side, with the model's own tokenizer.
import type { ModelInfo, ModelProgress, ModelSource, TokenizerText } from '../core/policy/model.ts'
import type { ReplyStream, StreamOptions, TokenCounter } from '../core/policy/policy.ts'
import type { AdapterTensors, ChatEncoder, GradientSource, Trainable } from '../core/policy/trainable.ts'
import type { ModelApi } from '../rpc/contracts.ts'
import { remoteStream } from './remote-stream.ts'

/** Makes an encoder and a counter of a tokenizer's files, and what says the text of each id. */
export type EncodingOf = (files: TokenizerText, name: string) => { encoder: ChatEncoder; counter: TokenCounter; texts: (ids: readonly number[]) => string[] }

/** A model elsewhere as the lab works with it: one worker's, or that of several replicas. */
export interface LabModel extends Trainable {
  /** The text of each id. */
  readonly texts: (ids: readonly number[]) => string[]
  /** What a stream failed with last: the simulator passes on only the words of it. */
  readonly failure: unknown
  /** Samples with this adapter; null: with the base model alone. Not while it is trained. */
  useAdapter(adapter: AdapterTensors | null): Promise<void>
}

/** What is needed of a worker. */
type Api = Omit<ModelApi, 'plan' | 'needs' | 'prepare'>

export class RemoteModel implements LabModel, GradientSource {
  readonly info: ModelInfo
  readonly name: string
  readonly window: number
  readonly encoder: ChatEncoder
  readonly counter: TokenCounter
  readonly texts: (ids: readonly number[]) => string[]
  readonly recomputes: boolean
  readonly oneConversation: boolean
  readonly #api: Api
  #failure: unknown = null

  private constructor(api: Api, info: ModelInfo, encodingOf: EncodingOf) {
    const { name, window, tokenizer, live = false } = info
    this.#api = api
    this.recomputes = live
    this.oneConversation = live
    this.info = info
    this.name = name
    this.window = window
    const { encoder, counter, texts } = encodingOf(tokenizer, name)
    this.encoder = encoder
    this.counter = counter
    this.texts = texts
  }

  /** Loads the model, if it is not there yet. @param first what it will be asked to sample with. @throws with what is missing, damaged or too large */
  static async load(api: Api, source: ModelSource, encodingOf: EncodingOf, onProgress: (progress: ModelProgress) => void, first: AdapterTensors | null = null): Promise<RemoteModel> {
    return new RemoteModel(api, await (first ? api.load(source, onProgress, first) : api.load(source, onProgress)), encodingOf)
  }

  get failure(): unknown {
    return this.#failure
  }

  open(options: StreamOptions): ReplyStream {
    return remoteStream(this.#api, { ...options, model: this.name }, (error) => { this.#failure = error })
  }

  useAdapter: ModelApi['useAdapter'] = (adapter) => this.#api.useAdapter(adapter)
  beginTraining: ModelApi['beginTraining'] = (setup, saved) => this.#api.beginTraining(setup, saved)
  endTraining: ModelApi['endTraining'] = () => this.#api.endTraining()
  score: ModelApi['score'] = (sequences, of) => this.#api.score(sequences, of)
  update: ModelApi['update'] = (sequences, settings) => this.#api.update(sequences, settings)
  gradient: ModelApi['gradient'] = (sequences, settings) => this.#api.gradient(sequences, settings)
  apply: ModelApi['apply'] = (whole, settings) => this.#api.apply(whole, settings)
  adapterState: ModelApi['adapterState'] = () => this.#api.adapterState()
}
