// A model in one GGUF file, in the words in which models are read here: configuration, tokenizer, and where each tensor
// lies with how it becomes float32. The weights stay in the file until each of them is asked for.
import type { TokenizerText } from '../../../core/policy/model.ts'
import { kindOfFile } from '../../../core/file-kind.ts'
import { parameterShapes, type ModelConfig } from '../../../nn/transformer/config.ts'
import { ModelLoadError } from '../load-errors.ts'
import { mistakenWeights } from '../mistaken.ts'
import type { ModelFiles } from '../model-files.ts'
import { checkTensorShape, missingProblem, type StoredWeight, type WeightFile } from '../weight-files.ts'
import { architectureOf, configJsonOf, hubName, ropeFactors, rowOrder } from './architecture.ts'
import { GgufError } from './gguf-error.ts'
import { readGgufHeader, type GgufHeader } from './header.ts'
import { blockOf, dequantise, readTypes, tensorTypeName, type BlockType } from './quantisation.ts'
import { tokenizerTextOf } from './tokenizer-text.ts'

export interface GgufModel {
  /** As a config.json. */
  config: Record<string, unknown>
  tokenizer: TokenizerText
  /** @throws ModelLoadError for weights that are missing, of another shape, of a type that is not read, or not announced */
  weights: (config: ModelConfig) => WeightFile
}

function typeOf(name: string, type: number): BlockType {
  const block = blockOf(type)
  if (!block) throw new GgufError(`Tensor ${name} has type ${tensorTypeName(type)}; ${readTypes.join(', ')} can be read. Take the model in one of these, such as Q4_K_M or Q8_0.`)
  return block
}

function weightsOf(file: string, header: GgufHeader, config: ModelConfig): WeightFile {
  const family = architectureOf(header)
  const shapes = parameterShapes(config)
  const tensors: StoredWeight[] = []
  let end = 0
  for (const [name, { type, shape, from, to }] of header.tensors) {
    // It has become a part of the configuration.
    if (name === ropeFactors) continue
    const hub = hubName(name)
    checkTensorShape(file, hub, shape, shapes, config)
    const block = typeOf(name, type)
    if (to === null) continue
    const width = shape.at(-1) ?? 0
    const rows = shape.reduce((product, size) => product * size, 1) / width
    tensors.push({ name: hub, from, to, decode: (bytes) => dequantise(block, bytes, rows, width, rowOrder(family, hub, config.headDim)) })
    end = Math.max(end, to)
  }
  const found = new Set(tensors.map(({ name }) => name))
  const missing = [...shapes.keys()].filter((name) => !found.has(name))
  if (missing.length > 0) throw new ModelLoadError(missingProblem(missing))
  return { name: file, bytes: end, tensors: tensors.sort((a, b) => a.from - b.from), whole: false }
}

/** @throws ModelLoadError naming the file and what is wrong with it */
export async function readGgufModel(files: ModelFiles, name: string, signal?: AbortSignal): Promise<GgufModel> {
  const guarded = <T>(job: () => T): T => {
    try {
      return job()
    } catch (error) {
      throw error instanceof GgufError ? new ModelLoadError(`${name} of ${files.place}: ${error.message}`, { cause: error }) : error
    }
  }
  const head = await files.head(name, 512, signal)
  const kind = head && kindOfFile(head)
  const mistaken = head && kind !== 'gguf' ? mistakenWeights(head) : null
  if (mistaken !== null) throw new ModelLoadError(`${name} of ${files.place} ${mistaken}`)
  const reader = await files.open(name, signal ? { signal } : {})
  if (!reader) throw new ModelLoadError(`There is no ${name} in ${files.place}.`)
  try {
    const header = await readGgufHeader(reader).catch((error: unknown) => guarded(() => { throw error }))
    const scaled = header.tensors.get(ropeFactors)
    const stored = scaled && (await reader.read(scaled.from, scaled.to ?? scaled.from))
    return guarded(() => {
      architectureOf(header)
      let factors: Float32Array | null = null
      if (scaled && stored) {
        if (stored.length < (scaled.to ?? Infinity) - scaled.from) throw new GgufError('It ends before its tensors do; it was cut short.')
        const count = scaled.shape.reduce((product, size) => product * size, 1)
        factors = dequantise(typeOf(ropeFactors, scaled.type), stored, 1, count, null)
      }
      return { config: configJsonOf(header, factors), tokenizer: tokenizerTextOf(header), weights: (config: ModelConfig) => guarded(() => weightsOf(name, header, config)) }
    })
  } finally {
    await reader.close()
  }
}
