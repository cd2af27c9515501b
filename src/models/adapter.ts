// LoRA adapters in PEFT's format: adapter_config.json and adapter_model.safetensors, so that Python users can load
// them with PEFT on the same base, and the other way round.
import { z } from 'zod'
import { fit, misfitWords } from '../core/fit.ts'
import { projections, type ModelConfig, type Projection } from '../nn/transformer/config.ts'
import { loraNames, loraShapes, type LoraConfig } from '../nn/transformer/weights.ts'
import type { Random } from '../core/random.ts'
import { readSafetensors, toFloat32, writeSafetensors } from './safetensors.ts'

export interface Adapter {
  lora: LoraConfig
  /** A [r, in] and B [out, r] by their names in the graph. */
  tensors: Map<string, Float32Array>
}

export interface AdapterFiles {
  /** adapter_config.json */
  config: string
  /** adapter_model.safetensors */
  model: Uint8Array<ArrayBuffer>
}

export class AdapterError extends Error {
  override readonly name = 'AdapterError'
}

/** PEFT wraps the model twice: its own base_model and the causal-LM's model. */
const prefix = 'base_model.model.'

const configSchema = z.object({
  peft_type: z.literal('LORA'),
  r: z.number().int().min(1).max(1024),
  lora_alpha: z.number().positive(),
  target_modules: z.union([z.array(z.string()), z.string()]),
  bias: z.literal('none').default('none'),
  use_rslora: z.literal(false).default(false),
  use_dora: z.literal(false).default(false),
  fan_in_fan_out: z.literal(false).default(false),
  rank_pattern: z.record(z.string(), z.number()).default({}),
  alpha_pattern: z.record(z.string(), z.number()).default({}),
  modules_to_save: z.array(z.string()).nullable().default(null),
})

/** A fresh adapter: A as PEFT draws it (Kaiming uniform, a = √5: ±1/√in), B zero, so that the model is unchanged. */
export function freshAdapter(config: ModelConfig, lora: LoraConfig, random: Random): Adapter {
  const tensors = new Map<string, Float32Array>()
  for (const [name, [rows, columns]] of loraShapes(config, lora)) {
    const bound = 1 / Math.sqrt(columns)
    const isA = name.endsWith('lora_A.weight')
    tensors.set(name, Float32Array.from({ length: rows * columns }, () => (isA ? bound * (2 * random.next() - 1) : 0)))
  }
  return { lora, tensors }
}

/** @param base where the base model is to be found: a Hub id, or a name when it is not there */
export function writeAdapter(config: ModelConfig, adapter: Adapter, base: string): AdapterFiles {
  const { rank, alpha, targets } = adapter.lora
  const tensors = new Map(
    [...loraShapes(config, adapter.lora)].map(([name, shape]) => {
      const values = adapter.tensors.get(name)
      if (!values) throw new AdapterError(`The adapter has no ${name}.`)
      return [`${prefix}${name}`, { shape, values }]
    }),
  )
  const json = {
    peft_type: 'LORA',
    task_type: 'CAUSAL_LM',
    base_model_name_or_path: base,
    r: rank,
    lora_alpha: alpha,
    lora_dropout: 0,
    target_modules: [...targets],
    bias: 'none',
    fan_in_fan_out: false,
    init_lora_weights: true,
    inference_mode: true,
    layers_pattern: null,
    layers_to_transform: null,
    modules_to_save: null,
    rank_pattern: {},
    alpha_pattern: {},
    revision: null,
    use_dora: false,
    use_rslora: false,
  }
  return { config: `${JSON.stringify(json, null, 2)}\n`, model: writeSafetensors(tensors, 'F32') }
}

function parseConfig(text: string): z.infer<typeof configSchema> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new AdapterError('adapter_config.json is not valid JSON.')
  }
  const read = fit(configSchema, json)
  if (!read.success) throw new AdapterError(`adapter_config.json: ${misfitWords(read.misfit)}. Only plain LoRA adapters can be loaded.`)
  if (Object.keys(read.data.rank_pattern).length > 0 || Object.keys(read.data.alpha_pattern).length > 0) {
    throw new AdapterError('adapter_config.json: rank_pattern and alpha_pattern are not supported.')
  }
  if ((read.data.modules_to_save ?? []).length > 0) throw new AdapterError('adapter_config.json: modules_to_save is not supported.')
  return read.data
}

function targetsOf(modules: string | string[]): Projection[] {
  if (modules === 'all-linear') return [...projections]
  const named = typeof modules === 'string' ? [modules] : modules
  const unknown = named.find((name) => !projections.some((projection) => projection === name))
  if (unknown !== undefined) throw new AdapterError(`adapter_config.json: target module ${unknown} is not one of ${projections.join(', ')}.`)
  return projections.filter((projection) => named.includes(projection))
}

/**
 * Reads an adapter for this model.
 * @throws AdapterError or SafetensorsError naming what does not fit: the kind of adapter, a missing tensor, a shape
 */
export function readAdapter(config: ModelConfig, files: { config: string; model: Uint8Array }): Adapter {
  const { r, lora_alpha, target_modules } = parseConfig(files.config)
  const lora: LoraConfig = { rank: r, alpha: lora_alpha, targets: targetsOf(target_modules) }
  const { tensors } = readSafetensors(files.model)
  const expected = loraShapes(config, lora)
  const found = new Map<string, Float32Array>()
  for (const [name, shape] of expected) {
    const tensor = tensors.get(`${prefix}${name}`)
    if (!tensor) throw new AdapterError(`adapter_model.safetensors lacks ${prefix}${name}: it was made for another model.`)
    if (tensor.shape.length !== 2 || tensor.shape[0] !== shape[0] || tensor.shape[1] !== shape[1]) {
      throw new AdapterError(`${name} has shape [${tensor.shape.join(', ')}] where this model needs [${shape.join(', ')}]: it was made for another model.`)
    }
    found.set(name, toFloat32(tensor))
  }
  const extra = [...tensors.keys()].find((name) => !name.startsWith(prefix) || !expected.has(name.slice(prefix.length)))
  if (extra !== undefined) throw new AdapterError(`adapter_model.safetensors holds ${extra}, which adapter_config.json does not announce.`)
  return { lora, tensors: found }
}

/**
 * Adds the adapter into base weights, W + (α/r)·B·A, for models whose weights are built in or held by others.
 * @returns the merged matrices by the name of the base weight; fresh arrays
 */
export function mergeAdapter(config: ModelConfig, adapter: Adapter, base: (name: string) => Float32Array): Map<string, Float32Array> {
  const { rank, alpha, targets } = adapter.lora
  const merged = new Map<string, Float32Array>()
  const shapes = loraShapes(config, adapter.lora)
  for (let layer = 0; layer < config.layers; layer++) {
    for (const projection of targets) {
      const names = loraNames(layer, projection)
      const [a, b] = [adapter.tensors.get(names.a), adapter.tensors.get(names.b)]
      const inputs = shapes.get(names.a)?.[1] ?? 0
      const weight = names.a.replace('lora_A.', '')
      if (!a || !b) throw new AdapterError(`The adapter has no ${weight}.`)
      const values = base(weight).slice()
      for (let out = 0; out < b.length / rank; out++) {
        for (let k = 0; k < rank; k++) {
          const scale = (alpha / rank) * (b[out * rank + k] ?? 0)
          for (let i = 0; i < inputs; i++) values[out * inputs + i] = (values[out * inputs + i] ?? 0) + scale * (a[k * inputs + i] ?? 0)
        }
      }
      merged.set(weight, values)
    }
  }
  return merged
}
