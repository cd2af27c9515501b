// The shape of a model, read from a Hugging Face config.json.
import { isRecord, outermost, refusals, refusedField, type Family } from './config-fields.ts'
import type { RopeScaling } from './rotary.ts'

export const projections = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'] as const
export type Projection = (typeof projections)[number]

export interface ModelConfig {
  family: Family
  vocabSize: number
  hiddenSize: number
  layers: number
  heads: number
  kvHeads: number
  headDim: number
  intermediateSize: number
  ropeTheta: number
  /** null: plain rotary positions. */
  ropeScaling: RopeScaling | null
  rmsNormEps: number
  tiedEmbeddings: boolean
  /** Positions that the model was made for. */
  maxPositions: number
  /** q, k and v have biases (Qwen2). */
  attentionBias: boolean
  /** q and k are normalised per head (Qwen3). */
  queryKeyNorm: boolean
}

export class ModelConfigError extends Error {
  override readonly name = 'ModelConfigError'
}

const families = ['llama', 'qwen2', 'qwen3'] as const satisfies readonly Family[]

/** What transformers fills in where a family's file leaves a field out. */
const defaults = {
  llama: { maxPositions: 2048, kvHeads: null, headDim: null },
  qwen2: { maxPositions: 32_768, kvHeads: 32, headDim: null },
  qwen3: { maxPositions: 32_768, kvHeads: 32, headDim: 128 },
} as const satisfies Record<Family, object>

/** Far above any model that can be held here, and low enough that products of them stay exact. */
const most = { layers: 512, size: 2 ** 24 }

const keysOf = (value: typeof refusals) => Object.keys(value).filter((key): key is keyof typeof refusals => Object.hasOwn(refusals, key))

function positiveIn(json: Record<string, unknown>, field: string, where = '', fallback?: number): number {
  const value = json[field] === undefined ? fallback : json[field]
  if (typeof value !== 'number' || !(value > 0) || value === Infinity) throw new ModelConfigError(`config.json: ${where}${field} must be a positive number.`)
  return value
}

/** rope_scaling as it was, or rope_parameters as transformers 5 writes it, which has theta too. */
function readRope(json: Record<string, unknown>): { theta: number; scaling: RopeScaling | null } {
  const read = (field: 'rope_scaling' | 'rope_parameters') => {
    const rope = json[field] ?? {}
    if (!isRecord(rope)) throw new ModelConfigError(`config.json: ${field} must hold an object.`)
    const { rope_type, type } = rope
    if (rope_type !== undefined && type !== undefined && rope_type !== type) throw new ModelConfigError(`config.json: ${field} contradicts itself: rope_type ${String(rope_type)}, type ${String(type)}.`)
    const named = rope_type ?? type ?? 'default'
    if (rope['full_attention'] !== undefined || rope['sliding_attention'] !== undefined) throw new ModelConfigError(`config.json: ${field} of several kinds of layers is not supported. Take a model whose layers are all alike.`)
    const part = rope['partial_rotary_factor'] ?? 1
    if (part !== 1) throw new ModelConfigError(`config.json: partial_rotary_factor ${String(part)} is not supported: heads that are turned only in part are not computed here. Take a model without it.`)
    if (named === 'llama3') {
      const [factor, low, high, original] = ['factor', 'low_freq_factor', 'high_freq_factor', 'original_max_position_embeddings'].map((key) => positiveIn(rope, key, `${field}.`))
      if (factor === undefined || low === undefined || high === undefined || original === undefined) throw new ModelConfigError(`config.json: ${field} is not whole.`)
      if (high <= low) throw new ModelConfigError(`config.json: ${field}.high_freq_factor must be larger than low_freq_factor.`)
      return { named, scaling: { factor, lowFrequencyFactor: low, highFrequencyFactor: high, originalPositions: original } }
    }
    if (named !== 'default' || (rope['factor'] !== undefined && rope['factor'] !== 1)) {
      throw new ModelConfigError(`config.json: ${field} of type ${String(named)} is not supported; default and llama3 are. Take a model without it: positions would be computed wrongly.`)
    }
    return { named, scaling: null }
  }
  const [older, newer] = [read('rope_scaling'), read('rope_parameters')]
  const given = [json['rope_scaling'], json['rope_parameters']].every((each) => each !== undefined && each !== null)
  if (given && JSON.stringify(older) !== JSON.stringify(newer)) throw new ModelConfigError('config.json: rope_scaling and rope_parameters contradict each other.')
  const parameters = isRecord(json['rope_parameters']) ? json['rope_parameters'] : {}
  const inside = parameters['rope_theta'] === undefined || parameters['rope_theta'] === null ? null : positiveIn(parameters, 'rope_theta', 'rope_parameters.')
  return { theta: inside ?? positiveIn({ rope_theta: json['rope_theta'] ?? undefined }, 'rope_theta', '', 10_000), scaling: older.scaling ?? newer.scaling }
}

/**
 * Reads config.json of a Llama, Qwen2 or Qwen3 model.
 * @throws ModelConfigError naming the field that is missing or that this library cannot honour
 */
export function readModelConfig(json: unknown): ModelConfig {
  if (!isRecord(json)) throw new ModelConfigError('config.json must hold an object.')
  const integer = (field: string, fallback?: number, limit = most.size): number => {
    const value = positiveIn(json, field, '', fallback)
    if (!Number.isInteger(value)) throw new ModelConfigError(`config.json: ${field} must be a whole number.`)
    if (value > limit) throw new ModelConfigError(`config.json: ${field} ${value} is more than the ${limit} that can be computed here. Choose a smaller model.`)
    return value
  }
  const family = families.find((each) => each === json['model_type'])
  const refused = refusedField(json, family ?? 'llama', outermost) ?? (family && refusedField(json, family, keysOf(refusals)))
  if (refused) throw new ModelConfigError(refused)
  if (!family) throw new ModelConfigError(`config.json: model_type ${String(json['model_type'])} is not supported; ${families.join(', ')} are.`)
  // "swish" is transformers' other name for it.
  const activation = json['hidden_act'] === undefined ? 'silu' : json['hidden_act']
  if (activation !== 'silu' && activation !== 'swish') throw new ModelConfigError(`config.json: hidden_act ${String(activation)} is not supported; silu is.`)
  const tied = json['tie_word_embeddings'] ?? false
  if (typeof tied !== 'boolean') throw new ModelConfigError('config.json: tie_word_embeddings must be true or false.')

  const usual = defaults[family]
  const hiddenSize = integer('hidden_size')
  const heads = integer('num_attention_heads')
  const kvHeads = json['num_key_value_heads'] === null ? heads : integer('num_key_value_heads', usual.kvHeads ?? heads)
  const headDim = json['head_dim'] === null ? hiddenSize / heads : integer('head_dim', usual.headDim ?? hiddenSize / heads)
  if (!Number.isInteger(headDim)) throw new ModelConfigError('config.json: hidden_size must be a multiple of num_attention_heads where there is no head_dim.')
  if (heads % kvHeads !== 0) throw new ModelConfigError('config.json: num_attention_heads must be a multiple of num_key_value_heads.')
  if (headDim % 2 !== 0) throw new ModelConfigError('config.json: head_dim must be even.')
  const { theta, scaling } = readRope(json)
  return {
    family,
    vocabSize: integer('vocab_size'),
    hiddenSize,
    layers: integer('num_hidden_layers', undefined, most.layers),
    heads,
    kvHeads,
    headDim,
    intermediateSize: integer('intermediate_size'),
    ropeTheta: theta,
    ropeScaling: scaling,
    rmsNormEps: positiveIn(json, 'rms_norm_eps', '', 1e-6),
    tiedEmbeddings: tied,
    maxPositions: integer('max_position_embeddings', usual.maxPositions, Number.MAX_SAFE_INTEGER),
    attentionBias: family === 'qwen2',
    queryKeyNorm: family === 'qwen3',
  }
}

const ropeJson = ({ factor, lowFrequencyFactor, highFrequencyFactor, originalPositions }: RopeScaling) => ({
  rope_type: 'llama3',
  factor,
  low_freq_factor: lowFrequencyFactor,
  high_freq_factor: highFrequencyFactor,
  original_max_position_embeddings: originalPositions,
})

/** The config as Hugging Face writes it. */
export function writeModelConfig(config: ModelConfig): Record<string, unknown> {
  const architecture = { llama: 'LlamaForCausalLM', qwen2: 'Qwen2ForCausalLM', qwen3: 'Qwen3ForCausalLM' }[config.family]
  return {
    model_type: config.family,
    architectures: [architecture],
    vocab_size: config.vocabSize,
    hidden_size: config.hiddenSize,
    num_hidden_layers: config.layers,
    num_attention_heads: config.heads,
    num_key_value_heads: config.kvHeads,
    head_dim: config.headDim,
    intermediate_size: config.intermediateSize,
    rope_theta: config.ropeTheta,
    ...(config.ropeScaling ? { rope_scaling: ropeJson(config.ropeScaling) } : {}),
    rms_norm_eps: config.rmsNormEps,
    tie_word_embeddings: config.tiedEmbeddings,
    max_position_embeddings: config.maxPositions,
    hidden_act: 'silu',
    torch_dtype: 'float32',
  }
}

/** [out, in] of a projection. */
export function projectionShape(config: ModelConfig, projection: Projection): [number, number] {
  const query = config.heads * config.headDim
  const key = config.kvHeads * config.headDim
  switch (projection) {
    case 'q_proj':
      return [query, config.hiddenSize]
    case 'k_proj':
    case 'v_proj':
      return [key, config.hiddenSize]
    case 'o_proj':
      return [config.hiddenSize, query]
    case 'gate_proj':
    case 'up_proj':
      return [config.intermediateSize, config.hiddenSize]
    case 'down_proj':
      return [config.hiddenSize, config.intermediateSize]
  }
}

/** Hugging Face name of a projection's module in a layer. */
export function modulePath(layer: number, projection: Projection): string {
  const block = projection === 'gate_proj' || projection === 'up_proj' || projection === 'down_proj' ? 'mlp' : 'self_attn'
  return `model.layers.${layer}.${block}.${projection}`
}

/** Every parameter by its Hugging Face name, with its shape. */
export function parameterShapes(config: ModelConfig): Map<string, number[]> {
  const shapes = new Map<string, number[]>([['model.embed_tokens.weight', [config.vocabSize, config.hiddenSize]]])
  for (let layer = 0; layer < config.layers; layer++) {
    const path = `model.layers.${layer}`
    shapes.set(`${path}.input_layernorm.weight`, [config.hiddenSize])
    for (const projection of projections) {
      const shape = projectionShape(config, projection)
      shapes.set(`${modulePath(layer, projection)}.weight`, shape)
      if (config.attentionBias && ['q_proj', 'k_proj', 'v_proj'].includes(projection)) shapes.set(`${modulePath(layer, projection)}.bias`, [shape[0]])
    }
    if (config.queryKeyNorm) {
      shapes.set(`${path}.self_attn.q_norm.weight`, [config.headDim])
      shapes.set(`${path}.self_attn.k_norm.weight`, [config.headDim])
    }
    shapes.set(`${path}.post_attention_layernorm.weight`, [config.hiddenSize])
  }
  shapes.set('model.norm.weight', [config.hiddenSize])
  if (!config.tiedEmbeddings) shapes.set('lm_head.weight', [config.vocabSize, config.hiddenSize])
  return shapes
}

/** From the numbers alone: nothing is done layer by layer. */
export function parameterCount(config: ModelConfig): number {
  const count = (layers: number) => [...parameterShapes({ ...config, layers }).values()].reduce((sum, shape) => sum + shape.reduce((product, size) => product * size, 1), 0)
  const without = count(0)
  return without + config.layers * (count(1) - without)
}
