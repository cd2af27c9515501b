// The model of a model worker as a policy here: prompts go over, replies come back. Encoding and counting happen on this
// side, with the model's own tokenizer.
import type { Generation } from '../core/record/trajectory.ts'
import type { TrainSequence } from '../core/policy/sequence.ts'
import type { ModelInfo, ModelProgress, ModelSource, TokenizerText } from '../core/policy/model.ts'
import { AbortError, type GenerateOptions, type GenerateRequest, type ReplyStream, type StreamOptions, type TokenCounter } from '../core/policy/policy.ts'
import type { AdapterShape, AdapterState, Applied, ChatEncoder, GradientShare, GradientSource, Trainable, TrainingSetup, UpdateReport, UpdateSettings } from '../core/policy/trainable.ts'
import type { ModelApi } from '../rpc/contracts.ts'

/** Makes an encoder and a counter of a tokenizer's files, and what says the text of each id. */
export type EncodingOf = (files: TokenizerText, name: string) => { encoder: ChatEncoder; counter: TokenCounter; texts: (ids: readonly number[]) => string[] }

/** A model elsewhere as the lab works with it: one worker's, or a team's. */
export interface LabModel extends Trainable {
  /** The text of each id. */
  readonly texts: (ids: readonly number[]) => string[]
  /** What generate() or a stream failed with last: the simulator passes on only the words of it. */
  readonly failure: unknown
  open(options: StreamOptions): ReplyStream
  /** Samples with this adapter; null: with the base model alone. Not while it is trained. */
  useAdapter(adapter: { lora: AdapterShape; state: AdapterState } | null): Promise<void>
}

let calls = 0

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

  async generate(requests: readonly GenerateRequest[], { signal, onText, ...options }: GenerateOptions): Promise<Generation[]> {
    if (signal?.aborted) throw new AbortError()
    const call = `call-${calls++}`
    const abort = () => void this.#api.abort(call)
    signal?.addEventListener('abort', abort)
    try {
      return await this.#api.generate(call, [...requests], options, (request, text) => onText?.(request, text))
    } catch (error) {
      if (signal?.aborted) throw new AbortError()
      this.#failure = error
      throw error
    } finally {
      signal?.removeEventListener('abort', abort)
    }
  }

  open({ signal, ...options }: StreamOptions): ReplyStream {
    const name = `stream-${calls++}`
    const abort = () => void this.#api.abort(name)
    signal?.addEventListener('abort', abort)
    return {
      serve: async (asked) => {
        if (signal?.aborted) throw new AbortError()
        try {
          return await this.#api.serve(name, [...asked], options)
        } catch (error) {
          if (signal?.aborted) throw new AbortError()
          this.#failure = error
          throw error
        }
      },
      close: async () => {
        signal?.removeEventListener('abort', abort)
        // When the worker is lost, so is its stream.
        await this.#api.closeStream(name).catch(() => undefined)
      },
    }
  }

  async useAdapter(adapter: { lora: AdapterShape; state: AdapterState } | null): Promise<void> {
    await this.#api.useAdapter(adapter && (await this.#api.peftFiles(adapter.lora, adapter.state.parameters)))
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
