// The model of a model worker as a policy here: prompts go over, replies come back. Encoding and counting happen on this
// side, with the model's own tokenizer.
import type { TrainSequence } from '../core/policy/sequence.ts'
import type { ModelInfo, ModelProgress, ModelSource, TokenizerText } from '../core/policy/model.ts'
import type { ReplyStream, StreamOptions, TokenCounter } from '../core/policy/policy.ts'
import type { AdapterState, AdapterTensors, Applied, ChatEncoder, GradientShare, GradientSource, Trainable, TrainingSetup, UpdateReport, UpdateSettings } from '../core/policy/trainable.ts'
import type { ModelApi } from '../rpc/contracts.ts'
import { remoteStream } from './remote-stream.ts'

/** Makes an encoder and a counter of a tokenizer's files, and what says the text of each id. */
export type EncodingOf = (files: TokenizerText, name: string) => { encoder: ChatEncoder; counter: TokenCounter; texts: (ids: readonly number[]) => string[] }

/** A model elsewhere as the lab works with it: one worker's, or a team's. */
export interface LabModel extends Trainable {
  /** The text of each id. */
  readonly texts: (ids: readonly number[]) => string[]
  /** What a stream failed with last: the simulator passes on only the words of it. */
  readonly failure: unknown
  /** Samples with this adapter; null: with the base model alone. Not while it is trained. */
  useAdapter(adapter: AdapterTensors | null): Promise<void>
}

export class RemoteModel implements LabModel, GradientSource {
  readonly info: ModelInfo
  readonly name: string
  readonly window: number
  readonly encoder: ChatEncoder
  readonly counter: TokenCounter
  readonly texts: (ids: readonly number[]) => string[]
  readonly #api: ModelApi
  #failure: unknown = null

  private constructor(api: ModelApi, info: ModelInfo, encodingOf: EncodingOf) {
    const { name, window, tokenizer } = info
    this.#api = api
    this.info = info
    this.name = name
    this.window = window
    const { encoder, counter, texts } = encodingOf(tokenizer, name)
    this.encoder = encoder
    this.counter = counter
    this.texts = texts
  }

  /** Loads the model, if it is not there yet. @throws with what is missing, damaged or too large */
  static async load(api: ModelApi, source: ModelSource, encodingOf: EncodingOf, onProgress: (progress: ModelProgress) => void): Promise<RemoteModel> {
    return new RemoteModel(api, await api.load(source, onProgress), encodingOf)
  }

  get failure(): unknown {
    return this.#failure
  }

  open(options: StreamOptions): ReplyStream {
    return remoteStream(this.#api, options, (error) => { this.#failure = error })
  }

  useAdapter(adapter: AdapterTensors | null): Promise<void> {
    return this.#api.useAdapter(adapter)
  }

  beginTraining(setup: TrainingSetup, saved: AdapterState | null): Promise<void> {
    return this.#api.beginTraining(setup, saved)
  }

  endTraining(): Promise<void> {
    return this.#api.endTraining()
  }

  score(sequences: readonly TrainSequence[], of: 'policy' | 'reference'): Promise<Float32Array[]> {
    return this.#api.score([...sequences], of)
  }

  update(sequences: readonly TrainSequence[], settings: UpdateSettings): Promise<UpdateReport> {
    return this.#api.update([...sequences], settings)
  }

  gradient(sequences: readonly TrainSequence[], settings: UpdateSettings): Promise<GradientShare> {
    return this.#api.gradient([...sequences], settings)
  }

  apply(whole: GradientShare, settings: UpdateSettings): Promise<Applied> {
    return this.#api.apply(whole, settings)
  }

  adapterState(): Promise<AdapterState> {
    return this.#api.adapterState()
  }
}
