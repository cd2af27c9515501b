// The live part of webllm.worker: the model that WebLLM has loaded, as one that learns. Puts its parts together on the
// model's own device; all that is done there goes through WebLLM's one queue, so that no two runs overlap.
import { baseNameOf, type ModelInfo, type ModelProgress, type ModelSource } from '../core/policy/model.ts'
import type { Answered, Asked, ChatMessage } from '../core/policy/policy.ts'
import type { TrainSequence } from '../core/policy/sequence.ts'
import { ServedStreams, type OnText, type ServedOptions } from '../core/policy/served-streams.ts'
import type { TokenView } from '../core/policy/token-view.ts'
import type { AdapterShape, AdapterState, AdapterTensors, Applied, GradientShard, PeftFiles, TrainingSetup, UpdateReport, UpdateSettings } from '../core/policy/trainable.ts'
import { WebLlmError, type GpuLimits, type Outcome, type WebLlmModel } from '../core/policy/webllm.ts'
import { loraOf, readAdapter, writeAdapter } from '../models/files/adapter.ts'
import { parameterCount, projectionShape, type ModelConfig, type Projection } from '../nn/transformer/config.ts'
import type { WebGpuRuntime } from '../runtime/webgpu.ts'
import { unquantised } from '../webllm/catalogue.ts'
import { problemOf } from '../webllm/problems.ts'
import type { LoadedModel, WebLlmServer } from '../webllm/server.ts'
import { layoutOf, type LiveParameter } from './layout.ts'
import type { LiveModel } from './live-model.ts'
import { modelConfigOf } from './model-config.ts'

interface LiveServerParts {
  engine: WebLlmServer
  /** On a device that is there already. */
  runtime: (device: GPUDevice) => Promise<WebGpuRuntime>
  /** Bytes of all buffers on the graphics card. */
  cardBytes: () => number
}

/** What learning takes, foretold, bytes. */
interface Needs {
  playing: number
  kept: number
  learner: number
  step: number
}

interface Present {
  loaded: LoadedModel
  live: LiveModel
  info: ModelInfo
}

/** Bytes of a buffer that WebLLM asks its device for at most. */
const largestBuffer = 2 ** 30
const float = 4

/** @throws WebLlmError `device-limit` where a matrix in 32 bits is more than the card binds at once */
function checkLimits({ vocabSize, hiddenSize }: ModelConfig, { maxStorageBufferBindingSize }: Pick<GpuLimits, 'maxStorageBufferBindingSize'>): void {
  const needed = float * vocabSize * hiddenSize
  const available = Math.min(maxStorageBufferBindingSize, largestBuffer)
  if (needed > available) throw new WebLlmError({ kind: 'device-limit', limit: 'maxStorageBufferBindingSize', needed, available })
}

/** Weights of what adapters of these projections change, in bytes: whole stacked matrices. */
function keptBytesOf(config: ModelConfig, targets: readonly Projection[], bytes: number): number {
  const groups: readonly (readonly Projection[])[] = [['q_proj', 'k_proj', 'v_proj'], ['o_proj'], ['gate_proj', 'up_proj'], ['down_proj']]
  const sizeOf = (projection: Projection) => projectionShape(config, projection).reduce((product, size) => product * size, 1)
  const changed = groups.filter((group) => group.some((projection) => targets.includes(projection))).flat()
  return bytes * config.layers * changed.reduce((sum, projection) => sum + sizeOf(projection), 0)
}

const bytesOf = (quantisation: string) => (quantisation.includes('f16') ? 2 : float)

/** The parameters that WebLLM has loaded, by name. */
function parametersOf({ internals }: LoadedModel): LiveParameter[] {
  const parameters = internals.parameters()
  return parameters.names().map((name, i) => ({ name, ...parameters.at(i) }))
}

export class LiveServer {
  readonly #parts: LiveServerParts
  #present: Present | null = null
  readonly #streams = new ServedStreams()

  constructor(parts: LiveServerParts) {
    this.#parts = parts
  }

  /** @throws WebLlmError when it cannot learn, as far as that is known before it is loaded */
  async #check(record: WebLlmModel): Promise<GpuLimits> {
    const { gpu } = await this.#parts.engine.capabilities()
    const { id, quantisation, trainable, custom, family } = record
    if (!/^q0|^unknown$/.test(quantisation)) {
      const whole = unquantised(record, gpu.available && gpu.shaderF16)
      throw new WebLlmError({ kind: 'quantised', model: id, unquantised: whole && { id: whole.id, bytes: whole.download.bytes } })
    }
    if (!trainable && !custom) throw new WebLlmError({ kind: 'layout', detail: `${family} is not computed here.` })
    if (!gpu.available) throw new WebLlmError({ kind: 'no-webgpu', reason: gpu.reason, detail: gpu.detail })
    if (record.needsF16 && !gpu.shaderF16) throw new WebLlmError({ kind: 'no-shader-f16', model: id, twin: record.f32Twin })
    return gpu.limits
  }

  async look(source: ModelSource, lora: AdapterShape, tokens: number): Promise<Outcome<Needs>> {
    try {
      const { engine } = this.#parts
      const record = await engine.describe(sourceOf(source))
      const limits = await this.#check(record)
      const config = modelConfigOf(await engine.configuration(record), record.window ?? tokens, null)
      checkLimits(config, limits)
      const { estimateLearner, estimateMicroBatch } = await import('../nn/memory-estimate.ts')
      const shape = loraOf(lora)
      const kept = keptBytesOf(config, shape.targets, bytesOf(record.quantisation))
      const widest = { prefix: 0, batch: 1, length: tokens, positions: tokens }
      const step = Math.min(...[0, config.layers].map((twice) => estimateMicroBatch(config, shape, widest, twice)))
      const playing = record.vram ?? bytesOf(record.quantisation) * parameterCount(config)
      return { ok: true, value: { playing, kept, learner: estimateLearner(config, shape, 0), step } }
    } catch (error) {
      return { ok: false, problem: problemOf(error, { model: source.name, library: '', twin: null, window: 0 }) }
    }
  }

  cardBytes(): Promise<number> {
    return Promise.resolve(this.#parts.cardBytes())
  }

  /** Loads the model into WebLLM, if it is not there, and makes it one that can learn. @throws WebLlmError */
  async load(source: ModelSource, onProgress: (progress: ModelProgress) => void): Promise<ModelInfo> {
    const { engine } = this.#parts
    const of = sourceOf(source)
    await this.#check(await engine.describe(of))
    const outcome = await engine.load(of, onProgress)
    if (!outcome.ok) throw new WebLlmError(outcome.problem)
    return engine.withModel(async (loaded) => {
      if (this.#present?.loaded !== loaded) {
        onProgress({ doing: { step: 'programs' }, share: 1 })
        this.#present = await this.#made(loaded)
      }
      return this.#present.info
    })
  }

  async #made(loaded: LoadedModel): Promise<Present> {
    const { model, internals, config: chat, info: playing } = loaded
    const parameters = parametersOf(loaded)
    const config = modelConfigOf(chat, playing.window, parameters.map(({ name }) => name))
    const layout = layoutOf(parameters, config)
    const device = internals.device()
    checkLimits(config, device.limits)
    const { tokenizerOf, encodingOf, sharedWeights, LiveModel: Live } = await import('./learning.ts')
    const tokenizer = tokenizerOf(chat, playing.tokenizer.tokenizer)
    const { encoder, counter } = encodingOf(tokenizer, playing.name)
    const runtime = await this.#parts.runtime(device)
    const { weights, abandon } = sharedWeights(device, layout, runtime)
    const live = new Live({ name: playing.name, config, window: playing.window, sampler: model, weights, runtime, encoder, counter })
    const present: Present = { loaded, live, info: { ...playing, parameters: parameterCount(config), tokenizer, live: true } }
    loaded.beforePlain = () => live.asBase()
    loaded.leaving.add(async (lost) => {
      if (this.#present === present) this.#present = null
      await this.#streams.closeAll()
      if (!lost) await live.endTraining().catch(() => undefined)
      abandon()
      const freed = runtime.dispose()
      // A run on a lost card may never end, and what frees the programs stands behind it.
      if (lost) freed.catch(() => undefined)
      else await freed
    })
    return present
  }

  /** Work on the model that load() gave, with nothing else at the card. @throws Error when another one came in its place */
  #with<T>(job: (live: LiveModel) => Promise<T>): Promise<T> {
    return this.#parts.engine.withModel((loaded) => {
      if (this.#present?.loaded !== loaded) throw new Error('Another model of WebLLM was loaded in the place of the one that learns here.')
      return job(this.#present.live)
    })
  }

  serve(name: string, asked: Asked[], options: ServedOptions, onText: OnText | null): Promise<Answered[]> {
    const stream = this.#streams.named(name)
    return this.#with(async (live) => {
      await live.asAdapted()
      return stream.serve(live, asked, options, onText)
    })
  }

  closeStream(name: string): Promise<void> {
    return this.#streams.close(name)
  }

  abort(name: string): Promise<void> {
    this.#streams.abort(name)
    return Promise.resolve()
  }

  inspect(conversation: ChatMessage[], ids: number[], alternatives: number): Promise<TokenView[]> {
    return this.#with(async (live) => {
      await live.asAdapted()
      return live.inspect(conversation, ids, alternatives)
    })
  }

  useAdapter(adapter: AdapterTensors | null): Promise<void> {
    return this.#with((live) => live.useAdapter(adapter))
  }

  peftFiles({ lora, parameters }: AdapterTensors): Promise<PeftFiles> {
    return this.#with(({ config, name }) => Promise.resolve(writeAdapter(config, { lora: loraOf(lora), parameters }, baseNameOf(name))))
  }

  readPeft(files: PeftFiles): Promise<AdapterTensors> {
    return this.#with(({ config }) => Promise.resolve(readAdapter(config, files)))
  }

  beginTraining(setup: TrainingSetup, saved: AdapterState | null): Promise<void> {
    return this.#with((live) => live.beginTraining(setup, saved))
  }

  endTraining(): Promise<void> {
    return this.#with((live) => live.endTraining())
  }

  score(sequences: readonly TrainSequence[], of: 'policy' | 'reference'): Promise<Float32Array[]> {
    return this.#with((live) => live.score(sequences, of))
  }

  update(sequences: readonly TrainSequence[], settings: UpdateSettings): Promise<UpdateReport> {
    return this.#with((live) => live.update(sequences, settings))
  }

  gradient(sequences: readonly TrainSequence[], settings: UpdateSettings): Promise<GradientShard> {
    return this.#with((live) => live.gradient(sequences, settings))
  }

  apply(whole: GradientShard, settings: UpdateSettings): Promise<Applied> {
    return this.#with((live) => live.apply(whole, settings))
  }

  adapterState(): Promise<AdapterState> {
    return this.#with((live) => live.adapterState())
  }
}

function sourceOf(source: ModelSource) {
  if (source.kind !== 'webllm') throw new Error(`${source.name} is no model of WebLLM.`)
  return source.source
}
