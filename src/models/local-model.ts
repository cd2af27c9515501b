// A language model of ours as a policy that can be trained: conversations in, replies out, gradient steps. Owns the
// programs and the caches; knows nothing of episodes beyond the requests, and of files nothing at all.
import { PromptThread } from '../core/grpo/thread.ts'
import type { TrainSequence } from '../core/grpo/sequence.ts'
import type { Generation } from '../core/episode/trajectory.ts'
import { AbortError, type GenerateOptions, type GenerateRequest, type TokenCounter } from '../core/policy/policy.ts'
import type { AdapterShape, AdapterState, ChatEncoder, Trainable, TrainingSetup, UpdateReport, UpdateSettings } from '../core/policy/trainable.ts'
import { createRandom } from '../core/random.ts'
import { parameterShapes, projections, type ModelConfig } from '../nn/transformer/config.ts'
import { loraShapes, type LoraConfig } from '../nn/transformer/weights.ts'
import type { Runtime, Values } from '../runtime/runtime.ts'
import { freshAdapter, type Adapter } from './adapter.ts'
import { Decoder, type CacheEngine } from './decoder.ts'
import { chatEncoder } from './encoding.ts'
import { createHostEngine, loadHostPrograms, type HostPrograms } from './host-engine.ts'
import { inspectTokens, type TokenView } from './inspect.ts'
import { plannedWindow, type LoadedModel } from './load-model.ts'
import { createResidentEngine } from './resident-engine.ts'
import { ReplyText, stopIdsOf } from './reply-text.ts'
import { Tokenizer } from './tokenizer.ts'
import { Trainer } from './trainer.ts'

/** Conversations that are decoded side by side: on a CPU idle ones cost nothing, on a GPU all of them cost memory. */
const sideBySide = { cpu: 64, gpu: 8 } as const
/** Programs of different shapes that a trainer keeps. */
const keptShapes = 24

interface Decoding {
  decoder: Decoder
  /** Whose conversation each row holds. */
  owners: (string | null)[]
  dispose(): Promise<void>
}

const weightOptions = { layout: 'huggingface', dtype: 'float32' } as const

/** @throws RangeError naming a projection that no model has */
export function loraOf({ rank, alpha, targets }: AdapterShape): LoraConfig {
  const known = targets.map((target) => {
    const projection = projections.find((each) => each === target)
    if (!projection) throw new RangeError(`There is no projection ${target}: ${projections.join(', ')} are.`)
    return projection
  })
  return { rank, alpha, targets: known }
}

export class LocalModel implements Trainable {
  readonly name: string
  readonly config: ModelConfig
  readonly encoder: ChatEncoder
  readonly counter: TokenCounter
  readonly window: number
  readonly #runtime: Runtime
  readonly #weights: ReadonlyMap<string, Float32Array>
  readonly #tokenizer: Tokenizer
  readonly #threads = new Map<string, PromptThread>()
  readonly #stopIds = new Map<string, readonly number[]>()
  /** The base weights as programs without built-in ones are fed. */
  #fed: Values | null = null
  #decoding: Promise<Decoding> | null = null
  #adapter: { lora: LoraConfig; values: () => Values } | null = null
  #trainer: Trainer | null = null

  private constructor(runtime: Runtime, name: string, { config, weights, tokenizer }: LoadedModel) {
    this.name = name
    this.config = config
    this.#runtime = runtime
    this.#weights = weights
    this.#tokenizer = new Tokenizer(tokenizer)
    this.encoder = chatEncoder(this.#tokenizer)
    this.counter = this.#tokenizer.counter(name)
    this.window = Math.min(config.maxPositions, plannedWindow)
  }

  /** Builds the programs and runs them once. @param name as it is recorded in trajectories */
  static async create(runtime: Runtime, name: string, model: LoadedModel): Promise<LocalModel> {
    const local = new LocalModel(runtime, name, model)
    await local.#decoders()
    return local
  }

  /** Samples with this adapter from now on, or without any. Not while it is being trained. */
  async useAdapter(adapter: Adapter | null): Promise<void> {
    if (this.#trainer) throw new Error('The model is being trained: end the training before another adapter is used.')
    if (!adapter) {
      await this.#sampleWith(null)
      return
    }
    const values: Values = {}
    for (const [name, shape] of loraShapes(this.config, adapter.lora)) {
      const data = adapter.tensors.get(name)
      if (data?.length !== shape[0] * shape[1]) throw new Error(`The adapter does not fit this model: ${name}.`)
      values[name] = { dtype: 'float32', shape, data }
    }
    await this.#sampleWith({ lora: adapter.lora, values: () => values })
  }

  async #sampleWith(adapter: { lora: LoraConfig; values: () => Values } | null): Promise<void> {
    const same = JSON.stringify(adapter?.lora ?? null) === JSON.stringify(this.#adapter?.lora ?? null)
    this.#adapter = adapter
    if (same) {
      ;(await this.#decoding)?.decoder.reset()
      return
    }
    await (await this.#decoding)?.dispose()
    this.#decoding = null
  }

  async #decoders(): Promise<Decoding> {
    this.#decoding ??= this.#loadDecoding()
    return this.#decoding
  }

  async #loadDecoding(): Promise<Decoding> {
    const { config, window } = this
    const lora = this.#adapter?.lora ?? null
    const values = () => this.#adapter?.values() ?? {}
    const gpu = this.#runtime.device === 'webgpu'
    const rows = gpu ? sideBySide.gpu : sideBySide.cpu
    let engine: CacheEngine
    let programs: HostPrograms | null = null
    if (gpu) {
      const base = await this.#base()
      engine = await createResidentEngine(this.#runtime, config, { batch: rows, capacity: window, chunk: 64, ...weightOptions, lora }, () => ({ ...base, ...values() }))
    } else {
      const built = { ...weightOptions, values: (name: string) => this.#weights.get(name) ?? new Float32Array(0) }
      programs = await loadHostPrograms(this.#runtime, config, window, built, lora)
      engine = createHostEngine(programs, config, window, rows, values)
    }
    const decoder = new Decoder(engine, rows)
    return {
      decoder,
      owners: Array.from({ length: rows }, () => null),
      dispose: async () => {
        await decoder.dispose()
        await programs?.dispose()
      },
    }
  }

  /** Base weights as inputs: on a GPU there once. */
  async #base(): Promise<Values> {
    if (this.#fed) return this.#fed
    const fed: Values = {}
    for (const [name, shape] of parameterShapes(this.config)) {
      fed[name] = await this.#runtime.upload({ dtype: 'float32', shape, data: this.#weights.get(name) ?? new Float32Array(0) })
    }
    this.#fed = fed
    return fed
  }

  async generate(requests: readonly GenerateRequest[], options: GenerateOptions): Promise<Generation[]> {
    const results: Generation[] = []
    const { decoder } = await this.#decoders()
    for (let from = 0; from < requests.length; from += decoder.batch) {
      results.push(...(await this.#generateBatch(requests.slice(from, from + decoder.batch), options, from)))
    }
    return results
  }

  async #generateBatch(requests: readonly GenerateRequest[], { temperature, maxTokens, stop, signal, onText }: GenerateOptions, offset: number): Promise<Generation[]> {
    if (signal?.aborted) throw new AbortError()
    const decoding = await this.#decoders()
    const rows = assignRows(decoding.owners, requests.map(ownerOf))
    const prompts = requests.map((request) => this.#prompt(request))
    const texts = requests.map(({ purpose }, i) => new ReplyText(this.#tokenizer, purpose === 'act' ? stop : [], (text) => onText?.(offset + i, text)))
    const requestOf = new Map(rows.map((row, i) => [row, i]))
    const inRow = <T>(values: readonly T[], rest: T): T[] => Array.from({ length: decoding.decoder.batch }, (_, row) => values[requestOf.get(row) ?? -1] ?? rest)
    const generated = await decoding.decoder.generate(inRow<number[] | null>(prompts, null), {
      temperature,
      topK: 0,
      topP: 1,
      maxTokens,
      stopIds: [...this.#tokenizer.stopIds, ...this.#stopIdsFor(stop)],
      seeds: inRow(requests.map(({ seed }) => seed), 0),
      isFinished: (row) => texts[requestOf.get(row) ?? -1]?.stopped ?? false,
      onTokens: (row, ids) => { texts[requestOf.get(row) ?? -1]?.push(ids) },
      ...(signal ? { signal } : {}),
    })
    if (signal?.aborted) throw new AbortError()
    return requests.map((request, i): Generation => {
      const row = generated[rows[i] ?? -1]
      const text = texts[i]
      if (!row || !text) throw new Error('The decoder lost a row.')
      const length = text.end()
      const ids = row.ids.slice(0, length)
      if (request.purpose === 'act') this.#threads.get(ownerOf(request))?.reply(ids, text.text)
      return { text: text.text, tokens: length, token_ids: ids, logprobs: row.logps.slice(0, length), finish: text.stopped ? 'stop' : row.finish }
    })
  }

  /** Ids of the conversation; those of earlier replies as they were sampled. */
  #prompt({ conversation, purpose, episode }: GenerateRequest): number[] {
    if (purpose === 'summarise') return new PromptThread(this.encoder).extend(conversation)
    const owner = ownerOf({ episode })
    const begins = conversation.every(({ role }) => role !== 'assistant')
    const thread = begins ? new PromptThread(this.encoder) : (this.#threads.get(owner) ?? new PromptThread(this.encoder))
    // The newest last: threads of episodes that ended are forgotten first.
    this.#threads.delete(owner)
    this.#threads.set(owner, thread)
    for (const oldest of this.#threads.keys()) {
      if (this.#threads.size <= 2 * sideBySide.cpu) break
      this.#threads.delete(oldest)
    }
    return thread.extend(conversation)
  }

  #stopIdsFor(stop: readonly string[]): readonly number[] {
    const key = JSON.stringify(stop)
    const known = this.#stopIds.get(key) ?? stopIdsOf(this.#tokenizer, stop)
    this.#stopIds.set(key, known)
    return known
  }

  /** What the model thinks of given tokens behind a conversation: probability, entropy, alternatives. With the adapter in use. */
  async inspect(conversation: GenerateRequest['conversation'], ids: readonly number[], alternatives: number): Promise<TokenView[]> {
    const prompt = new PromptThread(this.encoder).extend(conversation)
    return inspectTokens(this.#runtime, this.config, { ...(await this.#base()), ...(this.#adapter?.values() ?? {}) }, this.#adapter?.lora ?? null, this.#tokenizer, { prompt, ids, alternatives })
  }

  async beginTraining(setup: TrainingSetup, saved: AdapterState | null): Promise<void> {
    await this.endTraining()
    const lora = loraOf(setup.lora)
    const fresh = freshAdapter(this.config, lora, createRandom(`adapter/${setup.seed}`))
    const trainer = await Trainer.create(
      this.#runtime,
      this.config,
      {
        loss: { kind: 'grpo', grpo: { clip: setup.clip, kl: setup.kl } },
        trainable: 'lora',
        lora,
        weights: weightOptions,
        recompute: false,
        adamW: setup.adamW,
        batching: setup.batching,
        keptShapes,
      },
      await this.#base(),
      saved?.parameters ?? fresh.tensors,
    )
    if (saved) await trainer.restore(saved)
    this.#trainer = trainer
    await this.#sampleWith({ lora, values: () => trainer.parameters })
  }

  async endTraining(): Promise<void> {
    if (!this.#trainer) return
    const trainer = this.#trainer
    this.#trainer = null
    await this.#sampleWith(null)
    await trainer.dispose()
  }

  #training(): Trainer {
    if (!this.#trainer) throw new Error('The model is not being trained: begin a training first.')
    return this.#trainer
  }

  async score(sequences: readonly TrainSequence[], of: 'policy' | 'reference'): Promise<Float32Array[]> {
    return this.#training().score(sequences, of === 'reference')
  }

  async update(sequences: readonly TrainSequence[], settings: UpdateSettings): Promise<UpdateReport> {
    const report = await this.#training().update(sequences, settings)
    // Keys and values of the old weights.
    ;(await this.#decoding)?.decoder.reset()
    return report
  }

  async adapterState(): Promise<AdapterState> {
    return this.#training().state()
  }

  /** Frees what it holds; the runtime is the caller's. */
  async dispose(): Promise<void> {
    await this.#trainer?.dispose()
    await (await this.#decoding)?.dispose()
    this.#trainer = null
    this.#decoding = null
  }
}

const ownerOf = ({ episode }: Pick<GenerateRequest, 'episode'>) => `${episode.task}/${episode.rollout}`

/** A row for each owner: the one that it had, else a free one, else the one that was given away first. Changes `owners`. */
function assignRows(owners: (string | null)[], wanted: readonly string[]): number[] {
  const taken = new Set<number>()
  const rows = wanted.map((owner) => {
    const own = owners.indexOf(owner)
    if (own < 0 || taken.has(own)) return -1
    taken.add(own)
    return own
  })
  return rows.map((row, i) => {
    if (row >= 0) return row
    const unused = owners.findIndex((owner, at) => owner === null && !taken.has(at))
    const found = unused >= 0 ? unused : owners.findIndex((_, at) => !taken.has(at))
    taken.add(found)
    owners[found] = wanted[i] ?? null
    return found
  })
}
