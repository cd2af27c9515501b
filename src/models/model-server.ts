// What model.worker does: loads one model at a time and lets others generate with it, look into it and train it.
// Knows no page and no episode; where it runs is given.
import type { ModelInfo, ModelNeeds, ModelProgress, ModelSource, RunsOn } from '../core/policy/model.ts'
import { fullSystemPrompt } from '../core/agents/agemem/prompts.ts'
import { askAll } from '../core/policy/ask.ts'
import type { Answered, Asked, ChatMessage, Policy, StreamOptions } from '../core/policy/policy.ts'
import { ServedStreams, type OnText, type ServedOptions } from '../core/policy/served-streams.ts'
import type { TokenView } from '../core/policy/token-view.ts'
import type { AdapterState, AdapterTensors, Applied, GradientShard, PeftFiles, TrainingSetup, UpdateReport, UpdateSettings } from '../core/policy/trainable.ts'
import type { TrainSequence } from '../core/policy/sequence.ts'
import type { Measured } from '../runtime/choose.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { loraOf, readAdapter, writeAdapter } from './files/adapter.ts'
import { checkPlan, loadModel, planModel, type LoadedModel } from './files/load-model.ts'
import { LocalModel } from './local-model.ts'
import { learningBytes, playingBytes } from './needs.ts'
import { windowOf } from './playing-needs.ts'
import { parameterCount, readModelConfig, type ModelConfig } from '../nn/transformer/config.ts'
import { filesAtUrl, filesOfFolder, type ModelFiles } from './files/model-files.ts'
import type { KnownInstructions } from './kept/instructions.ts'

/** Where a model runs: a runtime for it, with what others were found to be, and it where they were compared. */
export type Place = (model: LoadedModel) => Promise<{ runtime: Runtime; measured: readonly Measured[] }>

interface ModelServerOptions {
  place: Place
  /** Bytes that the process may take with a model. */
  limit: number
  /** Files of a model that is kept in this browser. @throws ModelLoadError when it is not whole */
  kept?: (key: string) => Promise<File[]>
  /** What a kept model has computed of its instructions before, by the program that is named. */
  instructions?: { known: KnownInstructions; program: string }
  /** Monotonic, ms. */
  now: () => number
}

/** What warms a model up, or is timed. */
export async function sayHello(model: Policy, options: StreamOptions, instructions: string | null = null): Promise<void> {
  const system: ChatMessage[] = instructions === null ? [] : [{ role: 'system', content: instructions }]
  await askAll(model, [{ conversation: [...system, { role: 'user', content: 'Hello' }], thread: 'hello', purpose: 'warm-up', stop: [], seed: 1 }], options)
}

/**
 * What a pretrained model will be instructed with: it reads that while it loads (LocalModel keeps it), not when somebody
 * waits for the first word. nano has a short prompt of its own.
 */
const instructionsFor = ({ parameters }: LoadedModel): string | null => (parameters < pretrainedFrom ? null : fullSystemPrompt())

/** Which files they are: a folder that is picked again may have changed. */
const identityOf = (files: readonly File[]) => files.map(({ name, size, lastModified }) => `${name} ${size} ${lastModified}`).sort().join()

/** Bytes of the tab's process while it plays. */
const playing = (config: ModelConfig): number => playingBytes(config, 'tab')

/** Two requests for the same model. */
function same(a: ModelSource, b: ModelSource): boolean {
  if (a.name !== b.name) return false
  if (a.kind === 'url') return b.kind === 'url' && a.url === b.url
  if (a.kind === 'kept') return b.kind === 'kept' && a.key === b.key
  return a.kind === 'files' && b.kind === 'files' && identityOf(a.files) === identityOf(b.files)
}

/** What keys and values depend on beside the weights. */
const computedBy = (program: string, { description }: Runtime, instructions: string) => JSON.stringify([program, description, instructions])

/** Parameters of a model that was made by others, at least. */
const pretrainedFrom = 20e6

/** Reading and building, as parts of the whole time. */
const readShare = 0.6

interface Present {
  source: ModelSource
  model: LocalModel
  runtime: Runtime
  info: ModelInfo
}

export class ModelServer {
  readonly #options: ModelServerOptions
  #present: Promise<Present> | null = null
  /** One thing at a time: a load waits for what generates. */
  #last: Promise<unknown> = Promise.resolve()
  readonly #streams = new ServedStreams()
  /** Who waits for a model, and hears how far its load is, whoever began it. */
  readonly #waiting = new Set<{ source: ModelSource; tell: (progress: ModelProgress) => void }>()

  constructor(options: ModelServerOptions) {
    this.#options = options
  }

  async #filesOf(source: ModelSource): Promise<ModelFiles> {
    switch (source.kind) {
      case 'url':
        return filesAtUrl(source.url, { names: source.files })
      case 'files':
        return filesOfFolder(source.files)
      case 'kept':
        if (!this.#options.kept) throw new Error('No weights are kept here.')
        return filesOfFolder(await this.#options.kept(source.key))
      case 'webllm':
        throw new Error(`${source.name} is a model of WebLLM: it does not run in this engine.`)
    }
  }

  #queue<T>(job: () => Promise<T>): Promise<T> {
    const result = this.#last.then(job)
    this.#last = result.catch(() => undefined)
    return result
  }

  /** What the model would need. Reads its small files and the beginnings of the others. @throws ModelLoadError and its like, naming the file */
  async plan(source: ModelSource): Promise<ModelNeeds> {
    const files = await this.#filesOf(source)
    const plan = await planModel(files)
    const needs = this.#needsOf(plan.config)
    if (needs.bytes <= needs.limit) await checkPlan(files, plan)
    return needs
  }

  /** The same by what a config.json holds. @throws ModelConfigError */
  async needs(json: unknown): Promise<ModelNeeds> {
    return Promise.resolve(this.#needsOf(readModelConfig(json)))
  }

  #needsOf(config: ModelConfig): ModelNeeds {
    return { parameters: parameterCount(config), bytes: playing(config), learning: learningBytes(config, 'tab'), window: windowOf(config), limit: this.#options.limit }
  }

  /**
   * Loads a model in the place of the one that was there; the one that is there already is kept.
   * @param first what it will be asked to sample with: its programs are built for that. @throws what loadModel() throws; then the old model is there no more
   */
  async load(source: ModelSource, onProgress: (progress: ModelProgress) => void, first: AdapterTensors | null = null): Promise<ModelInfo> {
    const waiting = { source, tell: onProgress }
    this.#waiting.add(waiting)
    try {
      return await this.#queue(() => this.#replace(source, first))
    } finally {
      this.#waiting.delete(waiting)
    }
  }

  async #replace(source: ModelSource, first: AdapterTensors | null): Promise<ModelInfo> {
    const present = await this.#present?.catch(() => null)
    if (present && same(present.source, source)) return present.info
    this.#present = null
    await this.#streams.closeAll()
    if (present) await dispose(present)
    const loading = this.#load(source, first, (progress) => { for (const each of this.#waiting) if (same(each.source, source)) each.tell(progress) })
    this.#present = loading
    return (await loading).info
  }

  /** Loads a model before it is asked for, where nobody is at work with another one. */
  async prepare(source: ModelSource, first: AdapterTensors | null = null): Promise<void> {
    await this.#queue(async () => {
      const present = await this.#present?.catch(() => null)
      if (!this.#streams.isEmpty || present?.model.isTraining === true) return
      // Who asks for it loads it again, and is told.
      await this.#replace(source, first).catch(() => undefined)
    })
  }

  async #load(source: ModelSource, first: AdapterTensors | null, onProgress: (progress: ModelProgress) => void): Promise<Present> {
    const { place, limit, now } = this.#options
    const began = now()
    const loaded = await loadModel(await this.#filesOf(source), limit, ({ doing, share }) => { onProgress({ doing, share: share * readShare }) }, undefined, playing)
    onProgress({ doing: { step: 'programs' }, share: readShare })
    const { runtime, measured } = await place(loaded)
    const model = await LocalModel.create(runtime, source.name, loaded, first)
    const hello = { temperature: 0, maxTokens: 1 }
    // Whoever learnt was asked in few words.
    const instructions = runtime.device === 'webgpu' || first ? null : instructionsFor(loaded)
    const isKnown = instructions !== null && (await this.#know(source, model, runtime, instructions))
    // A chat template may refuse a system message; whoever asks for one is told then.
    await sayHello(model, hello, instructions).catch(() => sayHello(model, hello))
    // When nobody waits for the model to be ready.
    if (instructions !== null && !isKnown) void this.#queue(() => this.#keep(source, model, runtime, instructions)).catch(() => undefined)
    onProgress({ doing: { step: 'ready' }, share: 1 })
    const { config, parameters, tokenizer } = loaded
    const info: ModelInfo = { name: source.name, family: config.family, parameters, vocabulary: config.vocabSize, window: model.window, bytes: playing(config), runsOn: runsOn(runtime, measured), processor: runtime.device === 'webgpu' ? 'gpu' : 'cpu', milliseconds: now() - began, tokenizer }
    return { source, model, runtime, info }
  }

  /** Whether the model need not read its instructions: it did, on such a device, and what came of it was kept. */
  async #know(source: ModelSource, model: LocalModel, runtime: Runtime, instructions: string): Promise<boolean> {
    const { instructions: kept } = this.#options
    if (source.kind !== 'kept' || !kept) return false
    try {
      const values = await kept.known.read(source.key, computedBy(kept.program, runtime, instructions))
      if (values) await model.knowInstructions(instructions, values)
      return values !== null
    } catch {
      // It is read again then.
      return false
    }
  }

  async #keep(source: ModelSource, model: LocalModel, runtime: Runtime, instructions: string): Promise<void> {
    const { instructions: kept } = this.#options
    if (source.kind !== 'kept' || !kept) return
    // Another one may have come in its place before its turn: then its programs are gone.
    if ((await this.#present?.catch(() => null))?.model !== model) return
    const values = await model.knownInstructions(instructions)
    if (values) await kept.known.write(source.key, computedBy(kept.program, runtime, instructions), values)
  }

  async #model(): Promise<LocalModel> {
    if (!this.#present) throw new Error('No model is loaded.')
    return (await this.#present).model
  }

  serve(name: string, asked: Asked[], options: ServedOptions, onText: OnText | null): Promise<Answered[]> {
    const stream = this.#streams.named(name)
    return this.#queue(async () => stream.serve(await this.#model(), asked, options, onText))
  }

  closeStream(name: string): Promise<void> {
    return this.#queue(() => this.#streams.close(name))
  }

  abort(name: string): Promise<void> {
    this.#streams.abort(name)
    return Promise.resolve()
  }

  async inspect(conversation: ChatMessage[], ids: number[], alternatives: number): Promise<TokenView[]> {
    return this.#queue(async () => (await this.#model()).inspect(conversation, ids, alternatives))
  }

  async useAdapter(adapter: AdapterTensors | null): Promise<void> {
    return this.#queue(async () => (await this.#model()).useAdapter(adapter))
  }

  async peftFiles({ lora, parameters }: AdapterTensors): Promise<PeftFiles> {
    const { config, name } = await this.#model()
    return writeAdapter(config, { lora: loraOf(lora), parameters }, name)
  }

  async readPeft(files: PeftFiles, of?: ModelSource): Promise<AdapterTensors> {
    const { config } = of ? await planModel(await this.#filesOf(of)) : await this.#model()
    return readAdapter(config, files)
  }

  async beginTraining(setup: TrainingSetup, saved: AdapterState | null): Promise<void> {
    return this.#queue(async () => (await this.#model()).beginTraining(setup, saved))
  }

  async endTraining(): Promise<void> {
    return this.#queue(async () => (await this.#model()).endTraining())
  }

  async score(sequences: readonly TrainSequence[], of: 'policy' | 'reference'): Promise<Float32Array[]> {
    return this.#queue(async () => (await this.#model()).score(sequences, of))
  }

  async update(sequences: readonly TrainSequence[], settings: UpdateSettings): Promise<UpdateReport> {
    return this.#queue(async () => (await this.#model()).update(sequences, settings))
  }

  async gradient(sequences: readonly TrainSequence[], settings: UpdateSettings): Promise<GradientShard> {
    return this.#queue(async () => (await this.#model()).gradient(sequences, settings))
  }

  async apply(whole: GradientShard, settings: UpdateSettings): Promise<Applied> {
    return this.#queue(async () => (await this.#model()).apply(whole, settings))
  }

  async adapterState(): Promise<AdapterState> {
    return this.#queue(async () => (await this.#model()).adapterState())
  }
}

function runsOn({ device, hardware }: Runtime, measured: readonly Measured[]): RunsOn {
  const own = measured.find((each) => each.device === device)
  return { device, hardware, milliseconds: own?.milliseconds ?? null, others: measured.filter((each) => each !== own) }
}

async function dispose({ model, runtime }: Present): Promise<void> {
  await model.dispose()
  await runtime.dispose()
}
