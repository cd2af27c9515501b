// Loads a model: in Hugging Face form (configuration, tokenizer, weights in one safetensors file or in shards), or in one
// GGUF file. Says what it will need before it loads, and refuses what does not fit.
import type { ModelProgress, TokenizerText } from '../../core/policy/model.ts'
import { sameData } from '../../core/same-data.ts'
import { kindOfFile } from '../../core/file-kind.ts'
import { parameterCount, parameterShapes, readModelConfig, type ModelConfig } from '../../nn/transformer/config.ts'
import { heldBytes, takesTurns } from '../playing-needs.ts'
import { ModelLoadError, ModelTooLargeError } from './load-errors.ts'
import { hubHint, mistakenPlace, mistakenText } from './mistaken.ts'
import type { ModelFiles } from './model-files.ts'
import type { GgufModel } from './gguf/gguf-model.ts'
import { firstNotFinite } from './safetensors.ts'
import { Tokenizer } from './tokenizer.ts'
import { checkWeights, weightNames, type WeightFile } from './weight-files.ts'

export { ModelLoadError, ModelTooLargeError }

/** What a model needs, before its weights are read. */
export interface ModelPlan {
  config: ModelConfig
  parameters: number
  tokenizer: TokenizerText
  /** Files of the weights, in the order in which they are read. */
  weightFiles: string[]
  /** The model in one file, where it is one. */
  gguf: GgufModel | null
}

export interface LoadedModel extends ModelPlan {
  /** By Hugging Face name, float32. */
  weights: Map<string, Float32Array>
  /**
   * Reads the weights once more, for who let go of them. Left out: they are few, and to be kept.
   * @throws ModelLoadError also when they are no longer what they were
   */
  again?: () => Promise<Map<string, Float32Array>>
}

const decoder = new TextDecoder()
/** Values of a tensor that are compared when it is read again. */
const probes = 64

/** Bytes of the small files at most: the largest tokenizers have about 35 MB. */
const textLimits = { 'config.json': 2 ** 20, 'tokenizer.json': 128 * 2 ** 20, 'tokenizer_config.json': 16 * 2 ** 20, 'generation_config.json': 2 ** 20, 'chat_template.jinja': 2 ** 20 } as const
type TextFile = keyof typeof textLimits

function parseJson(text: string, file: string, place: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ModelLoadError(`${file} of ${place} is not JSON: it may be damaged, or not what it is called.`)
  }
}

/** @throws ModelLoadError for a file that is something else */
async function textOf(files: ModelFiles, name: TextFile, signal?: AbortSignal): Promise<string | null> {
  const bytes = await files.read(name, { limit: textLimits[name], ...(signal ? { signal } : {}) })
  if (!bytes) return null
  // Servers of single pages answer every address with their page, also those of files that need not be there.
  if ((name === 'chat_template.jinja' || name === 'generation_config.json') && kindOfFile(bytes) === 'html') return null
  const mistaken = mistakenText(bytes)
  if (mistaken !== null) throw new ModelLoadError(`${name} of ${files.place} ${mistaken}`)
  return decoder.decode(bytes)
}

/** The one file that a model in GGUF form is; null: it is in Hugging Face form. @throws ModelLoadError where there are several */
function ggufNameIn({ names = [], place }: ModelFiles): string | null {
  if (names.includes('config.json')) return null
  const [first, ...more] = names.filter((name) => /^[^/]+\.gguf$/i.test(name))
  if (first === undefined) return null
  if (more.length > 0) throw new ModelLoadError(`There are ${1 + more.length} GGUF files in ${place}: ${[first, ...more].slice(0, 3).join(', ')}. Each is a model: choose one of them.`)
  return first
}

/**
 * Reads everything but the weights.
 * @throws ModelLoadError naming the file that is missing or damaged, ModelConfigError, TokenizerError
 */
export async function planModel(files: ModelFiles, signal?: AbortSignal): Promise<ModelPlan> {
  const need = async (name: TextFile) => {
    const text = await textOf(files, name, signal)
    if (text !== null) return text
    const other = hubHint(files.place) ?? (name === 'config.json' ? await mistakenPlace(files) : null)
    throw new ModelLoadError(`There is no ${name} in ${files.place}. ${other ?? 'A model in Hugging Face form has config.json, tokenizer.json, tokenizer_config.json and model.safetensors.'}`)
  }
  const single = ggufNameIn(files)
  if (single !== null) {
    const { readGgufModel } = await import('./gguf/gguf-model.ts')
    const gguf = await readGgufModel(files, single, signal)
    return planOf(readModelConfig(gguf.config), gguf.tokenizer, [single], gguf)
  }
  const config = readModelConfig(parseJson(await need('config.json'), 'config.json', files.place))
  const template = await textOf(files, 'chat_template.jinja', signal)
  const generation = await textOf(files, 'generation_config.json', signal)
  const tokenizer = {
    tokenizer: await need('tokenizer.json'),
    config: await need('tokenizer_config.json'),
    ...(template === null ? {} : { template }),
    ...(generation === null ? {} : { generation }),
  }
  return planOf(config, tokenizer, await weightNames(files, signal), null)
}

function planOf(config: ModelConfig, tokenizer: TokenizerText, weightFiles: string[], gguf: GgufModel | null): ModelPlan {
  return { config, parameters: parameterCount(config), tokenizer, weightFiles, gguf }
}

/**
 * Whether what was planned is there and fits together, from the beginnings of the weights' files.
 * @throws ModelLoadError, SafetensorsError, TokenizerError
 */
export async function checkPlan(files: ModelFiles, { config, tokenizer, weightFiles, gguf }: ModelPlan, signal?: AbortSignal): Promise<WeightFile[]> {
  const { size } = new Tokenizer(tokenizer)
  if (size > config.vocabSize) {
    throw new ModelLoadError(gguf
      ? `${weightFiles.join()} of ${files.place} has tokens up to the id ${size - 1}, and weights of ${config.vocabSize}: it is damaged.`
      : `tokenizer.json of ${files.place} has tokens up to the id ${size - 1}, and config.json a vocab_size of ${config.vocabSize}: they belong to different models, or tokens were added without their weights.`)
  }
  return gguf ? [gguf.weights(config)] : checkWeights(files, weightFiles, config, signal)
}

const gigabytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(bytes < 2 ** 30 ? 2 : 1)} GB`

/** Some files repeat the embeddings as the head. @throws ModelLoadError when it is another one */
function checkTiedHead(head: Float32Array | null, weights: ReadonlyMap<string, Float32Array>): void {
  const embedding = weights.get('model.embed_tokens.weight')
  if (!head || head.every((value, i) => value === embedding?.[i])) return
  throw new ModelLoadError('The weights have an lm_head of their own, and config.json says tie_word_embeddings: true. One of the two is wrong: take the config.json that belongs to these weights, or set tie_word_embeddings to false in it.')
}

/** One tensor after another, so that no more than one of them is in memory as it is stored. */
async function* readWeights(files: ModelFiles, file: WeightFile, onBytes: (done: number) => void, signal?: AbortSignal): AsyncGenerator<[name: string, values: Float32Array]> {
  const { name, tensors } = file
  const reader = await files.open(name, { onBytes, ...(signal ? { signal } : {}) })
  if (!reader) throw new ModelLoadError(`There is no ${name} in ${files.place} any more.`)
  try {
    for (const { name: tensor, from, to, decode } of tensors) {
      const bytes = await reader.read(from, to)
      if (bytes.length < to - from) throw new ModelLoadError(`${name} of ${files.place} ends before its tensor ${tensor} does: it was cut short. Fetch it again.`)
      const values = decode(bytes)
      const bad = firstNotFinite(values)
      if (bad >= 0) throw new ModelLoadError(`${name}: value ${bad} of ${tensor} is ${values[bad]}, not a number that can be computed with: the weights are damaged.`)
      yield [tensor, values]
    }
    if (file.whole && (await reader.read(file.bytes, file.bytes + 1)).length > 0) throw new ModelLoadError(`${name} of ${files.place} goes on behind its last tensor: it is damaged.`)
  } finally {
    await reader.close()
  }
}

/**
 * Loads a model.
 * @param limit bytes that it may need; more is refused before any weight is read
 * @param needed bytes that it needs where it runs; left out: those that it takes itself
 * @throws ModelTooLargeError, ModelLoadError, SafetensorsError, and what planModel() throws
 */
export async function loadModel(files: ModelFiles, limit: number, onProgress: (progress: ModelProgress) => void = () => undefined, signal?: AbortSignal, needed: (config: ModelConfig) => number = heldBytes): Promise<LoadedModel> {
  onProgress({ doing: { step: 'configuration' }, share: 0 })
  const plan = await planModel(files, signal)
  const bytes = needed(plan.config)
  if (bytes > limit) {
    throw new ModelTooLargeError(`This model has ${(plan.parameters / 1e6).toFixed(0)} M parameters and needs about ${gigabytes(bytes)}; ${gigabytes(limit)} can be used here. Choose a smaller one.`)
  }
  // Also what cannot be used is noticed before the weights are read.
  const weightFiles = await checkPlan(files, plan, signal)
  const weights = await readAll(files, plan.config, weightFiles, onProgress, signal)
  onProgress({ doing: { step: 'weights-read' }, share: 1 })
  if (!takesTurns(plan.config)) return { ...plan, weights }
  const seen = probesOf(weights)
  const again = async () => {
    const found = await readAll(files, plan.config, weightFiles)
    if (!sameData(probesOf(found), seen)) throw new ModelLoadError(`The weights in ${files.place} are no longer what they were when the model was loaded. Load it again.`)
    return found
  }
  return { ...plan, weights, again }
}

async function readAll(files: ModelFiles, config: ModelConfig, weightFiles: readonly WeightFile[], onProgress: (progress: ModelProgress) => void = () => undefined, signal?: AbortSignal): Promise<Map<string, Float32Array>> {
  const shapes = parameterShapes(config)
  const weights = new Map<string, Float32Array>()
  let head: Float32Array | null = null
  for (const [i, file] of weightFiles.entries()) {
    const part = (share: number) => { onProgress({ doing: { step: 'reading', file: file.name }, share: (i + Math.min(1, share)) / weightFiles.length }) }
    part(0)
    for await (const [name, values] of readWeights(files, file, (done) => { part(done / file.bytes) }, signal)) {
      if (shapes.has(name)) weights.set(name, values)
      else head = values
    }
  }
  checkTiedHead(head, weights)
  return weights
}

/** Values here and there of each tensor: other weights differ in some of them. */
function probesOf(weights: ReadonlyMap<string, Float32Array>): number[] {
  return [...weights.values()].flatMap((values) => Array.from({ length: probes }, (_, i) => values[Math.floor((i * (values.length - 1)) / (probes - 1))] ?? 0))
}
