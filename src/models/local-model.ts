// A language model of ours as a policy that can be trained: conversations in, replies out, gradient steps. Owns the
// programs and the caches; knows nothing of episodes beyond the requests, and of files nothing at all.
import type { BatchingOptions } from '../core/training/micro-batches.ts'
import { PromptThread } from '../core/training/thread.ts'
import type { TrainSequence } from '../core/policy/sequence.ts'
import { updateInShares } from '../core/training/shares.ts'
import type { Generation } from '../core/record/trajectory.ts'
import { AbortError, type Answered, type Asked, type GenerateOptions, type GenerateRequest, type ReplyStream, type StreamOptions, type TokenCounter } from '../core/policy/policy.ts'
import type { AdapterShape, AdapterState, Applied, ChatEncoder, GradientShare, GradientSource, Trainable, TrainingSetup, UpdateReport, UpdateSettings } from '../core/policy/trainable.ts'
import { createRandom } from '../core/random.ts'
import { sameData } from '../core/same-data.ts'
import { parameterShapes, projections, type ModelConfig } from '../nn/transformer/config.ts'
import { loraShapes, type LoraConfig } from '../nn/transformer/weights.ts'
import type { Runtime, Values } from '../runtime/runtime.ts'
import { freshAdapter, type Adapter } from './files/adapter.ts'
import { Decoder, type CacheEngine, type GeneratedRow } from './sampling/decoder.ts'
import { chatEncoder, tokenCounter } from './encoding.ts'
import { createHostEngine, loadHostPrograms, type HostPrograms } from './sampling/host-engine.ts'
import { inspectTokens, type TokenView } from './sampling/inspect.ts'
import { plannedWindow, type LoadedModel } from './files/load-model.ts'
import { createResidentEngine } from './sampling/resident-engine.ts'
import { ReplyText, stopIdsOf } from './sampling/reply-text.ts'
import { Tokenizer } from './files/tokenizer.ts'
import { Trainer } from './training/trainer.ts'

/** Conversations that are decoded side by side: on a CPU idle ones cost nothing, on a GPU all of them cost memory. */
const sideBySide = { cpu: 64, gpu: 8 } as const
/** Share of the rows that a stream of requests may take: what watches an episode meanwhile needs some too. */
const streamShare = 7 / 8
/** Programs of different shapes that a trainer keeps: those of an update and of a scoring. */
const keptShapes = 48

const busy = 'The model is answering so many others that there is no room for more: stop one of them first.'

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

export class LocalModel implements Trainable, GradientSource {
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
  #trainer: { trainer: Trainer; batching: BatchingOptions } | null = null

  private constructor(runtime: Runtime, name: string, { config, weights, tokenizer }: LoadedModel) {
    this.name = name
    this.config = config
    this.#runtime = runtime
    this.#weights = weights
    this.#tokenizer = new Tokenizer(tokenizer)
    this.encoder = chatEncoder(this.#tokenizer)
    this.counter = tokenCounter(this.#tokenizer, name)
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
    while (results.length < requests.length) {
      const { decoder } = await this.#decoders()
      const room = freeRows(decoder).length
      if (room === 0) throw new Error(busy)
      const from = results.length
      results.push(...(await this.#generateBatch(requests.slice(from, from + room), options, from)))
    }
    return results
  }

  open(options: StreamOptions): ReplyStream {
    return new LocalStream(options, this.#tokenizer, {
      decoding: () => this.#decoders(),
      prompt: (request) => this.#prompt(request),
      stopIds: [...this.#tokenizer.stopIds, ...this.#stopIdsFor(options.stop)],
      replied: (request, ids, text) => { this.#threads.get(ownerOf(request))?.reply(ids, text) },
    })
  }

  async #generateBatch(requests: readonly GenerateRequest[], { temperature, minP = 0, maxTokens, stop, signal, onText }: GenerateOptions, offset: number): Promise<Generation[]> {
    if (signal?.aborted) throw new AbortError()
    const decoding = await this.#decoders()
    const rows = assignRows(decoding, requests.map(ownerOf))
    const prompts = requests.map((request) => this.#prompt(request))
    const texts = requests.map(({ purpose }, i) => new ReplyText(this.#tokenizer, purpose === 'act' ? stop : [], (text) => onText?.(offset + i, text)))
    const requestOf = new Map(rows.map((row, i) => [row, i]))
    const inRow = <T>(values: readonly T[], rest: T): T[] => Array.from({ length: decoding.decoder.batch }, (_, row) => values[requestOf.get(row) ?? -1] ?? rest)
    const generated = await decoding.decoder.generate(inRow<number[] | null>(prompts, null), {
      temperature,
      minP,
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
      const generation = generationOf(row, text, prompts[i]?.length ?? 0)
      if (request.purpose === 'act') this.#threads.get(ownerOf(request))?.reply(generation.token_ids ?? [], generation.text)
      return generation
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
    this.#trainer = { trainer, batching: setup.batching }
    await this.#sampleWith({ lora, values: () => trainer.parameters })
  }

  async endTraining(): Promise<void> {
    if (!this.#trainer) return
    const { trainer } = this.#trainer
    this.#trainer = null
    await this.#sampleWith(null)
    await trainer.dispose()
  }

  #training(): { trainer: Trainer; batching: BatchingOptions } {
    if (!this.#trainer) throw new Error('The model is not being trained: begin a training first.')
    return this.#trainer
  }

  async score(sequences: readonly TrainSequence[], of: 'policy' | 'reference'): Promise<Float32Array[]> {
    return this.#training().trainer.score(sequences, of === 'reference')
  }

  async update(sequences: readonly TrainSequence[], settings: UpdateSettings): Promise<UpdateReport> {
    const { trainer, batching } = this.#training()
    // On a graphics card gradients stay there. On a CPU in the shares of a team of workers: alone it comes to the same bits.
    if (this.#runtime.device !== 'webgpu') return updateInShares([this], sequences, batching, settings)
    const report = await trainer.update(sequences, settings)
    await this.#forgetCache()
    return report
  }

  async gradient(sequences: readonly TrainSequence[], settings: UpdateSettings): Promise<GradientShare> {
    return this.#training().trainer.gradient(sequences, settings)
  }

  async apply(whole: GradientShare, settings: UpdateSettings): Promise<Applied> {
    const applied = await this.#training().trainer.apply(whole, settings)
    await this.#forgetCache()
    return applied
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

/** What a stream asks of its model. */
interface StreamHost {
  decoding(): Promise<Decoding>
  prompt(request: GenerateRequest): number[]
  stopIds: readonly number[]
  replied(request: GenerateRequest, ids: number[], text: string): void
}

/** Continuous batching: rows that are done take the next request after each stretch of steps. */
class LocalStream implements ReplyStream {
  readonly #options: StreamOptions
  readonly #tokenizer: Tokenizer
  readonly #host: StreamHost
  readonly #waiting: Asked[] = []
  readonly #underWay = new Map<number, Asked & { text: ReplyText; promptTokens: number }>()
  #decoding: Decoding | null = null

  constructor(options: StreamOptions, tokenizer: Tokenizer, host: StreamHost) {
    this.#options = options
    this.#tokenizer = tokenizer
    this.#host = host
  }

  /** @throws AbortError when the signal has fired, Error when the model was given another adapter meanwhile */
  async serve(asked: readonly Asked[]): Promise<Answered[]> {
    const { temperature, minP = 0, signal } = this.#options
    const decoding = await this.#host.decoding()
    if (this.#underWay.size > 0 && this.#decoding !== decoding) throw new Error('The model was given another adapter while it was answering.')
    // A row that is free has been reset under it.
    if ([...this.#underWay.keys()].some((row) => decoding.decoder.isFree(row))) throw new Error('The model was given other weights while it was answering.')
    this.#decoding = decoding
    this.#waiting.push(...asked)
    while (this.#waiting.length + this.#underWay.size > 0) {
      if (signal?.aborted) throw new AbortError()
      this.#begin(decoding)
      if (this.#underWay.size === 0) throw new Error(busy)
      const done = await decoding.decoder.advance([...this.#underWay.keys()], {
        temperature,
        minP,
        stopIds: this.#host.stopIds,
        isFinished: (row) => this.#underWay.get(row)?.text.stopped ?? false,
        onTokens: (row, ids) => this.#underWay.get(row)?.text.push(ids),
      })
      if (done.length > 0) return done.flatMap((row) => this.#answer(decoding, row))
    }
    return []
  }

  /** Gives requests that wait the rows that are free. Some rows stay free for those who watch. */
  #begin({ decoder, owners }: Decoding): void {
    const room = Math.floor(streamShare * decoder.batch) - this.#underWay.size
    const begun = this.#waiting.splice(0, Math.max(0, Math.min(room, freeRows(decoder).length)))
    const rows = assignRows({ decoder, owners }, begun.map(({ request }) => ownerOf(request)))
    for (const [i, each] of begun.entries()) {
      const row = rows[i] ?? -1
      const text = new ReplyText(this.#tokenizer, each.request.purpose === 'act' ? this.#options.stop : [], () => undefined)
      const prompt = this.#host.prompt(each.request)
      decoder.begin(row, prompt, { seed: each.request.seed, maxTokens: this.#options.maxTokens })
      this.#underWay.set(row, { ...each, text, promptTokens: prompt.length })
    }
  }

  #answer({ decoder }: Decoding, row: number): Answered[] {
    const under = this.#underWay.get(row)
    if (!under) return []
    this.#underWay.delete(row)
    const generation = generationOf(decoder.take(row), under.text, under.promptTokens)
    if (under.request.purpose === 'act') this.#host.replied(under.request, generation.token_ids ?? [], generation.text)
    return [{ place: under.place, generation }]
  }

  async close(): Promise<void> {
    const { decoder } = this.#decoding ?? {}
    for (const row of this.#underWay.keys()) if (decoder?.isFree(row) === false) decoder.take(row)
    this.#underWay.clear()
    this.#waiting.length = 0
    return Promise.resolve()
  }
}

function generationOf(row: GeneratedRow, text: ReplyText, promptTokens: number): Generation {
  const length = text.end()
  const finish = text.stopped ? 'stop' : row.finish
  return { text: text.text, tokens: length, token_ids: row.ids.slice(0, length), logprobs: row.logps.slice(0, length), finish, prompt_tokens: promptTokens }
}

const freeRows = (decoder: Decoder) => Array.from({ length: decoder.batch }, (_, row) => row).filter((row) => decoder.isFree(row))

const ownerOf = ({ episode }: Pick<GenerateRequest, 'episode'>) => `${episode.task}/${episode.rollout}`

/** A free row for each owner: the one that it had, else an unused one, else the one that was given away first. Changes `owners`. */
function assignRows({ decoder, owners }: Pick<Decoding, 'decoder' | 'owners'>, wanted: readonly string[]): number[] {
  const taken = new Set([...owners.keys()].filter((row) => !decoder.isFree(row)))
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
