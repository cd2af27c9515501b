// A language model of ours as a policy that can be trained: conversations in, replies out, gradient steps. Owns the
// programs and the caches; knows nothing of episodes beyond the requests, and of files nothing at all.
import type { BatchingOptions } from '../core/training/micro-batches.ts'
import { PromptThread, PromptThreads } from '../core/policy/thread.ts'
import type { TrainSequence } from '../core/policy/sequence.ts'
import { updateInShards } from '../core/training/shards.ts'
import type { ChatMessage, ReplyStream, StreamOptions, TokenCounter } from '../core/policy/policy.ts'
import type { AdapterState, AdapterTensors, Applied, ChatEncoder, GradientShard, GradientSource, Trainable, TrainingLoss, TrainingSetup, UpdateReport, UpdateSettings } from '../core/policy/trainable.ts'
import { createRandom } from '../core/random.ts'
import { sameData } from '../core/same-data.ts'
import { parameterShapes, type ModelConfig } from '../nn/transformer/config.ts'
import { loraShapes, type LoraConfig } from '../nn/transformer/weights.ts'
import { isOnDevice, type HostTensor, type Runtime, type Values } from '../runtime/runtime.ts'
import { checkAdapter, freshAdapter, loraOf } from './files/adapter.ts'
import { chatEncoder, tokenCounter } from './encoding.ts'
import { createDecoding, sideBySide, weightOptions, type Decoding } from './sampling/decoding.ts'
import { Grammars } from './sampling/grammar.ts'
import { inspectTokens, type TokenView } from './sampling/inspect.ts'
import { LocalStream } from './sampling/local-stream.ts'
import type { LoadedModel } from './files/load-model.ts'
import { windowOf } from './playing-needs.ts'
import { stopIdsOf } from './sampling/reply-text.ts'
import { Tokenizer } from './files/tokenizer.ts'
import { leastBytes, mustFitMemory, roomOf } from './training/learning-plan.ts'
import { Trainer, type TrainerOptions } from './training/trainer.ts'

/** A loss in the words of the training programs. */
function lossOf(loss: TrainingLoss): TrainerOptions['loss'] {
  return loss.kind === 'grpo' ? { kind: 'grpo', grpo: { clip: loss.clip, kl: loss.kl } } : loss
}

function freeAll(values: Values | null): void {
  for (const value of Object.values(values ?? {})) if (isOnDevice(value)) value.dispose()
}

interface Training {
  trainer: Trainer
  batching: BatchingOptions
  /** What π_ref has in the place of the adapter; null: nothing. */
  reference: Values | null
}

/** The weights as they were read: let go of while nobody reads them, where they can be had again. */
class BaseWeights {
  #values: Promise<ReadonlyMap<string, Float32Array>> | null
  readonly #again: LoadedModel['again']

  constructor(values: ReadonlyMap<string, Float32Array>, again: LoadedModel['again']) {
    this.#values = Promise.resolve(values)
    this.#again = again
  }

  /** @throws ModelLoadError when they cannot be had again */
  read(): Promise<ReadonlyMap<string, Float32Array>> {
    if (this.#values) return this.#values
    const again = this.#again
    if (!again) throw new Error('The weights are not there any more.')
    const reading = again()
    this.#values = reading
    // Who asks next tries once more.
    reading.catch(() => { if (this.#values === reading) this.#values = null })
    return reading
  }

  /** They can be read again. */
  get lent(): boolean {
    return this.#again !== undefined
  }

  letGo(): void {
    if (this.#again) this.#values = null
  }
}

/** System messages whose ids are known. */
const keptInstructions = 8

/** How far two sequences are the same. */
function agreement(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((id, i) => id !== b[i])
  return at < 0 ? a.length : at
}

export class LocalModel implements Trainable, GradientSource {
  readonly name: string
  readonly config: ModelConfig
  readonly encoder: ChatEncoder
  readonly counter: TokenCounter
  readonly window: number
  readonly #runtime: Runtime
  readonly #weights: BaseWeights
  readonly #tokenizer: Tokenizer
  readonly #threads: PromptThreads
  /** Ids that end a reply, by its stop strings as JSON. */
  readonly #stopIds = new Map<string, readonly number[]>()
  /** The base weights as programs without built-in ones are fed, on a GPU. */
  #fed: Values | null = null
  #decoding: Promise<Decoding> | null = null
  /** Ids of system messages, by their text. */
  readonly #instructions = new Map<string, readonly number[]>()
  /** Loaded with the first constrained reply. */
  #grammars: Promise<Grammars> | null = null
  #adapter: { lora: LoraConfig; values: () => Values } | null = null
  #trainer: Training | null = null

  private constructor(runtime: Runtime, name: string, { config, weights, again, tokenizer }: LoadedModel) {
    this.name = name
    this.config = config
    this.#runtime = runtime
    this.#weights = new BaseWeights(weights, again)
    this.#tokenizer = new Tokenizer(tokenizer)
    this.encoder = chatEncoder(this.#tokenizer)
    this.#threads = new PromptThreads(this.encoder, 2 * sideBySide.cpu)
    this.counter = tokenCounter(this.#tokenizer, name)
    this.window = windowOf(config)
  }

  /** Programs are built when they are first asked for: who trains needs none of the base model's. @param name as it is recorded in trajectories */
  static unloaded(runtime: Runtime, name: string, model: LoadedModel): LocalModel {
    return new LocalModel(runtime, name, model)
  }

  /**
   * Builds the programs and runs them once.
   * @param name as it is recorded in trajectories
   * @param first what it will sample with, so that they are built for that; one that does not fit is refused by useAdapter()
   */
  static async create(runtime: Runtime, name: string, model: LoadedModel, first: AdapterTensors | null = null): Promise<LocalModel> {
    const local = new LocalModel(runtime, name, model)
    if (first) await local.useAdapter(first).catch(() => undefined)
    await local.#decoders()
    return local
  }

  /**
   * Samples with this adapter from now on, or without any. Not while it is being trained.
   * @throws Error, AdapterError or RangeError when it is another model's, or damaged
   */
  async useAdapter(adapter: AdapterTensors | null): Promise<void> {
    if (this.#trainer) throw new Error('The model is being trained: end the training before another adapter is used.')
    if (!adapter) {
      await this.#sampleWith(null)
      return
    }
    const lora = loraOf(adapter.lora)
    checkAdapter(this.config, { ...adapter, lora })
    const values = this.#hostValues(lora, adapter.parameters)
    await this.#sampleWith({ lora, values: () => values })
  }

  /** @throws Error naming a tensor that is missing or has the wrong size */
  #hostValues(lora: LoraConfig, parameters: ReadonlyMap<string, Float32Array>): Record<string, HostTensor> {
    const values: Record<string, HostTensor> = {}
    for (const [name, shape] of loraShapes(this.config, lora)) {
      const data = parameters.get(name)
      if (data?.length !== shape[0] * shape[1]) throw new Error(`The adapter does not fit this model: ${name}.`)
      values[name] = { dtype: 'float32', shape, data }
    }
    return values
  }

  async #sampleWith(adapter: { lora: LoraConfig; values: () => Values } | null): Promise<void> {
    // Nothing changes: what others have under way goes on.
    if (!adapter && !this.#adapter) return
    const same = sameData(adapter?.lora, this.#adapter?.lora)
    this.#adapter = adapter
    if (same) {
      await this.#forgetCache()
      return
    }
    await (await this.#decoding)?.dispose()
    this.#decoding = null
  }

  async #decoders(): Promise<Decoding> {
    const loading = (this.#decoding ??= this.#loadDecoding())
    // Who asks next tries once more.
    loading.catch(() => { if (this.#decoding === loading) this.#decoding = null })
    const decoding = await loading
    // What decodes has weights of its own; who learns reads them again.
    this.#weights.letGo()
    return decoding
  }

  async #loadDecoding(): Promise<Decoding> {
    return createDecoding({
      runtime: this.#runtime,
      config: this.config,
      window: this.window,
      weights: await this.#weights.read(),
      base: () => this.#base(),
      lora: this.#adapter?.lora ?? null,
      adapter: () => this.#adapter?.values() ?? {},
    })
  }

  /** Base weights as inputs: on a GPU there once, on a CPU where they were read. */
  async #base(): Promise<Values> {
    if (this.#fed) return this.#fed
    const weights = await this.#weights.read()
    const fed: Values = {}
    for (const [name, shape] of parameterShapes(this.config)) {
      fed[name] = await this.#runtime.upload({ dtype: 'float32', shape, data: weights.get(name) ?? new Float32Array(0) })
    }
    if (Object.values(fed).some(isOnDevice)) this.#fed = fed
    return fed
  }

  open(options: StreamOptions): ReplyStream {
    return new LocalStream(options, {
      tokenizer: this.#tokenizer,
      threads: this.#threads,
      decoding: () => this.#decoders(),
      stopIds: (stop) => this.#stopIdsFor(stop),
      grammars: () => this.#grammarsOf(),
      prefix: ({ conversation }, prompt) => this.#prefixIn(conversation, prompt),
    })
  }

  /** The ids of a system message and the template's marks around it. */
  #instructionIds(content: string): readonly number[] {
    const known = this.#instructions.get(content)
    if (known) return known
    // What stands there whatever is said next. Few are there at a time: those of an agent, and of a summary.
    const [one = [], other = []] = ['a', 'Z'].map((said) => this.encoder.encode(this.encoder.chat([{ role: 'system', content }, { role: 'user', content: said }])))
    const ids = one.slice(0, agreement(one, other))
    if (this.#instructions.size >= keptInstructions) this.#instructions.clear()
    this.#instructions.set(content, ids)
    return ids
  }

  /** What it computed of a system message with the base weights, to be had again by knowInstructions(); null: nothing. */
  async knownInstructions(content: string): Promise<Float32Array<ArrayBuffer> | null> {
    return this.#adapter ? null : (await this.#decoders()).decoder.known(this.#instructionIds(content))
  }

  /** Spares reading a system message again. @param values of the same weights on the same device. @throws RangeError when they are another model's */
  async knowInstructions(content: string, values: Float32Array): Promise<void> {
    if (!this.#adapter) (await this.#decoders()).decoder.know(this.#instructionIds(content), values)
  }

  /** How many of the prompt's ids are the system message and the template's marks around it. */
  #prefixIn([first]: readonly ChatMessage[], prompt: readonly number[]): number {
    if (first?.role !== 'system') return 0
    const known = this.#instructionIds(first.content)
    // Less where a word of the message joins a mark before it.
    const length = agreement(known, prompt)
    return length === known.length ? length : 0
  }

  async #grammarsOf(): Promise<Grammars> {
    this.#grammars ??= Grammars.create(this.#tokenizer, this.config.vocabSize)
    try {
      return await this.#grammars
    } catch (error) {
      this.#grammars = null
      throw error
    }
  }

  #stopIdsFor(stop: readonly string[]): readonly number[] {
    const key = JSON.stringify(stop)
    const known = this.#stopIds.get(key) ?? [...this.#tokenizer.stopIds, ...stopIdsOf(this.#tokenizer, stop)]
    this.#stopIds.set(key, known)
    return known
  }

  /** What the model thinks of given tokens behind a conversation: probability, entropy, alternatives. With the adapter in use. */
  async inspect(conversation: readonly ChatMessage[], ids: readonly number[], alternatives: number): Promise<TokenView[]> {
    const prompt = new PromptThread(this.encoder).extend(conversation)
    return inspectTokens(this.#runtime, this.config, { ...(await this.#base()), ...(this.#adapter?.values() ?? {}) }, this.#adapter?.lora ?? null, this.#tokenizer, { prompt, ids, alternatives })
  }

  async beginTraining(setup: TrainingSetup, saved: AdapterState | null): Promise<void> {
    await this.endTraining()
    const lora = loraOf(setup.lora)
    const room = roomOf(this.#runtime, this.config, lora, !this.#takesTurns)
    mustFitMemory(leastBytes(this.config, lora, setup.batching, room), this.#runtime.memory, `Training ${this.name}`)
    const fresh = freshAdapter(this.config, lora, createRandom(`adapter/${setup.seed}`))
    const trainer = await Trainer.create(
      this.#runtime,
      this.config,
      {
        loss: lossOf(setup.loss),
        trainable: 'lora',
        lora,
        weights: weightOptions,
        recompute: 0,
        adamW: setup.adamW,
        batching: setup.batching,
        room,
      },
      () => this.#base(),
      saved?.parameters ?? fresh.parameters,
    )
    if (saved) await trainer.restore(saved)
    this.#trainer = { trainer, batching: setup.batching, reference: setup.reference && (await this.#uploaded(lora, setup.reference)) }
    await this.#sampleWith({ lora, values: () => trainer.parameters })
  }

  get isTraining(): boolean {
    return this.#trainer !== null
  }

  async endTraining(): Promise<void> {
    if (!this.#trainer) return
    const { trainer, reference } = this.#trainer
    this.#trainer = null
    await this.#sampleWith(null)
    await trainer.dispose()
    freeAll(reference)
  }

  async #uploaded(lora: LoraConfig, parameters: ReadonlyMap<string, Float32Array>): Promise<Values> {
    const values: Values = {}
    for (const [name, tensor] of Object.entries(this.#hostValues(lora, parameters))) values[name] = await this.#runtime.upload(tensor)
    return values
  }

  #training(): Training {
    if (!this.#trainer) throw new Error('The model is not being trained: begin a training first.')
    return this.#trainer
  }

  async score(sequences: readonly TrainSequence[], of: 'policy' | 'reference'): Promise<Float32Array[]> {
    const { trainer, reference } = this.#training()
    if (this.#takesTurns) await this.#endDecoding()
    if (of === 'policy') return trainer.score(sequences)
    return reference ? trainer.score(sequences, false, reference) : trainer.score(sequences, true)
  }

  async update(sequences: readonly TrainSequence[], settings: UpdateSettings): Promise<UpdateReport> {
    const { trainer, batching } = this.#training()
    // On a graphics card gradients stay there. On a CPU in the shards that replicas make side by side: alone it comes to the same bits.
    if (this.#runtime.device !== 'webgpu') return updateInShards([this], sequences, batching, settings)
    const report = await trainer.update(sequences, settings)
    await this.#forgetCache()
    return report
  }

  async gradient(sequences: readonly TrainSequence[], settings: UpdateSettings): Promise<GradientShard> {
    const { trainer } = this.#training()
    // Its weights are about to change, and its memory is what the gradient needs.
    await (this.#takesTurns ? this.#endDecoding() : this.#forgetCache())
    return trainer.gradient(sequences, settings)
  }

  async apply(whole: GradientShard, settings: UpdateSettings): Promise<Applied> {
    const applied = await this.#training().trainer.apply(whole, settings)
    await this.#forgetCache()
    return applied
  }

  /** What decodes and what learns have the memory one after the other: on a CPU, where the weights of either are many. */
  get #takesTurns(): boolean {
    return this.#runtime.device !== 'webgpu' && this.#weights.lent
  }

  /** Built again when it is asked for, of weights that are there by then. */
  async #endDecoding(): Promise<void> {
    const decoding = this.#decoding
    this.#decoding = null
    await (await decoding?.catch(() => null))?.dispose()
  }

  /** Keys and values of weights that have changed. */
  async #forgetCache(): Promise<void> {
    ;(await this.#decoding)?.decoder.reset()
  }

  async adapterState(): Promise<AdapterState> {
    return this.#training().trainer.state()
  }

  /** Frees what it holds; the runtime is the caller's. */
  async dispose(): Promise<void> {
    await this.#trainer?.trainer.dispose()
    await (await this.#decoding)?.dispose()
    this.#trainer = null
    this.#decoding = null
  }
}
