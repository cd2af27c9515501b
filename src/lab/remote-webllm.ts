// The model of webllm.worker as a policy here. Counting happens on this side, with the model's own tokenizer.
import type { ModelInfo, ModelProgress } from '../core/policy/model.ts'
import type { GenerateRequest, Policy, ReplyStream, StreamOptions, TokenCounter } from '../core/policy/policy.ts'
import { WebLlmError, type WebLlmOptions, type WebLlmSource } from '../core/policy/webllm.ts'
import type { WebLlmApi } from '../rpc/webllm.ts'
import type { EncodingOf } from './remote-model.ts'
import { remoteStream } from './remote-stream.ts'

export class RemoteWebLlm implements Policy {
  readonly name: string
  /** Tokens that it takes at once. */
  readonly window: number
  readonly counter: TokenCounter
  readonly oneConversation = true
  readonly #api: WebLlmApi
  readonly #how: WebLlmOptions

  private constructor(api: WebLlmApi, { name, window, tokenizer }: ModelInfo, how: WebLlmOptions, encodingOf: EncodingOf) {
    this.#api = api
    this.#how = how
    // What constrains the replies changes the policy, so it is part of its name in the record.
    this.name = how.constrained ? name : `${name} (unconstrained)`
    this.window = window
    this.counter = encodingOf(tokenizer, name).counter
  }

  /** Loads the model, if it is not there yet. @throws WebLlmError */
  static async load(api: WebLlmApi, source: WebLlmSource, how: WebLlmOptions, encodingOf: EncodingOf, onProgress: (progress: ModelProgress) => void): Promise<RemoteWebLlm> {
    const loaded = await api.load(source, onProgress)
    if (!loaded.ok) throw new WebLlmError(loaded.problem)
    return new RemoteWebLlm(api, loaded.value, how, encodingOf)
  }

  open(options: StreamOptions): ReplyStream {
    const stream = remoteStream(this.#api, options)
    if (this.#how.constrained) return stream
    const free = ({ grammar: _, ...request }: GenerateRequest): GenerateRequest => request
    return { ...stream, serve: (asked) => stream.serve(asked.map(({ place, request }) => ({ place, request: free(request) }))) }
  }
}
