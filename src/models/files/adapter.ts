// LoRA adapters in PEFT's format: adapter_config.json and adapter_model.safetensors, so that Python users can load
// them with PEFT on the same base, and the other way round.
import { modulePath, projections, type ModelConfig, type Projection } from '../../nn/transformer/config.ts'
import { loraNames, loraShapes, type LoraConfig } from '../../nn/transformer/weights.ts'
import type { AdapterShape, AdapterTensors, PeftFiles } from '../../core/policy/trainable.ts'
import type { Random } from '../../core/random.ts'
import { mistakenWeights } from './mistaken.ts'
import { AdapterError, readPeftConfig, type PeftConfig } from './peft-config.ts'
import { firstNotFinite, readSafetensors, toFloat32, writeSafetensors, type StoredTensor } from './safetensors.ts'

export { AdapterError }

/** One whose projections are known to be a model's. */
export interface Adapter extends AdapterTensors {
  lora: LoraConfig
}

/** PEFT wraps the model twice: its own base_model and the causal-LM's model. */
const prefix = 'base_model.model.'

/** @throws RangeError naming a projection that no model has */
export function loraOf({ rank, alpha, targets }: AdapterShape): LoraConfig {
  const known = targets.map((target) => {
    const projection = projections.find((each) => each === target)
    if (!projection) throw new RangeError(`There is no projection ${target}: ${projections.join(', ')} are.`)
    return projection
  })
  return { rank, alpha, targets: known }
}

/** A fresh adapter: A as PEFT draws it (Kaiming uniform, a = √5: ±1/√in), B zero, so that the model is unchanged. */
export function freshAdapter(config: ModelConfig, lora: LoraConfig, random: Random): Adapter {
  const parameters = new Map<string, Float32Array>()
  for (const [name, [rows, columns]] of loraShapes(config, lora)) {
    const bound = 1 / Math.sqrt(columns)
    const isA = name.endsWith('lora_A.weight')
    parameters.set(name, Float32Array.from({ length: rows * columns }, () => (isA ? bound * (2 * random.next() - 1) : 0)))
  }
  return { lora, parameters }
}

/**
 * What readAdapter() reads.
 * @param base where the base model is to be found: a Hub id, or a name when it is not there
 * @throws AdapterError for a tensor that is missing, or weights that it would refuse
 */
export function writeAdapter(config: ModelConfig, adapter: Adapter, base: string): PeftFiles {
  const { rank, alpha, targets } = adapter.lora
  checkAdapter(config, adapter)
  const tensors = new Map(
    [...loraShapes(config, adapter.lora)].map(([name, shape]) => {
      const values = adapter.parameters.get(name)
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

/** Names as PEFT and those who write in its form have them: with or without its wrapping, and with an adapter's name in them. */
const tensorName = /^(?:base_model\.model\.)?(?:model\.)?(layers\.(\d+)\.(?:self_attn|mlp)\.(\w+))\.lora_(A|B)(?:\.([\w-]+))?\.weight$/

interface Pair {
  layer: number
  projection: Projection
  a?: StoredTensor
  b?: StoredTensor
}

/** Why a tensor is no part of plain LoRA. */
function foreignTensor(name: string): string {
  if (name.includes('lora_magnitude_vector')) return 'it is DoRA’s. Only plain LoRA can be loaded.'
  if (name.includes('lora_embedding_') || name.includes('embed_tokens') || name.includes('lm_head')) return 'adapters of the embeddings and of the head cannot be loaded.'
  if (name.endsWith('.bias')) return 'biases cannot be changed by an adapter here.'
  return 'it was made for another model, or is no plain LoRA.'
}

/** The tensors by the module that they belong to. @throws AdapterError for one that belongs to none */
function pairsIn(tensors: ReadonlyMap<string, StoredTensor>, config: ModelConfig): Map<string, Pair> {
  const pairs = new Map<string, Pair>()
  const names = new Set<string>()
  for (const [name, tensor] of tensors) {
    const [, path = '', number = '', last = '', which, adapter = ''] = tensorName.exec(name) ?? []
    const projection = projections.find((each) => each === last)
    const layer = Number(number)
    const module = `model.${path}`
    if (!projection || module !== modulePath(layer, projection)) throw new AdapterError(`adapter_model.safetensors holds ${name.slice(0, 120)}: ${foreignTensor(name)}`)
    if (layer >= config.layers) throw new AdapterError(`adapter_model.safetensors holds ${name}, and this model has ${config.layers} layers: it was made for another model.`)
    names.add(adapter)
    const pair = pairs.get(module) ?? { layer, projection }
    if (which === 'A' ? pair.a : pair.b) throw new AdapterError(`adapter_model.safetensors holds lora_${which ?? ''} of ${module} twice.`)
    pairs.set(module, which === 'A' ? { ...pair, a: tensor } : { ...pair, b: tensor })
  }
  if (names.size > 1) throw new AdapterError(`adapter_model.safetensors holds more than one adapter: ${[...names].map((name) => name || '(without a name)').slice(0, 3).join(', ')}. Save one alone.`)
  if (pairs.size === 0) throw new AdapterError('adapter_model.safetensors holds no tensor of a LoRA.')
  return pairs
}

const ends = (module: string, names: readonly string[]) => names.some((name) => module === name || module.endsWith(`.${name}`))

/** @throws AdapterError where the configuration says otherwise than the tensors */
function checkAgainst({ targets, layers, excluded }: PeftConfig, pairs: ReadonlyMap<string, Pair>, config: ModelConfig): void {
  const found = new Set([...pairs.values()].map(({ layer }) => layer))
  const list = (numbers: ReadonlySet<number>) => [...numbers].sort((a, b) => a - b).slice(0, 12).join(', ')
  if (layers && (found.size !== layers.size || [...found].some((layer) => !layers.has(layer)))) {
    throw new AdapterError(`adapter_config.json: layers_to_transform says ${list(layers)}, and the tensors are of the layers ${list(found)}: the two files belong to different adapters.`)
  }
  const modules = Array.from({ length: config.layers }, (_, layer) => projections.map((projection) => modulePath(layer, projection))).flat()
  if (Array.isArray(targets)) {
    const names: readonly string[] = targets
    const unknown = names.find((name) => !modules.some((module) => ends(module, [name])))
    if (unknown !== undefined) throw new AdapterError(`adapter_config.json: target module ${unknown.slice(0, 100)} is not one of ${projections.join(', ')}.`)
    const unannounced = [...pairs.keys()].find((module) => !ends(module, names))
    if (unannounced !== undefined) throw new AdapterError(`adapter_model.safetensors holds ${unannounced}, which adapter_config.json does not announce in target_modules.`)
  }
  const barred = [...pairs.keys()].find((module) => ends(module, excluded))
  if (barred !== undefined) throw new AdapterError(`adapter_model.safetensors holds ${barred}, which adapter_config.json leaves out in exclude_modules.`)
  if (targets === null) return
  const wanted = modules.filter((module, i) => (targets === 'all' || ends(module, targets)) && !ends(module, excluded) && (layers === null || layers.has(Math.floor(i / projections.length))))
  const lacking = wanted.find((module) => !pairs.has(module))
  if (lacking !== undefined) throw new AdapterError(`adapter_model.safetensors lacks ${prefix}${lacking}, which adapter_config.json announces: it was made for another model, or is not whole.`)
}

/** Single weights larger than this, and changes of a matrix longer than that, no training makes. */
const most = { weight: 1e4, change: 1e5 }
const length = (values: Float32Array) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))

/**
 * Weights with which a model can be computed.
 * @throws AdapterError naming the tensor with a value that is no number or absurd
 */
export function checkAdapter(config: ModelConfig, { lora, parameters }: Adapter): void {
  const damaged = 'The adapter is damaged, or its training went astray: take an earlier checkpoint of it.'
  for (const [name, values] of parameters) {
    const bad = firstNotFinite(values)
    if (bad >= 0) throw new AdapterError(`${name}: value ${bad} is ${values[bad]}, no number that can be computed with. ${damaged}`)
    const large = values.findIndex((value) => Math.abs(value) > most.weight)
    if (large >= 0) throw new AdapterError(`${name}: value ${large} is ${values[large]?.toPrecision(3)}, which is absurd for an adapter. ${damaged}`)
  }
  for (let layer = 0; layer < config.layers; layer++) {
    for (const projection of lora.targets) {
      const { a, b } = loraNames(layer, projection)
      const change = (lora.alpha / lora.rank) * length(parameters.get(a) ?? new Float32Array(0)) * length(parameters.get(b) ?? new Float32Array(0))
      if (change > most.change) throw new AdapterError(`${modulePath(layer, projection)} would be changed by up to ${change.toPrecision(3)}, which is absurd beside its weights. ${damaged}`)
    }
  }
}

/**
 * Reads an adapter for this model: plain LoRA by its tensors. Modules that have none stay as they are: zeros here.
 * @throws AdapterError or SafetensorsError naming what does not fit: the kind of adapter, a missing tensor, a shape, a value
 */
export function readAdapter(config: ModelConfig, files: { config: string; model: Uint8Array }): Adapter {
  const peft = readPeftConfig(files.config)
  const mistaken = mistakenWeights(files.model.subarray(0, 1000))
  if (mistaken !== null) throw new AdapterError(`adapter_model.safetensors ${mistaken}`)
  const pairs = pairsIn(readSafetensors(files.model).tensors, config)
  checkAgainst(peft, pairs, config)
  const targets = projections.filter((projection) => [...pairs.values()].some((pair) => pair.projection === projection))
  const lora: LoraConfig = { rank: peft.rank, alpha: peft.alpha, targets }
  const shapes = loraShapes(config, lora)
  const parameters = new Map<string, Float32Array>([...shapes].map(([name, [rows, columns]]) => [name, new Float32Array(rows * columns)]))
  for (const [module, { layer, projection, a, b }] of pairs) {
    const names = loraNames(layer, projection)
    for (const [name, tensor] of [[names.a, a], [names.b, b]] as const) {
      const shape = shapes.get(name) ?? [0, 0]
      if (!tensor) throw new AdapterError(`adapter_model.safetensors lacks ${prefix}${name}: ${module} has only one half of its pair.`)
      if (tensor.shape.length !== 2 || tensor.shape[0] !== shape[0] || tensor.shape[1] !== shape[1]) {
        throw new AdapterError(`${name} has shape [${tensor.shape.join(', ')}] where this model and rank ${lora.rank} need [${shape.join(', ')}]: it was made for another model, or with another rank.`)
      }
      parameters.set(name, toFloat32(tensor))
    }
  }
  const adapter: Adapter = { lora, parameters }
  checkAdapter(config, adapter)
  return adapter
}
