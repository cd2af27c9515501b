// What webllm.worker does: WebLLM's models listed, fetched, loaded and asked. The library is imported with the first
// load; what the browser gives is handed in.
import type { AppConfig, InitProgressReport, MLCEngineConfig, MLCEngineInterface, ModelRecord } from '@mlc-ai/web-llm'
import { z } from 'zod'
import { fit, misfitWords } from '../core/fit.ts'
import type { LoadStep, ModelInfo, ModelProgress, RunsOn } from '../core/policy/model.ts'
import { askAll } from '../core/policy/ask.ts'
import { AbortError, type Answered, type Asked, type ChatMessage } from '../core/policy/policy.ts'
import { ServedStreams, type OnText, type ServedOptions } from '../core/policy/served-streams.ts'
import type { TokenView } from '../core/policy/token-view.ts'
import { problemWords, WebLlmError, type Capabilities, type CustomModel, type GoneModel, type GpuLimits, type Outcome, type WebLlmModel, type WebLlmProblem, type WebLlmSource } from '../core/policy/webllm.ts'
import { weightsIn, type ArtifactProgress, type Artifacts, type HeldModel } from './artifacts.ts'
import { capabilitiesOf, type Browser } from './capabilities.ts'
import { customModel, isLong, listedModels } from './catalogue.ts'
import { customModelsIn, type Shelf } from './custom-models.ts'
import { embed, type TextEmbedding } from './embedding.ts'
import { internalsOf, type ModelInternals } from './internals.ts'
import { listed } from './list.ts'
import { LogitTap } from './logit-tap.ts'
import { marksOf } from './messages.ts'
import { problemOf } from './problems.ts'
import { WebLlmModel as Model, type ChatEngine } from './webllm-model.ts'
import { cacheBytesAToken, longestWindow, windowConfigSchema, windowsOf } from './window.ts'

/** The library, as it is imported when it is needed; another version of it in the opt-in test. */
export interface Library {
  MLCEngine: new (config: MLCEngineConfig) => Engine
}

type Engine = ChatEngine & Pick<MLCEngineInterface, 'embedding' | 'reload' | 'unload'>

export interface WebLlmServerParts {
  library: () => Promise<Library>
  browser: Browser
  artifacts: Artifacts
  /** Where custom models are kept. */
  shelf: Shelf
  /** Monotonic, ms. */
  now: () => number
}

const chatConfigSchema = z.looseObject({
  model_type: z.string().default(''),
  vocab_size: z.number().int().positive(),
  ...windowConfigSchema.shape,
})

/** A loaded chat model as whoever works on it in this worker sees it. The same object as long as it is loaded. */
export interface LoadedModel {
  record: WebLlmModel
  model: Model
  internals: ModelInternals
  info: ModelInfo
  /** What mlc-chat-config.json holds. */
  config: Readonly<Record<string, unknown>>
  /** To be done before it plays as it is: whoever changed its weights puts them back. */
  beforePlain: () => Promise<void>
  /** To be done before it leaves the card. `lost`: the card is gone already, and answers nothing any more. */
  leaving: Set<(lost: boolean) => Promise<void>>
}

interface Present extends LoadedModel {
  engine: Engine
  /** Fails when its card is lost; whatever waits for that card may wait for ever. */
  lost: Promise<never>
}

/** Problems after which there is nothing to go on with on the card. */
const fatal = (problem: WebLlmProblem) => problem.kind === 'device-lost' || problem.kind === 'torn-weights'

/** Fails with `device-lost` once the model's card is lost. An engine that does not show its device is told of nothing. */
function lostOf(internals: ModelInternals): Promise<never> {
  const device = deviceIn(internals)
  const lost = new Promise<never>((_, reject) => {
    void device?.lost.then(({ message }) => { reject(new WebLlmError({ kind: 'device-lost', detail: message })) })
  })
  lost.catch(() => undefined)
  return lost
}

function deviceIn(internals: ModelInternals): GPUDevice | null {
  try {
    return internals.device()
  } catch {
    return null
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** What the library says of its loading. Files come before it here: what it "fetches" then, it reads from the cache. */
function stepOf(text: string): LoadStep {
  if (text.startsWith('Loading GPU shader')) return { step: 'shaders' }
  return { step: text.startsWith('Finish') ? 'ready' : 'onto-card' }
}

/** A record of ours as the library's own. @param window tokens at once; null: as its configuration says */
function modelRecord({ id, url, library, kind }: WebLlmModel, window: number | null): ModelRecord {
  const row = listed.find((each) => each.id === id)
  return {
    model: url,
    model_id: id,
    model_lib: library,
    // 1: ModelType.embedding, whose enum would bring the library in.
    ...(kind === 'embedding' ? { model_type: 1 } : {}),
    overrides: { ...(kind === 'chat' && window !== null ? { context_window_size: window } : {}), ...(row?.history ? { max_history_size: row.history } : {}) },
  }
}

export class WebLlmServer {
  readonly #parts: WebLlmServerParts
  #present: Present | null = null
  #embedder: TextEmbedding | null = null
  #last: Promise<unknown> = Promise.resolve()
  readonly #streams = new ServedStreams()
  readonly #downloads = new Map<string, AbortController>()
  /** Loads of a chat model that are under way or wait. */
  readonly #loads = new Set<AbortController>()
  /** Who waits to hear that a model is gone. */
  readonly #waiting = new Set<(gone: GoneModel) => void>()

  constructor(parts: WebLlmServerParts) {
    this.#parts = parts
  }

  /** One after another: there is one graphics card. */
  #queue<T>(job: () => Promise<T>): Promise<T> {
    const done = this.#last.then(job, job)
    this.#last = done.catch(() => undefined)
    return done
  }

  capabilities(): Promise<Capabilities> {
    return capabilitiesOf(this.#parts.browser)
  }

  async catalogue(): Promise<WebLlmModel[]> {
    const custom = await customModelsIn(this.#parts.shelf)
    return [...listedModels(), ...custom].sort((a, b) => (a.vram ?? Infinity) - (b.vram ?? Infinity))
  }

  async #find(source: WebLlmSource): Promise<WebLlmModel> {
    if (source.kind === 'custom') return customModel(source)
    const found = (await this.catalogue()).find(({ id }) => id === source.id)
    if (!found) throw new WebLlmError({ kind: 'unknown-model', model: source.id, detail: 'It is not in the list.' })
    return found
  }

  /** The model that is meant, with what is known of it before anything is loaded. @throws WebLlmError */
  describe(source: WebLlmSource): Promise<WebLlmModel> {
    return this.#find(source)
  }

  /** What mlc-chat-config.json of a model holds, fetched when it is not here. @throws WebLlmError */
  configuration(record: WebLlmModel): Promise<Readonly<Record<string, unknown>>> {
    return this.#chatConfig(record)
  }

  /** What it gives, or its problem as data. */
  async #outcome<T>(record: WebLlmModel | null, job: () => Promise<T>): Promise<Outcome<T>> {
    try {
      return { ok: true, value: await job() }
    } catch (error) {
      return { ok: false, problem: problemOf(error, { model: record?.id ?? '', library: record?.library ?? '', twin: record?.f32Twin ?? null, window: record?.window ?? 0 }) }
    }
  }

  async addCustom(model: CustomModel): Promise<Outcome<WebLlmModel>> {
    return this.#outcome(null, async () => {
      const record = customModel(model)
      const config = await this.#chatConfig(record)
      const kept = { ...record, window: config.context_window_size && config.context_window_size > 0 ? Math.min(config.context_window_size, longestWindow) : null }
      await this.#parts.shelf.write([...(await this.#parts.shelf.read()).filter(({ name }) => name !== model.name), model])
      return kept
    })
  }

  async removeCustom(id: string): Promise<void> {
    const kept = await this.#parts.shelf.read()
    const gone = kept.find(({ name }) => name === id)
    if (!gone) return
    await this.#parts.shelf.write(kept.filter(({ name }) => name !== id))
    await this.#parts.artifacts.remove(customModel(gone))
  }

  async cached(): Promise<HeldModel[]> {
    return this.#parts.artifacts.held(await this.catalogue())
  }

  async download(id: string, onProgress: (progress: ArtifactProgress) => void): Promise<Outcome<HeldModel>> {
    const stop = new AbortController()
    return this.#outcome(null, async () => {
      if (this.#downloads.has(id)) throw new WebLlmError({ kind: 'other', detail: `${id} is being fetched already.` })
      this.#downloads.set(id, stop)
      try {
        return await this.#parts.artifacts.download(await this.#find({ kind: 'listed', id }), stop.signal, onProgress)
      } finally {
        this.#downloads.delete(id)
      }
    })
  }

  async cancelDownload(id: string): Promise<void> {
    this.#downloads.get(id)?.abort()
    return Promise.resolve()
  }

  async remove(id: string): Promise<void> {
    const record = (await this.catalogue()).find((each) => each.id === id)
    this.#downloads.get(id)?.abort()
    if (record) await this.#parts.artifacts.remove(record)
  }

  async #chatConfig(record: WebLlmModel) {
    const text = await this.#parts.artifacts.chatConfig(record)
    const read = fit(chatConfigSchema, parsed(text))
    if (read.success) return read.data
    await this.#parts.artifacts.forgetConfig(record)
    throw new WebLlmError({ kind: 'unknown-model', model: record.id, detail: `mlc-chat-config.json cannot be read: ${misfitWords(read.misfit)}.` })
  }

  /** Refuses early what would fail late. @throws WebLlmError */
  async #check(record: WebLlmModel): Promise<{ runsOn: RunsOn; limits: GpuLimits }> {
    const { gpu } = await this.capabilities()
    if (!gpu.available) throw new WebLlmError({ kind: 'no-webgpu', reason: gpu.reason, detail: gpu.detail })
    if (record.needsF16 && !gpu.shaderF16) throw new WebLlmError({ kind: 'no-shader-f16', model: record.id, twin: record.f32Twin })
    const hardware = { kind: 'gpu' as const, name: gpu.adapter.description || gpu.adapter.vendor || null, software: gpu.fallback }
    return { runsOn: { device: 'webgpu', hardware, milliseconds: null, others: [] }, limits: gpu.limits }
  }

  /** @throws AbortError when the signal fires: then nothing of it is left on the card */
  async #engine(record: WebLlmModel, window: number | null, tap: LogitTap | null, signal: AbortSignal, onProgress: (progress: ModelProgress) => void): Promise<Engine> {
    const { MLCEngine } = await this.#parts.library()
    const appConfig: AppConfig = { model_list: [modelRecord(record, window)] }
    const engine = new MLCEngine({
      appConfig,
      logLevel: 'WARN',
      initProgressCallback: ({ text, progress }: InitProgressReport) => { onProgress({ doing: stepOf(text), share: progress }) },
      ...(tap ? { logitProcessorRegistry: new Map([[record.id, tap]]) } : {}),
    })
    // This is how the library ends a reload(); what has come by then goes with the unload() below.
    const stop = () => void engine.unload().catch(() => undefined)
    signal.addEventListener('abort', stop)
    try {
      signal.throwIfAborted()
      await engine.reload(record.id, tap ? { temperature: 1, top_p: 1, repetition_penalty: 1, frequency_penalty: 0, presence_penalty: 0 } : undefined)
      // An aborted reload() resolves as if nothing had happened.
      signal.throwIfAborted()
      return engine
    } catch (error) {
      await engine.unload().catch(() => undefined)
      throw signal.aborted ? new AbortError() : error
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }

  async load(source: WebLlmSource, onProgress: (progress: ModelProgress) => void): Promise<Outcome<ModelInfo>> {
    const stop = new AbortController()
    this.#loads.add(stop)
    return this.#queue(async () => {
      let record: WebLlmModel | null = null
      return this.#outcome(null, async () => {
        record = await this.#find(source)
        const { url, library } = record
        if (this.#present?.record.id === record.id && this.#present.record.url === url && this.#present.record.library === library) return this.#present.info
        const found = record
        const loaded = await this.#outcome(found, () => this.#load(found, stop.signal, onProgress))
        if (!loaded.ok) throw new WebLlmError(loaded.problem)
        return loaded.value
      })
    }).finally(() => this.#loads.delete(stop))
  }

  /** Ends what is being loaded, with `aborted`; what was fetched stays. */
  async cancelLoad(): Promise<void> {
    for (const stop of this.#loads) stop.abort()
    return Promise.resolve()
  }

  async #load(record: WebLlmModel, signal: AbortSignal, onProgress: (progress: ModelProgress) => void): Promise<ModelInfo> {
    const { artifacts, now } = this.#parts
    const started = now()
    if (signal.aborted) throw new AbortError()
    const { runsOn, limits } = await this.#check(record)
    await this.#unload()
    // Ours first: it says what is missing, and resumes; the library would begin again without a word.
    await artifacts.download(record, signal, ({ bytes, total }) => { onProgress({ doing: { step: 'fetching' }, share: total ? (0.8 * bytes) / total : 0 }) })
    const config = await this.#chatConfig(record)
    const tap = new LogitTap()
    const row = listed.find((each) => each.id === record.id)
    const windows = windowsOf({ listed: row?.window ?? null, long: isLong(record.id), quantisation: record.quantisation, config, limits })
    const { engine, window } = await this.#fitting(record, windows, tap, signal, ({ doing, share }) => { onProgress({ doing, share: 0.8 + 0.2 * share }) })
    try {
      const internals = internalsOf(engine, record.id)
      const tokenizer = await artifacts.tokenizer(record)
      const marks = marksOf(tokenizer)
      internals.encodeInPieces((text) => marks.pieces(text))
      const manifest = await artifacts.manifest(record)
      const takes = window ?? config.context_window_size ?? 0
      const model = new Model({ name: record.id, engine, tap, text: internals, marks, modelType: config.model_type, window: takes })
      const beyond = (cacheBytesAToken(config, record.quantisation) ?? 0) * Math.max(0, takes - (row?.window ?? takes))
      const info: ModelInfo = {
        name: record.id,
        family: record.family,
        parameters: record.quantisation.startsWith('q0') ? weightsIn(manifest) : (record.parameters ?? 0),
        vocabulary: config.vocab_size,
        window: takes,
        bytes: (record.vram ?? manifest.records.reduce((sum, { nbytes }) => sum + nbytes, 0)) + beyond,
        runsOn,
        processor: 'gpu',
        milliseconds: now() - started,
        tokenizer: { tokenizer, config: '{}' },
      }
      const present: Present = { record, engine, model, internals, info, config, beforePlain: () => Promise.resolve(), leaving: new Set(), lost: lostOf(internals) }
      this.#present = present
      // Also while nothing is asked of it, as when the computer sleeps.
      present.lost.catch((error: unknown) => this.#queue(() => this.#give(present, this.#problemOf(present, error))))
      return info
    } catch (error) {
      await engine.unload()
      throw error
    }
  }

  /** With the first of these windows that the card's memory takes. */
  async #fitting(record: WebLlmModel, windows: readonly number[], tap: LogitTap, signal: AbortSignal, onProgress: (progress: ModelProgress) => void): Promise<{ engine: Engine; window: number | null }> {
    const [window = null, ...smaller] = windows
    const tried = await this.#outcome(record, () => this.#engine(record, window, tap, signal, onProgress))
    if (tried.ok) return { engine: tried.value, window }
    const { kind } = tried.problem
    if (smaller.length === 0 || !(kind === 'out-of-memory' || kind === 'device-lost')) throw new WebLlmError(tried.problem)
    onProgress({ doing: { step: 'smaller-window' }, share: 0 })
    return this.#fitting(record, smaller, tap, signal, onProgress)
  }

  async #unload(lost = false): Promise<void> {
    const present = this.#present
    this.#present = null
    for (const leave of present?.leaving ?? []) await leave(lost).catch(() => undefined)
    const unloaded = present?.engine.unload()
    if (lost) unloaded?.catch(() => undefined)
    else await unloaded
  }

  /** Gives the model up, if it is still there, and says so. */
  async #give(present: Present, problem: WebLlmProblem): Promise<void> {
    if (this.#present !== present) return
    await this.#unload(problem.kind === 'device-lost').catch(() => undefined)
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const tell of waiting) tell({ id: present.record.id, problem })
  }

  /** Resolves when a model leaves the card though nobody asked for it: the card was lost, or its weights are no checkpoint's. */
  gone(): Promise<GoneModel> {
    return new Promise((resolve) => this.#waiting.add(resolve))
  }

  #problemOf({ record, info }: Present, error: unknown): WebLlmProblem {
    return problemOf(error, { model: record.id, library: record.library, twin: record.f32Twin, window: info.window })
  }

  unload(): Promise<void> {
    return this.#queue(() => this.#unload())
  }

  #loaded(): Present {
    if (!this.#present) throw new Error('No model of WebLLM is loaded.')
    return this.#present
  }

  /**
   * Work on the loaded model, for what learns in this worker: nothing else is done on the graphics card meanwhile. Its errors
   * in words; it ends with the card, and neither a lost card nor torn weights leave a model behind. @throws Error when none is loaded
   */
  withModel<T>(job: (loaded: LoadedModel) => Promise<T>): Promise<T> {
    return this.#queue(async () => {
      const loaded = this.#loaded()
      try {
        return await Promise.race([job(loaded), loaded.lost])
      } catch (error) {
        if (error instanceof AbortError) throw error
        const problem = this.#problemOf(loaded, error)
        if (fatal(problem)) await this.#give(loaded, problem)
        throw new Error(problemWords(problem), { cause: error })
      }
    })
  }

  #ask<T>(job: (model: Model) => Promise<T>): Promise<T> {
    return this.withModel(async ({ model, beforePlain }) => {
      await beforePlain()
      return job(model)
    })
  }

  serve(name: string, asked: Asked[], options: ServedOptions, onText: OnText | null): Promise<Answered[]> {
    const stream = this.#streams.named(name)
    return this.#ask((model) => stream.serve(model, asked, options, onText))
  }

  closeStream(name: string): Promise<void> {
    return this.#streams.close(name)
  }

  abort(name: string): Promise<void> {
    this.#streams.abort(name)
    return Promise.resolve()
  }

  inspect(conversation: ChatMessage[], ids: number[], alternatives: number): Promise<TokenView[]> {
    return this.#ask((model) => model.inspect(conversation, ids, alternatives))
  }

  ask(conversation: ChatMessage[], maxTokens: number, seed: number): Promise<string> {
    return this.#ask(async (model) => {
      const [reply] = await askAll(model, [{ conversation, thread: 'ask', purpose: 'ask', stop: [], seed }], { temperature: 0, maxTokens })
      return reply?.text ?? ''
    })
  }

  async loadEmbedder(id: string, onProgress: (progress: ModelProgress) => void): Promise<Outcome<{ name: string; dimensions: number }>> {
    return this.#queue(async () => {
      if (this.#embedder?.name === id) return { ok: true as const, value: { name: id, dimensions: this.#embedder.dimensions } }
      const record = (await this.catalogue()).find((each) => each.id === id && each.kind === 'embedding') ?? null
      return this.#outcome(record, async () => {
        if (!record) throw new WebLlmError({ kind: 'unknown-model', model: id, detail: 'It is no embedding model of the list.' })
        await this.#check(record)
        await this.#embedder?.engine.unload()
        this.#embedder = null
        await this.#parts.artifacts.download(record, new AbortController().signal, ({ bytes, total }) => { onProgress({ doing: { step: 'fetching-embedder' }, share: total ? (0.8 * bytes) / total : 0 }) })
        const engine = await this.#engine(record, null, null, new AbortController().signal, ({ doing, share }) => { onProgress({ doing, share: 0.8 + 0.2 * share }) })
        const [probe] = await embed(engine, ['dimensions'])
        this.#embedder = { name: id, engine, dimensions: probe?.length ?? 0 }
        return { name: id, dimensions: this.#embedder.dimensions }
      })
    })
  }

  embed(texts: string[]): Promise<Float32Array[]> {
    return this.#queue(async () => {
      if (!this.#embedder) throw new Error('No embedding model of WebLLM is loaded.')
      return embed(this.#embedder.engine, texts)
    })
  }
}
