// The shape of a model, read from a Hugging Face config.json.

export const projections = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'] as const
export type Projection = (typeof projections)[number]

export interface ModelConfig {
  family: 'llama' | 'qwen2' | 'qwen3'
  vocabSize: number
  hiddenSize: number
  layers: number
  heads: number
  kvHeads: number
  headDim: number
  intermediateSize: number
  ropeTheta: number
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

const families = ['llama', 'qwen2', 'qwen3'] as const

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Reads config.json of a Llama, Qwen2 or Qwen3 model.
 * @throws ModelConfigError naming the field that is missing or that this library cannot honour
 */
export function readModelConfig(json: unknown): ModelConfig {
  if (!isRecord(json)) throw new ModelConfigError('config.json must hold an object.')
  const positive = (field: string, fallback?: number): number => {
    const value = json[field] ?? fallback
    if (typeof value !== 'number' || !(value > 0)) throw new ModelConfigError(`config.json: ${field} must be a positive number.`)
    return value
  }
  const integer = (field: string, fallback?: number): number => {
    const value = positive(field, fallback)
    if (!Number.isInteger(value)) throw new ModelConfigError(`config.json: ${field} must be a whole number.`)
    return value
  }
  const family = families.find((each) => each === json['model_type'])
  if (!family) throw new ModelConfigError(`config.json: model_type ${String(json['model_type'])} is not supported; ${families.join(', ')} are.`)
  // Newer files keep theta inside rope_parameters. A rope_type of "default" means plain rotary positions.
  const rope = isRecord(json['rope_parameters']) ? json['rope_parameters'] : {}
  const isPlain = (value: unknown) => value === undefined || value === null || (isRecord(value) && (value['rope_type'] ?? 'default') === 'default' && value['factor'] === undefined)
  if (!isPlain(json['rope_scaling']) || !isPlain(json['rope_parameters'])) throw new ModelConfigError('config.json: rope_scaling is not supported. Use a model without it.')
  const activation = json['hidden_act'] ?? 'silu'
  if (activation !== 'silu') throw new ModelConfigError(`config.json: hidden_act ${String(activation)} is not supported; silu is.`)
  if (json['mlp_bias'] === true) throw new ModelConfigError('config.json: mlp_bias is not supported.')
  if (json['use_sliding_window'] === true) throw new ModelConfigError('config.json: use_sliding_window is not supported.')
  if (family !== 'qwen2' && json['attention_bias'] === true) throw new ModelConfigError(`config.json: attention_bias is not supported for ${family}.`)

  const hiddenSize = integer('hidden_size')
  const heads = integer('num_attention_heads')
  const kvHeads = integer('num_key_value_heads', heads)
  const headDim = integer('head_dim', hiddenSize / heads)
  if (heads % kvHeads !== 0) throw new ModelConfigError('config.json: num_attention_heads must be a multiple of num_key_value_heads.')
  if (headDim % 2 !== 0) throw new ModelConfigError('config.json: head_dim must be even.')
  const theta = rope['rope_theta']
  return {
    family,
    vocabSize: integer('vocab_size'),
    hiddenSize,
    layers: integer('num_hidden_layers'),
    heads,
    kvHeads,
    headDim,
    intermediateSize: integer('intermediate_size'),
    ropeTheta: typeof theta === 'number' ? theta : positive('rope_theta', 10_000),
    rmsNormEps: positive('rms_norm_eps', 1e-6),
    tiedEmbeddings: json['tie_word_embeddings'] === true,
    maxPositions: integer('max_position_embeddings', 2048),
    attentionBias: family === 'qwen2',
    queryKeyNorm: family === 'qwen3',
  }
}

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

export function parameterCount(config: ModelConfig): number {
  let count = 0
  for (const shape of parameterShapes(config).values()) count += shape.reduce((product, size) => product * size, 1)
  return count
}
