// Loads a model in Hugging Face form: configuration, tokenizer, weights in one safetensors file or in shards. Says
// what it will need before it loads, and refuses what does not fit.
import { z } from 'zod'
import { estimateDecoding } from '../nn/memory-estimate.ts'
import { parameterCount, parameterShapes, readModelConfig, type ModelConfig } from '../nn/transformer/config.ts'
import type { ModelFiles } from './model-files.ts'
import { readSafetensors, toFloat32 } from './safetensors.ts'
import { Tokenizer, type TokenizerFiles } from './tokenizer.ts'

/** What a model needs, before its weights are read. */
export interface ModelPlan {
  config: ModelConfig
  parameters: number
  tokenizer: TokenizerFiles
  /** Files of the weights, in the order in which they are read. */
  weightFiles: string[]
  /** Bytes in use once it is loaded and decodes. */
  bytes: number
}

export interface LoadedModel extends ModelPlan {
  /** By Hugging Face name, float32. */
  weights: Map<string, Float32Array>
}

export interface LoadProgress {
  /** What is being done, in words. */
  doing: string
  /** Of the whole load, 0 to 1. */
  share: number
}

export class ModelLoadError extends Error {
  override readonly name = 'ModelLoadError'
}

/** Thrown before anything large is read. */
export class ModelTooLargeError extends Error {
  override readonly name = 'ModelTooLargeError'
}

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) })
const singleFile = 'model.safetensors'
const indexFile = 'model.safetensors.index.json'

/** Positions that memory is planned for when a model could take more. */
export const plannedWindow = 4096

const decoder = new TextDecoder()

function parseJson(text: string, file: string, place: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ModelLoadError(`${file} of ${place} is not JSON: it may be damaged, or not what it is called.`)
  }
}

async function textOf(files: ModelFiles, name: string, signal?: AbortSignal): Promise<string | null> {
  const bytes = await files.read(name, signal ? { signal } : {})
  return bytes && decoder.decode(bytes)
}

/**
 * Reads everything but the weights.
 * @throws ModelLoadError naming the file that is missing or damaged, ModelConfigError, TokenizerError
 */
export async function planModel(files: ModelFiles, signal?: AbortSignal): Promise<ModelPlan> {
  const need = async (name: string) => {
    const text = await textOf(files, name, signal)
    if (text === null) throw new ModelLoadError(`There is no ${name} in ${files.place}. A model in Hugging Face form has config.json, tokenizer.json, tokenizer_config.json and model.safetensors.`)
    return text
  }
  const config = readModelConfig(parseJson(await need('config.json'), 'config.json', files.place))
  const template = await textOf(files, 'chat_template.jinja', signal)
  const tokenizer = { tokenizer: await need('tokenizer.json'), config: await need('tokenizer_config.json'), ...(template === null ? {} : { template }) }
  const index = await textOf(files, indexFile, signal)
  let weightFiles = [singleFile]
  if (index !== null) {
    const read = indexSchema.safeParse(parseJson(index, indexFile, files.place))
    if (!read.success) throw new ModelLoadError(`${indexFile} of ${files.place} has no weight_map.`)
    weightFiles = [...new Set(Object.values(read.data.weight_map))].sort()
  }
  const capacity = Math.min(config.maxPositions, plannedWindow)
  const parameters = parameterCount(config)
  // Weights are kept beside the programs that have them built in.
  const bytes = estimateDecoding(config, { batch: 1, capacity, dtype: 'float32' }).total + 4 * parameters
  return { config, parameters, tokenizer, weightFiles, bytes }
}

const gigabytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(bytes < 2 ** 30 ? 2 : 1)} GB`

/**
 * Loads a model.
 * @param limit bytes that it may need; more is refused before any weight is read
 * @throws ModelTooLargeError, ModelLoadError, SafetensorsError, and what planModel() throws
 */
export async function loadModel(files: ModelFiles, limit: number, onProgress: (progress: LoadProgress) => void = () => undefined, signal?: AbortSignal): Promise<LoadedModel> {
  onProgress({ doing: 'Reading the configuration', share: 0 })
  const plan = await planModel(files, signal)
  if (plan.bytes > limit) {
    throw new ModelTooLargeError(`This model has ${(plan.parameters / 1e6).toFixed(0)} M parameters and needs about ${gigabytes(plan.bytes)}; ${gigabytes(limit)} can be used here. Choose a smaller one.`)
  }
  // Also a tokenizer that cannot be used is noticed before the weights are read.
  new Tokenizer(plan.tokenizer)
  const shapes = parameterShapes(plan.config)
  const weights = new Map<string, Float32Array>()
  for (const [i, name] of plan.weightFiles.entries()) {
    const part = (share: number) => { onProgress({ doing: `Reading ${name}`, share: (i + share) / plan.weightFiles.length }) }
    part(0)
    const bytes = await files.read(name, { onBytes: (done, total) => { part(total === null ? 0 : done / total) }, ...(signal ? { signal } : {}) })
    if (!bytes) throw new ModelLoadError(`There is no ${name} in ${files.place}${plan.weightFiles.length > 1 ? `, which ${indexFile} names` : ''}.`)
    for (const [tensor, stored] of readSafetensors(bytes).tensors) {
      const shape = shapes.get(tensor)
      // Buffers of other libraries, and the tied head that some files repeat.
      if (!shape) continue
      const values = toFloat32(stored)
      const size = shape.reduce((product, dim) => product * dim, 1)
      if (values.length !== size) throw new ModelLoadError(`${name}: ${tensor} has ${values.length} values where config.json asks for ${size}.`)
      weights.set(tensor, values)
    }
  }
  const missing = [...shapes.keys()].filter((name) => !weights.has(name))
  if (missing.length > 0) throw new ModelLoadError(`The weights lack ${missing.slice(0, 3).join(', ')}${missing.length > 3 ? ` and ${missing.length - 3} more` : ''}: files are missing, or they are another model's.`)
  onProgress({ doing: 'Weights read', share: 1 })
  return { ...plan, weights }
}
