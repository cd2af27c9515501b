// What a GGUF file says of a model, in the words of Hugging Face: its config.json, the names of its tensors, the order of
// their rows. Refuses what has no such words; what a config.json asks for is judged where every config.json is
// (readModelConfig()).
import { rotaryFrequencies, type RopeScaling } from '../../../nn/transformer/rotary.ts'
import type { Family } from '../../../nn/transformer/config-fields.ts'
import { GgufError } from './gguf-error.ts'
import type { GgufHeader, GgufValue } from './header.ts'

export const architectures = ['llama', 'qwen2', 'qwen3'] as const satisfies readonly Family[]

/** Llama 3's scaling, divided out, one number for each pair of a head's. */
export const ropeFactors = 'rope_freqs.weight'

/** The architecture. @throws GgufError naming one that is not computed here */
export function architectureOf({ metadata }: GgufHeader): Family {
  const named = metadata.get('general.architecture')
  const family = architectures.find((each) => each === named)
  if (!family) throw new GgufError(`Its architecture is ${String(named).slice(0, 60)}; ${architectures.join(', ')} are computed here. Choose a model of one of these.`)
  const kind = metadata.get('general.type') ?? 'model'
  if (kind !== 'model') throw new GgufError(`It holds no model but something else (${String(kind).slice(0, 40)}). An adapter is imported in PEFT’s form.`)
  if (Number(metadata.get('split.count') ?? 1) > 1) throw new GgufError('It is one of several parts of a model. Join them with llama.cpp: llama-gguf-split --merge FIRST-PART.gguf MODEL.gguf')
  return family
}

/** A float32 as the shortest decimal that means it: 9.999999747378752e-06 was written for 1e-5. */
const shortest = (value: number): number => {
  for (let digits = 1; digits < 10; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === Math.fround(value)) return short
  }
  return value
}

/** One number where every layer has its own. */
function forAllLayers(value: GgufValue | undefined, key: string): GgufValue | undefined {
  if (!Array.isArray(value)) return value
  const [first, ...rest]: readonly unknown[] = value
  if (typeof first !== 'number' || rest.some((each) => each !== first)) throw new GgufError(`Its ${key} differs from layer to layer, which is not computed here. Choose a model whose layers are alike.`)
  return first
}

/** Fields of config.json and the keys that say the same, after the architecture's name. */
const fields = [
  ['hidden_size', 'embedding_length'],
  ['num_hidden_layers', 'block_count'],
  ['num_attention_heads', 'attention.head_count'],
  ['num_key_value_heads', 'attention.head_count_kv'],
  ['intermediate_size', 'feed_forward_length'],
  ['max_position_embeddings', 'context_length'],
  ['head_dim', 'attention.key_length'],
  ['rms_norm_eps', 'attention.layer_norm_rms_epsilon'],
  ['rope_theta', 'rope.freq_base'],
  ['sliding_window', 'attention.sliding_window'],
  ['num_experts', 'expert_count'],
  ['attention_multiplier', 'attention.scale'],
  ['residual_multiplier', 'residual_scale'],
  ['embedding_multiplier', 'embedding_scale'],
  ['logit_scale', 'logit_scale'],
  ['attn_logit_softcapping', 'attn_logit_softcapping'],
  ['final_logit_softcapping', 'final_logit_softcapping'],
  ['is_causal', 'attention.causal'],
] as const

/**
 * The scaling behind Llama 3's factors: f_i / factor_i are its frequencies. A file has the factors alone; any settings
 * that give the same ones give the same model. Between the two clamps 1 / factor_i is linear in f_i.
 * @param factors of each pair, [head_dim / 2]; null where nothing is scaled
 */
export function scalingOf(factors: Float32Array, headDim: number, ropeTheta: number): RopeScaling | null {
  if (factors.every((factor) => factor === 1)) return null
  const plain = rotaryFrequencies({ headDim, ropeTheta, ropeScaling: null })
  if (factors.length !== plain.length) throw new GgufError(`${ropeFactors} has ${factors.length} numbers where heads of ${headDim} have ${plain.length}.`)
  const factor = shortest(factors.reduce((most, each) => Math.max(most, each), 1))
  const fits = (scaling: RopeScaling) =>
    scaling.highFrequencyFactor > scaling.lowFrequencyFactor &&
    rotaryFrequencies({ headDim, ropeTheta, ropeScaling: scaling }).every((scaled, i) => Math.abs(((plain[i] ?? 0) / scaled) / (factors[i] ?? 0) - 1) < 1e-4)
  // As Llama 3.1, 3.2 and 3.3 have it.
  const usual = { factor, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalPositions: 8192 }
  if (fits(usual)) return usual
  // kept = (original·f/2π − low) / (high − low) = slope·f − offset: two points between the clamps say both, and low is free.
  const between = plain.flatMap((frequency, i) => {
    const kept = (1 / (factors[i] ?? 1) - 1 / factor) / (1 - 1 / factor)
    return kept > 1e-4 && kept < 1 - 1e-4 ? [{ frequency, kept }] : []
  })
  const [a, b] = [between[0], between.at(-1)]
  if (a && b && a !== b) {
    const slope = (a.kept - b.kept) / (a.frequency - b.frequency)
    const offset = slope * a.frequency - a.kept
    const found = { factor, lowFrequencyFactor: 1, highFrequencyFactor: 1 + 1 / offset, originalPositions: (2 * Math.PI * slope) / offset }
    if (offset > 0 && fits(found)) return found
  }
  throw new GgufError(`Its ${ropeFactors} is no scaling as Llama 3 has it, and no other is computed here. Choose another model.`)
}

/**
 * The config.json that says the same.
 * @param factors of the rotary frequencies, where the file has them
 */
export function configJsonOf(header: GgufHeader, factors: Float32Array | null): Record<string, unknown> {
  const { metadata, tensors } = header
  const family = architectureOf(header)
  const said = (key: string) => forAllLayers(metadata.get(`${family}.${key}`), key)
  const json: Record<string, unknown> = { model_type: family, hidden_act: 'silu' }
  for (const [field, key] of fields) {
    const value = said(key)
    if (value !== undefined) json[field] = typeof value === 'number' ? shortest(value) : value
  }
  json['vocab_size'] = tensors.get('token_embd.weight')?.shape[0]
  json['tie_word_embeddings'] = !tensors.has('output.weight')
  const headDim = Number(json['head_dim'] ?? Number(json['hidden_size']) / Number(json['num_attention_heads']))
  // Qwen3's config.json would mean 128 where it is silent; a GGUF file means the quotient.
  json['head_dim'] = headDim
  const [turned, values] = [said('rope.dimension_count') ?? headDim, said('attention.value_length') ?? headDim]
  if (turned !== headDim) json['partial_rotary_factor'] = Number(turned) / headDim
  if (values !== headDim) throw new GgufError(`Its heads have keys of ${headDim} and values of ${String(values)} numbers, which is not computed here. Choose another model.`)
  if (Number(said('pooling_type') ?? 0) !== 0) throw new GgufError('It is an embedding model, which writes no text. Choose a model that generates.')
  const [type, factor] = [said('rope.scaling.type') ?? 'none', said('rope.scaling.factor') ?? said('rope.scale_linear') ?? 1]
  if (type !== 'none' && factor !== 1) json['rope_scaling'] = { rope_type: type, factor }
  else if (type === 'none' && factor !== 1) json['rope_scaling'] = { rope_type: 'linear', factor }
  if (factors) {
    const scaling = scalingOf(factors, headDim, Number(json['rope_theta'] ?? 10_000))
    if (scaling) {
      const { factor: most, lowFrequencyFactor: low, highFrequencyFactor: high, originalPositions: original } = scaling
      json['rope_scaling'] = { rope_type: 'llama3', factor: most, low_freq_factor: low, high_freq_factor: high, original_max_position_embeddings: original }
    }
  }
  return json
}

const outer: Readonly<Record<string, string>> = { token_embd: 'model.embed_tokens', output_norm: 'model.norm', output: 'lm_head' }
const inLayer: Readonly<Record<string, string>> = {
  attn_norm: 'input_layernorm', ffn_norm: 'post_attention_layernorm',
  attn_q: 'self_attn.q_proj', attn_k: 'self_attn.k_proj', attn_v: 'self_attn.v_proj', attn_output: 'self_attn.o_proj',
  attn_q_norm: 'self_attn.q_norm', attn_k_norm: 'self_attn.k_norm',
  ffn_gate: 'mlp.gate_proj', ffn_up: 'mlp.up_proj', ffn_down: 'mlp.down_proj',
}

/** A tensor's name as Hugging Face has it; its own where there is none. */
export function hubName(name: string): string {
  const [, layer, inner, end] = /^blk\.(\d{1,4})\.(\w+)\.(weight|bias)$/.exec(name) ?? []
  const module = inner !== undefined && Object.hasOwn(inLayer, inner) ? inLayer[inner] : undefined
  if (module !== undefined) return `model.layers.${Number(layer)}.${module}.${end}`
  const [, first, last] = /^(\w+)\.(weight|bias)$/.exec(name) ?? []
  return first !== undefined && Object.hasOwn(outer, first) ? `${outer[first]}.${last}` : name
}

/**
 * Where each row of q and k goes. llama.cpp turns pairs of neighbours, Hugging Face those half a head apart: files of
 * llama have row 2j + s of a head where Hugging Face has j + s·hd/2. null: every row stays.
 */
export function rowOrder(family: Family, hubTensor: string, headDim: number): ((row: number) => number) | null {
  if (family !== 'llama' || !/\.self_attn\.[qk]_proj\.(weight|bias)$/.test(hubTensor)) return null
  return (row) => {
    const within = row % headDim
    return row - within + (within >> 1) + (within & 1) * (headDim / 2)
  }
}
