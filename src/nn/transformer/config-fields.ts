// What every field of a config.json means for what is computed here: read, without effect, or refused by name where its
// value asks for something that this library does not compute. The fields are those of transformers' LlamaConfig,
// Qwen2Config, Qwen3Config and their base class, and those with which relatives of these families announce what differs.

export type Family = 'llama' | 'qwen2' | 'qwen3'
type ConfigJson = Readonly<Record<string, unknown>>

/** Fields that readModelConfig() reads. */
export const readFields = [
  'model_type', 'vocab_size', 'hidden_size', 'intermediate_size', 'num_hidden_layers', 'num_attention_heads', 'num_key_value_heads', 'head_dim',
  'hidden_act', 'max_position_embeddings', 'rms_norm_eps', 'rope_theta', 'rope_scaling', 'rope_parameters', 'tie_word_embeddings',
] as const

/** Fields that change nothing of the logits: training, generation, bookkeeping, or another way to the same sum. */
export const idleFields = [
  'initializer_range', 'use_cache', 'attention_dropout', 'pretraining_tp', 'max_window_layers', 'chunk_size_feed_forward',
  'bos_token_id', 'eos_token_id', 'pad_token_id', 'sep_token_id', 'decoder_start_token_id', 'tokenizer_class', 'prefix',
  'transformers_version', '_name_or_path', 'name_or_path', '_commit_hash', '_attn_implementation', 'attn_implementation',
  'return_dict', 'output_hidden_states', 'output_attentions', 'torchscript', 'use_bfloat16', 'is_decoder', 'tie_encoder_decoder',
  'id2label', 'label2id', 'num_labels', 'problem_type', 'finetuning_task', 'task_specific_params',
] as const

interface Refusal {
  /** The value asks for nothing: what is computed here is right. */
  idle: (value: unknown, family: Family, json: ConfigJson) => boolean
  /** What the field asks for, and what to do. */
  why: string
}

export const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const off = (value: unknown) => value === undefined || value === null || value === false
const none = (value: unknown) => off(value) || value === 0
const one = (value: unknown) => off(value) || value === 1
const empty = (value: unknown) => off(value) || (Array.isArray(value) && value.length === 0) || (isRecord(value) && Object.keys(value).length === 0)
const every = (value: unknown, fits: (each: unknown) => boolean) => off(value) || (Array.isArray(value) && value.every(fits))
const of = (idle: Refusal['idle'], why: string): Refusal => ({ idle, why })

const otherModel = 'Take a model without it.'
const nested = 'this is a model of several parts, such as text and images, and only plain language models can be read. Take the language model alone.'
const quantised = 'its weights are quantised, and are not read. Take the same model unquantised: float32, float16 or bfloat16.'
const experts = `mixtures of experts are not computed here. ${otherModel}`
const scaled = `this scaling is not computed here. ${otherModel}`
const partly = `heads that are turned only in part are not computed here. ${otherModel}`
const window = `attention that reaches only so far back is not computed here. ${otherModel}`

/** Whole words in which a config names the class that computes it. */
const classes: Record<Family, string> = { llama: 'llamaforcausallm', qwen2: 'qwen2forcausallm', qwen3: 'qwen3forcausallm' }

const floats = ['float32', 'float16', 'bfloat16', 'float64', 'float', 'half', 'double', 'auto']
const isFloat = (value: unknown) => off(value) || (typeof value === 'string' && floats.includes(value.replace(/^torch\./, '')))

/** By field: when its value may stand, and what is said otherwise. */
export const refusals = {
  text_config: of(off, nested),
  llm_config: of(off, nested),
  language_config: of(off, nested),
  vision_config: of(off, nested),
  audio_config: of(off, nested),
  quantization_config: of(empty, quantised),
  compression_config: of(empty, quantised),
  quantization: of(empty, quantised),
  dtype: of(isFloat, quantised),
  torch_dtype: of(isFloat, quantised),
  architectures: of((value, family) => off(value) || empty(value) || (Array.isArray(value) && value.some((name) => String(name).toLowerCase() === classes[family])), 'it names another class than the language model of its family: a classifier, an embedding model, or a model with its own code. Take one that generates text.'),
  auto_map: of((value) => off(value) || (isRecord(value) && value['AutoModelForCausalLM'] === undefined && value['AutoModel'] === undefined), 'the model is computed by code of its own, which does not run here. Take a model that transformers has built in.'),
  is_encoder_decoder: of(off, `encoders are not computed here. ${otherModel}`),
  add_cross_attention: of(off, `attention to another sequence is not computed here. ${otherModel}`),
  cross_attention_layers: of(empty, `attention to another sequence is not computed here. ${otherModel}`),
  is_causal: of((value) => value === undefined || value === null || value === true, `attention to later tokens is not computed here. ${otherModel}`),
  use_bidirectional_attention: of(off, `attention to later tokens is not computed here. ${otherModel}`),
  attention_bias: of((value, family) => off(value) || family === 'qwen2', `biases of the attention are read for qwen2 alone. ${otherModel}`),
  mlp_bias: of(off, `biases of the feed-forward network are not computed here. ${otherModel}`),
  use_qk_norm: of((value, family) => off(value) || family === 'qwen3', `norms of queries and keys are read for qwen3 alone. ${otherModel}`),
  qk_norm: of((value, family) => off(value) || family === 'qwen3', `norms of queries and keys are read for qwen3 alone. ${otherModel}`),
  layer_types: of((value) => every(value, (type) => type === 'full_attention' || type === 'attention'), window),
  use_sliding_window: of(off, window),
  sliding_window: of((value, family) => off(value) || family !== 'llama', window),
  attention_chunk_size: of(none, window),
  partial_rotary_factor: of(one, partly),
  rotary_pct: of(one, partly),
  rope_interleaved: of(off, `heads whose pairs lie side by side are not read. ${otherModel}`),
  no_rope_layers: of((value) => every(value, (rope) => rope === 1 || rope === true), `layers without positions are not computed here. ${otherModel}`),
  no_rope_layer_interval: of(none, `layers without positions are not computed here. ${otherModel}`),
  alibi: of(off, `positions as ALiBi are not computed here. ${otherModel}`),
  parallel_attn: of(off, `attention beside the feed-forward network is not computed here. ${otherModel}`),
  use_parallel_residual: of(off, `attention beside the feed-forward network is not computed here. ${otherModel}`),
  attn_logit_softcapping: of(none, `capped scores are not computed here. ${otherModel}`),
  final_logit_softcapping: of(none, `capped logits are not computed here. ${otherModel}`),
  clip_qkv: of(none, `clipped queries, keys and values are not computed here. ${otherModel}`),
  attention_sinks: of(none, `attention sinks are not computed here. ${otherModel}`),
  num_attention_sinks: of(none, `attention sinks are not computed here. ${otherModel}`),
  query_pre_attn_scalar: of((value, _, { head_dim }) => off(value) || value === head_dim, scaled),
  attention_multiplier: of(off, scaled),
  residual_multiplier: of(one, scaled),
  embedding_multiplier: of(one, scaled),
  logits_scaling: of(one, scaled),
  logit_scale: of(one, scaled),
  scale_emb: of(one, scaled),
  scale_depth: of(off, scaled),
  dim_model_base: of(off, scaled),
  num_experts: of(none, experts),
  num_local_experts: of(none, experts),
  n_routed_experts: of(none, experts),
  pruned_heads: of(empty, `heads that were taken out are not left out here. ${otherModel}`),
  per_layer_config: of(empty, `layers that differ are not computed here. ${otherModel}`),
} as const satisfies Record<string, Refusal>

/** Said of nested configurations before the family is looked at: they have one of their own. */
export const outermost = ['text_config', 'llm_config', 'language_config', 'vision_config', 'audio_config', 'quantization_config', 'compression_config', 'quantization'] as const

const kept = (text: string) => (text.length > 60 ? `${text.slice(0, 57)}…` : text)

/** A value in words: short, and an object by what names it. */
function shown(value: unknown): string {
  if (isRecord(value)) return typeof value['quant_method'] === 'string' ? ` (${kept(value['quant_method'])})` : ''
  if (Array.isArray(value)) return ` with ${kept([...new Set(value.slice(0, 1000).map(String))].join(', '))}`
  return value === true ? '' : ` ${kept(String(value))}`
}

/** The first of these fields whose value is not computed here, in words; null: none. */
export function refusedField(json: ConfigJson, family: Family, fields: readonly (keyof typeof refusals)[]): string | null {
  for (const field of fields) {
    const value = json[field]
    const { idle, why }: Refusal = refusals[field]
    if (!idle(value, family, json)) return `config.json: ${field}${shown(value)} is not supported: ${why}`
  }
  return null
}
