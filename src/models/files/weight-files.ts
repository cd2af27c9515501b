// Which files a model's weights are in, and what their headers say: everything that can be refused is refused from the
// beginnings of the files, before one of them is fetched whole.
import { z } from 'zod'
import { kindOfFile } from '../../core/file-kind.ts'
import { parameterShapes, type ModelConfig } from '../../nn/transformer/config.ts'
import { ModelLoadError } from './load-errors.ts'
import { mistakenPlace, mistakenText, mistakenWeights } from './mistaken.ts'
import type { ModelFiles } from './model-files.ts'
import { headerLength, ownFloat32, readHeader, SafetensorsError, storedTypeOf, type SafetensorsHeader, type TensorEntry } from './safetensors.ts'

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) })
const singleFile = 'model.safetensors'
const indexFile = 'model.safetensors.index.json'

/** Bytes of the index at most, and files that it may name: a model of 405 billion weights has 191. */
const limits = { index: 16 * 2 ** 20, files: 1000 }
/** Bytes of a file that are looked at first: the header of most. */
const firstLook = 64 * 1024

/** A tensor that is read: bytes from..to−1 of its file, and how they become float32. */
export interface StoredWeight {
  /** As Hugging Face has it. */
  name: string
  from: number
  to: number
  /** @param bytes its own, at the beginning of a buffer that is given away */
  decode: (bytes: Uint8Array<ArrayBuffer>) => Float32Array
}

/** A file of weights, as its header has it. */
export interface WeightFile {
  name: string
  /** Up to the end of the last tensor. */
  bytes: number
  /** In the order of the file. */
  tensors: StoredWeight[]
  /** Nothing may follow the last tensor. */
  whole: boolean
}

const plural = (names: readonly string[], shown = 3) => `${names.slice(0, shown).join(', ')}${names.length > shown ? ` and ${names.length - shown} more` : ''}`

function namesIn(index: Uint8Array, place: string): string[] {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder().decode(index))
  } catch {
    const why = mistakenText(index) ?? 'is not JSON: it may be damaged, or not what it is called.'
    throw new ModelLoadError(`${indexFile} of ${place} ${why}`)
  }
  const read = indexSchema.safeParse(json)
  if (!read.success) throw new ModelLoadError(`${indexFile} of ${place} has no weight_map.`)
  const names = [...new Set(Object.values(read.data.weight_map))].sort()
  // A name with a path or an address in it would be read from elsewhere.
  const strange = names.find((name) => !/^\w[\w.-]*\.safetensors$/.test(name))
  if (strange !== undefined) throw new ModelLoadError(`${indexFile} of ${place} names ${strange.slice(0, 100)}, which is no safetensors file beside it.`)
  if (names.length === 0 || names.length > limits.files) throw new ModelLoadError(`${indexFile} of ${place} names ${names.length} files.`)
  return names
}

/** The names of the files with weights, in the order in which they are read. @throws ModelLoadError */
export async function weightNames(files: ModelFiles, signal?: AbortSignal): Promise<string[]> {
  const index = await files.read(indexFile, { limit: limits.index, ...(signal ? { signal } : {}) })
  // Servers of single pages answer every address with their page.
  return index && kindOfFile(index) !== 'html' ? namesIn(index, files.place) : [singleFile]
}

async function headerOf(files: ModelFiles, name: string, several: boolean, signal?: AbortSignal): Promise<SafetensorsHeader> {
  let head = await files.head(name, firstLook, signal)
  if (!head || (name === singleFile && kindOfFile(head) === 'html')) {
    const other = await mistakenPlace(files)
    throw new ModelLoadError(
      several
        ? `There is no ${name} in ${files.place}, which ${indexFile} names: the model is not whole. Download the files that are missing.`
        : `There is no ${name} in ${files.place}. ${other ?? 'A model in Hugging Face form has its weights there.'}`,
    )
  }
  const mistaken = mistakenWeights(head)
  if (mistaken !== null) throw new ModelLoadError(`${name} of ${files.place} ${mistaken}`)
  try {
    const needed = 8 + headerLength(head)
    if (needed > head.length) head = (await files.head(name, needed, signal)) ?? head
    return readHeader(head)
  } catch (error) {
    throw error instanceof SafetensorsError ? new ModelLoadError(`${name} of ${files.place}: ${error.message}`, { cause: error }) : error
  }
}

/** A buffer that other libraries write and that is computed anew here. */
const idle = /(^|\.)rotary_emb\.inv_freq$/

/** Tensors that only quantised models have. */
const quantised = /\.(qweight|qzeros|scales|g_idx|weight_scale(_inv|_2)?|weight_packed|weight_zero_point|absmax|quant_map|quant_state(\..+)?|SCB|nested_\w+)$/

/** Why a tensor that the configuration does not announce cannot be left out. */
function extraProblem(name: string, config: ModelConfig): string {
  const layer = Number(/^model\.layers\.(\d+)\./.exec(name)?.[1] ?? -1)
  if (quantised.test(name)) return 'its weights are quantised. Take the same model unquantised.'
  if (/lora_[AB]|lora_embedding/.test(name)) return 'an adapter is packed in. Merge it into the weights first, or take the base model and import the adapter alone.'
  if (layer >= config.layers) return `config.json says ${config.layers} layers: the two belong to different models.`
  return 'without it the model would be computed wrongly. Take the config.json that belongs to these weights.'
}

/** Whether a tensor is what the configuration announces. @throws ModelLoadError naming it */
export function checkTensorShape(file: string, name: string, stored: readonly number[], shapes: ReadonlyMap<string, number[]>, config: ModelConfig): void {
  const shape = shapes.get(name) ?? (name === 'lm_head.weight' ? shapes.get('model.embed_tokens.weight') : undefined)
  if (!shape) throw new ModelLoadError(`${file} holds ${name.slice(0, 100)}, which config.json does not announce: ${extraProblem(name, config)}`)
  if (shape.length !== stored.length || shape.some((size, i) => size !== stored[i])) {
    throw new ModelLoadError(`${file}: ${name} has shape [${stored.join(', ')}] where config.json asks for [${shape.join(', ')}]: the two belong to different models.`)
  }
}

export const missingProblem = (names: readonly string[]): string => `The weights lack ${plural(names)}: files are missing, or they are another model’s.`

/** The tensor of a safetensors file; null: it is not read. @throws ModelLoadError, SafetensorsError naming it */
function storedWeight(file: string, name: string, entry: TensorEntry, start: number, shapes: ReadonlyMap<string, number[]>, config: ModelConfig): StoredWeight | null {
  if (!shapes.has(name) && idle.test(name)) return null
  const { shape } = entry
  checkTensorShape(file, name, shape, shapes, config)
  const dtype = storedTypeOf(name, entry)
  return { name, from: start + entry.from, to: start + entry.to, decode: (bytes) => ownFloat32({ dtype, shape, bytes }) }
}

/**
 * Looks at the beginning of every file of weights.
 * @throws ModelLoadError, SafetensorsError: a file that is missing or something else, weights that are missing, that the
 *   configuration does not announce, of another shape, or of a type that is not read
 */
export async function checkWeights(files: ModelFiles, names: readonly string[], config: ModelConfig, signal?: AbortSignal): Promise<WeightFile[]> {
  const shapes = parameterShapes(config)
  const found = new Map<string, string>()
  const checked: WeightFile[] = []
  for (const name of names) {
    const { tensors, start, end } = await headerOf(files, name, names.length > 1 || name !== singleFile, signal)
    const read: StoredWeight[] = []
    for (const [tensor, entry] of tensors) {
      const weight = storedWeight(name, tensor, entry, start, shapes, config)
      if (!weight) continue
      const before = found.get(tensor)
      if (before !== undefined) throw new ModelLoadError(`${tensor} is in ${before} and in ${name}: the files belong to different models.`)
      found.set(tensor, name)
      read.push(weight)
    }
    checked.push({ name, bytes: end, tensors: read.sort((a, b) => a.from - b.from), whole: true })
  }
  const missing = [...shapes.keys()].filter((name) => !found.has(name))
  if (missing.length > 0) throw new ModelLoadError(missingProblem(missing))
  return checked
}
