// Training an adapter on sequences of tokens, and hearing what became of it: a trainer and a decoder over one copy of the
// weights. Models, tokenizers and adapters are read and written as the Python libraries have them.
import { createRandom } from '../../../src/core/random.ts'
import type { TrainSequence } from '../../../src/core/policy/sequence.ts'
import { freshAdapter, loraOf, writeAdapter, type Adapter } from '../../../src/models/files/adapter.ts'
import { loadModel, type LoadedModel } from '../../../src/models/files/load-model.ts'
import type { ModelFiles } from '../../../src/models/files/model-files.ts'
import { createDecoding, weightOptions, type Decoding } from '../../../src/models/sampling/decoding.ts'
import { Trainer } from '../../../src/models/training/trainer.ts'
import { roomOf } from '../../../src/models/training/learning-plan.ts'
import { parameterShapes, projections } from '../../../src/nn/transformer/config.ts'
import type { Runtime, Values } from '../../../src/runtime/runtime.ts'

export { AdapterError, readAdapter, type Adapter } from '../../../src/models/files/adapter.ts'
export { loadModel, ModelLoadError, ModelTooLargeError, type LoadedModel } from '../../../src/models/files/load-model.ts'
export { filesAtUrl, filesOfFolder, type ModelFiles } from '../../../src/models/files/model-files.ts'
export { Tokenizer } from '../../../src/models/files/tokenizer.ts'
export { StepTooLargeError } from '../../../src/models/training/learning-plan.ts'

export interface LoraOptions {
  /** Of the adapter; 8 when left out. */
  rank?: number
  /** The adapter's part is scaled by alpha / rank; twice the rank when left out. */
  alpha?: number
  /** Projections that get an adapter; all seven when left out. */
  targets?: readonly string[]
  /** Tokens of a sequence at most; the model's positions or 1,024, whichever is less, when left out. */
  window?: number
  /** AdamW's; 0 when left out. */
  weightDecay?: number
  /** A fresh adapter is drawn from it, and what is generated; 1 when left out. */
  seed?: number
  /** An adapter to go on from, as readAdapter() gives one; its rank, alpha and targets hold. */
  from?: Adapter
}

/** Tokens to learn: each from place `from` on (1 when left out) is predicted from those before it. */
export interface LoraSequence {
  ids: readonly number[]
  from?: number
}

export interface GenerateOptions {
  /** New tokens at most; 64 when left out. */
  tokens?: number
  /** 0 takes the likeliest; 1 when left out. */
  temperature?: number
  seed?: number
  /** Ids that end it. */
  stopIds?: readonly number[]
}

export interface LoraTraining {
  readonly adapter: Pick<Adapter, 'lora'>['lora']
  /**
   * One AdamW step on the mean negative log-likelihood of the sequences' tokens, the gradient's norm cut to 1.
   * @returns that mean before the step, in nats a token, and the gradient's norm before it was cut
   * @throws RangeError where nothing is to be learnt, StepTooLargeError where a sequence does not fit into memory
   */
  step(sequences: readonly LoraSequence[], learningRate: number): Promise<{ loss: number; gradientNorm: number }>
  /** The same mean, and nothing is learnt. */
  loss(sequences: readonly LoraSequence[]): Promise<number>
  /** Goes on from these tokens with what was learnt so far; returns the new ones. */
  generate(prompt: readonly number[], options?: GenerateOptions): Promise<number[]>
  /** Files that PEFT loads: adapter_config.json and adapter_model.safetensors. @param base what the base model is called */
  save(base: string): Promise<{ config: string; model: Uint8Array }>
  /** Frees what the training holds. Runtime and weights are the caller's. */
  dispose(): Promise<void>
}

/** Reads a model, Llama, Qwen2 or Qwen3, from Hugging Face files or a GGUF file. @throws ModelTooLargeError, ModelLoadError … */
export function openModel(files: ModelFiles, runtime: Runtime): Promise<LoadedModel> {
  return loadModel(files, runtime.memory)
}

/** Each target with its share of the mean. */
function targetsOf(sequences: readonly LoraSequence[], window: number): TrainSequence[] {
  const counts = sequences.map(({ ids, from = 1 }) => {
    if (ids.length > window) throw new RangeError(`A sequence has ${ids.length} tokens, and the window ${window}: cut it, or set a larger window.`)
    if (!Number.isInteger(from) || from < 1) throw new RangeError(`from is ${from}: the first token that can be predicted is that at place 1.`)
    return Math.max(0, ids.length - from)
  })
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) throw new RangeError('No sequence has a token to predict: each needs two tokens at least.')
  return sequences.map(({ ids, from = 1 }, i) => ({ ids, targets: Array.from({ length: counts[i] ?? 0 }, (_, k) => ({ index: from + k, weight: 1 / total })) }))
}

/** An adapter of a model, to be trained on this runtime. The weights are fed as they are: nothing of them is changed. */
export async function createLora(runtime: Runtime, model: Pick<LoadedModel, 'config' | 'weights'>, options: LoraOptions = {}): Promise<LoraTraining> {
  const { config, weights } = model
  const { rank = 8, alpha = 2 * rank, targets = projections, weightDecay = 0, seed = 1, from } = options
  const window = Math.min(options.window ?? 1024, config.maxPositions)
  const lora = from?.lora ?? loraOf({ rank, alpha, targets: [...targets] })
  const base: Values = {}
  for (const [name, shape] of parameterShapes(config)) {
    base[name] = await runtime.upload({ dtype: 'float32', shape, data: weights.get(name) ?? new Float32Array(0) })
  }
  const initial = from?.parameters ?? freshAdapter(config, lora, createRandom(`adapter/${seed}`)).parameters
  const settings = {
    loss: { kind: 'cross-entropy' },
    trainable: 'lora',
    lora,
    weights: weightOptions,
    recompute: 0,
    adamW: { betas: [0.9, 0.999], epsilon: 1e-8, weightDecay },
    // A graphics card compiles every length: few of them. A processor takes them as they are.
    batching: { tokens: window, lengths: [1, 2, 4, 8].map((part) => Math.ceil(window / part)).reverse() },
    room: roomOf(runtime, config, lora, true),
  } as const
  const trainer = await Trainer.create(runtime, config, settings, base, initial)
  let decoding: Promise<Decoding> | null = null

  return {
    adapter: lora,
    async step(sequences, learningRate) {
      const { loss, grad_norm } = await trainer.update(targetsOf(sequences, window), { learningRate, maxNorm: 1, beta: 0 })
      ;(await decoding)?.decoder.reset()
      return { loss, gradientNorm: grad_norm }
    },
    async loss(sequences) {
      const asked = targetsOf(sequences, window)
      const logps = await trainer.score(asked)
      return -asked.reduce((sum, { targets }, i) => sum + targets.reduce((part, { weight }, k) => part + weight * (logps[i]?.[k] ?? NaN), 0), 0)
    },
    async generate(prompt, { tokens = 64, temperature = 1, seed: luck = seed, stopIds = [] } = {}) {
      decoding ??= createDecoding({ runtime, config, window, weights, base: () => Promise.resolve(base), lora, adapter: () => ({ ...trainer.parameters }) })
      const { decoder } = await decoding
      decoder.begin(0, prompt, { seed: luck, maxTokens: tokens, stopIds })
      while (!(await decoder.advance([0], { temperature })).includes(0));
      return decoder.take(0).ids
    },
    async save(name) {
      const { parameters } = await trainer.state()
      return writeAdapter(config, { lora, parameters }, name)
    },
    async dispose() {
      await (await decoding)?.dispose()
      await trainer.dispose()
      for (const value of Object.values(base)) if ('dispose' in value) value.dispose()
    },
  }
}
