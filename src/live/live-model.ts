// A model that WebLLM plays and our trainer moves: a policy that can be trained, as LocalModel is. After each optimizer step,
// and for each adapter that it is to play with, WebLLM's weights become W₀ + s·B·A and its cache is emptied. Whoever calls
// sees to it that nothing else is done on the graphics card meanwhile.
import type { TrainSequence } from '../core/policy/sequence.ts'
import type { ChatMessage, GenerateRequest, Policy, ReplyStream, StreamOptions, TokenCounter } from '../core/policy/policy.ts'
import type { TokenView } from '../core/policy/token-view.ts'
import type { AdapterState, AdapterTensors, Applied, ChatEncoder, GradientShard, GradientSource, Trainable, TrainingLoss, TrainingSetup, UpdateReport, UpdateSettings } from '../core/policy/trainable.ts'
import { WebLlmError } from '../core/policy/webllm.ts'
import { createRandom } from '../core/random.ts'
import { checkAdapter, freshAdapter, loraOf } from '../models/files/adapter.ts'
import { Trainer, type TrainerOptions } from '../models/training/trainer.ts'
import { estimateMicroBatch } from '../nn/memory-estimate.ts'
import type { ModelConfig, Projection } from '../nn/transformer/config.ts'
import { loraShapes, type LoraConfig } from '../nn/transformer/weights.ts'
import { isOnDevice, type Runtime, type Values } from '../runtime/runtime.ts'
import type { MergeType } from './merge.ts'

/** What plays: WebLLM's model. */
export interface Sampler extends Policy {
  /** The weights have changed: what is cached was computed with others. */
  forget(): Promise<void>
  inspect(conversation: readonly ChatMessage[], ids: readonly number[], alternatives: number): Promise<TokenView[]>
}

/** The weights that the sampler reads, as the trainer sees them. */
export interface SharedWeights {
  readonly type: MergeType
  /** False: a write was begun and did not end, so that the sampler may have the weights of no adapter. release() may mend it. */
  readonly whole: boolean
  /** Keeps W₀ of what adapters of these projections change; the sampler has W₀ afterwards. @throws when there is no memory for it */
  keep(targets: readonly Projection[]): Promise<void>
  /** W₀ by the names of weightInputs(config, 'mlc'); valid until the next keep() or release(). */
  base(): Values
  /** The sampler's weights become W₀ + s·B·A. @throws when that did not end; they are not whole then */
  sync(lora: LoraConfig, parameters: Readonly<Values>): Promise<void>
  /** The sampler has W₀, and nothing is kept. @throws when W₀ could not be put back; what is kept stays */
  release(): Promise<void>
}

export interface LiveModelParts {
  /** As it is recorded in trajectories. */
  name: string
  config: ModelConfig
  /** Tokens that the sampler takes at once. */
  window: number
  sampler: Sampler
  weights: SharedWeights
  /** On the sampler's device. */
  runtime: Runtime
  encoder: ChatEncoder
  counter: TokenCounter
}

interface Training {
  trainer: Trainer
  lora: LoraConfig
  /** What π_ref has in the place of the adapter; null: nothing. */
  reference: Values | null
}

/** Bytes of a micro-batch from which on its layers are computed twice, to keep less of each. */
const largestKept = 2 ** 30

function lossOf(loss: TrainingLoss): TrainerOptions['loss'] {
  return loss.kind === 'grpo' ? { kind: 'grpo', grpo: { clip: loss.clip, kl: loss.kl } } : loss
}

function freeAll(values: Readonly<Values> | null): void {
  for (const value of Object.values(values ?? {})) if (isOnDevice(value)) value.dispose()
}

/** The same request, of which anything may come. */
const free = ({ grammar: _, ...request }: GenerateRequest): GenerateRequest => request

export class LiveModel implements Trainable, GradientSource {
  readonly name: string
  readonly config: ModelConfig
  readonly window: number
  readonly encoder: ChatEncoder
  readonly counter: TokenCounter
  readonly recomputes = true
  readonly oneConversation = true
  readonly #sampler: Sampler
  readonly #weights: SharedWeights
  readonly #runtime: Runtime
  #training: Training | null = null
  /** What it is to play with, and whether the sampler has it now. */
  #adapter: AdapterTensors | null = null
  #applied = false

  constructor({ name, config, window, sampler, weights, runtime, encoder, counter }: LiveModelParts) {
    this.name = name
    this.config = config
    this.window = window
    this.encoder = encoder
    this.counter = counter
    this.#sampler = sampler
    this.#weights = weights
    this.#runtime = runtime
  }

  /** Replies keep to their grammar unless somebody wants them free: these models know the protocol from their prompt alone. */
  open(options: StreamOptions): ReplyStream {
    const stream = this.#sampler.open(options)
    const asIs = options.constrained !== false
    return {
      close: () => stream.close(),
      serve: async (asked) => {
        this.#mustBeWhole()
        return stream.serve(asIs ? asked : asked.map(({ place, request }) => ({ place, request: free(request) })))
      },
    }
  }

  async inspect(conversation: readonly ChatMessage[], ids: readonly number[], alternatives: number): Promise<TokenView[]> {
    this.#mustBeWhole()
    return this.#sampler.inspect(conversation, ids, alternatives)
  }

  /** @throws WebLlmError `torn-weights`: what it says now would be no checkpoint's */
  #mustBeWhole(): void {
    if (!this.#weights.whole) throw new WebLlmError({ kind: 'torn-weights', detail: '' })
  }

  /**
   * Samples with this adapter from now on, or without any. Not while it is being trained.
   * @throws Error, AdapterError or RangeError when it is another model's, or damaged
   */
  async useAdapter(adapter: AdapterTensors | null): Promise<void> {
    if (this.#training) throw new Error('The model is being trained: end the training before another adapter is used.')
    if (adapter) checkAdapter(this.config, { ...adapter, lora: loraOf(adapter.lora) })
    this.#adapter = adapter
    if (adapter) await this.#apply(adapter)
    else await this.asBase()
  }

  /**
   * The sampler has the base weights until asAdapted(): somebody else plays with it.
   * @throws Error while it is trained. @throws WebLlmError when they cannot be put back
   */
  async asBase(): Promise<void> {
    if (this.#training) throw new Error('The model is being trained: pause the training before it plays as it is.')
    if (!this.#applied) return
    await this.#weights.release()
    this.#applied = false
    await this.#sampler.forget()
  }

  /** The sampler has what this policy plays with. */
  async asAdapted(): Promise<void> {
    if (this.#training || this.#applied || !this.#adapter) return
    await this.#apply(this.#adapter)
  }

  /** @throws when it cannot: then the sampler has the base weights, unless the error says that they are torn */
  async #apply(adapter: AdapterTensors): Promise<void> {
    const lora = loraOf(adapter.lora)
    this.#applied = true
    try {
      await this.#weights.keep(lora.targets)
      const values = await this.#uploaded(lora, adapter.parameters)
      try {
        await this.#weights.sync(lora, values)
      } finally {
        freeAll(values)
      }
    } catch (error) {
      await this.asBase()
      throw error
    }
    await this.#sampler.forget()
  }

  /** @throws Error naming a tensor that is missing or has the wrong size */
  async #uploaded(lora: LoraConfig, parameters: ReadonlyMap<string, Float32Array>): Promise<Values> {
    const values: Values = {}
    for (const [name, shape] of loraShapes(this.config, lora)) {
      const data = parameters.get(name)
      if (data?.length !== shape[0] * shape[1]) throw new Error(`The adapter does not fit this model: ${name}.`)
      values[name] = await this.#runtime.upload({ dtype: 'float32', shape, data })
    }
    return values
  }

  async beginTraining(setup: TrainingSetup, saved: AdapterState | null): Promise<void> {
    await this.endTraining()
    const lora = loraOf(setup.lora)
    const fresh = freshAdapter(this.config, lora, createRandom(`adapter/${setup.seed}`))
    this.#applied = true
    try {
      await this.#weights.keep(lora.targets)
      const longest = Math.min(this.window, Math.max(...setup.batching.lengths))
      const widest = { prefix: 0, batch: Math.max(1, Math.floor(setup.batching.tokens / longest)), length: longest, positions: longest }
      const trainer = await Trainer.create(
        this.#runtime,
        this.config,
        {
          loss: lossOf(setup.loss),
          trainable: 'lora',
          lora,
          weights: { layout: 'mlc', dtype: this.#weights.type },
          recompute: estimateMicroBatch(this.config, lora, widest, 0) > largestKept ? this.config.layers : 0,
          adamW: setup.adamW,
          batching: setup.batching,
        },
        this.#weights.base(),
        saved?.parameters ?? fresh.parameters,
      )
      this.#training = { trainer, lora, reference: null }
      if (saved) await trainer.restore(saved)
      if (setup.reference) this.#training = { trainer, lora, reference: await this.#uploaded(lora, setup.reference) }
      await this.#sync()
    } catch (error) {
      await this.endTraining()
      throw error
    }
  }

  async endTraining(): Promise<void> {
    const training = this.#training
    this.#training = null
    this.#adapter = null
    try {
      await training?.trainer.dispose()
      freeAll(training?.reference ?? null)
    } finally {
      await this.asBase()
    }
  }

  #present(): Training {
    if (!this.#training) throw new Error('The model is not being trained: begin a training first.')
    return this.#training
  }

  /** The sampler plays with the adapter as it is now. */
  async #sync(): Promise<void> {
    const { trainer, lora } = this.#present()
    await this.#weights.sync(lora, trainer.parameters)
    await this.#sampler.forget()
  }

  async score(sequences: readonly TrainSequence[], of: 'policy' | 'reference'): Promise<Float32Array[]> {
    const { trainer, reference } = this.#present()
    if (of === 'policy') return trainer.score(sequences)
    return reference ? trainer.score(sequences, false, reference) : trainer.score(sequences, true)
  }

  async update(sequences: readonly TrainSequence[], settings: UpdateSettings): Promise<UpdateReport> {
    const report = await this.#present().trainer.update(sequences, settings)
    await this.#sync()
    return report
  }

  async gradient(sequences: readonly TrainSequence[], settings: UpdateSettings): Promise<GradientShard> {
    return this.#present().trainer.gradient(sequences, settings)
  }

  async apply(whole: GradientShard, settings: UpdateSettings): Promise<Applied> {
    const applied = await this.#present().trainer.apply(whole, settings)
    await this.#sync()
    return applied
  }

  async adapterState(): Promise<AdapterState> {
    return this.#present().trainer.state()
  }
}
