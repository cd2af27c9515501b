// Every field that transformers writes for these families is read, has no effect, or is refused by name.
import { describe, expect, it } from 'vitest'
import { idleFields, readFields, refusals } from './config-fields.ts'
import { ModelConfigError, readModelConfig } from './config.ts'

// The attributes of transformers' configuration classes (5.0; those that 4.x had beside them too), not what they inherit.
const llama = ['vocab_size', 'hidden_size', 'intermediate_size', 'num_hidden_layers', 'num_attention_heads', 'num_key_value_heads', 'hidden_act', 'max_position_embeddings', 'initializer_range', 'rms_norm_eps', 'use_cache', 'pad_token_id', 'bos_token_id', 'eos_token_id', 'pretraining_tp', 'tie_word_embeddings', 'rope_parameters', 'rope_theta', 'rope_scaling', 'attention_bias', 'attention_dropout', 'mlp_bias', 'head_dim']
const qwen2 = ['vocab_size', 'hidden_size', 'intermediate_size', 'num_hidden_layers', 'num_attention_heads', 'num_key_value_heads', 'hidden_act', 'max_position_embeddings', 'initializer_range', 'rms_norm_eps', 'use_cache', 'tie_word_embeddings', 'rope_parameters', 'rope_theta', 'rope_scaling', 'use_sliding_window', 'sliding_window', 'max_window_layers', 'layer_types', 'attention_dropout', 'pad_token_id', 'bos_token_id', 'eos_token_id']
const qwen3 = [...qwen2, 'head_dim', 'attention_bias']
const base = ['model_type', 'transformers_version', 'architectures', 'output_hidden_states', 'output_attentions', 'return_dict', 'dtype', 'torch_dtype', 'chunk_size_feed_forward', 'is_encoder_decoder', 'is_decoder', 'add_cross_attention', 'tie_encoder_decoder', 'cross_attention_hidden_size', 'pruned_heads', 'id2label', 'label2id', 'num_labels', 'problem_type', 'finetuning_task', 'task_specific_params', 'torchscript', 'use_bfloat16', 'tokenizer_class', 'prefix', 'sep_token_id', 'decoder_start_token_id', 'per_layer_config', '_name_or_path', '_commit_hash', '_attn_implementation', 'attn_implementation', 'auto_map', 'quantization_config']

const sound = { model_type: 'llama', vocab_size: 10, hidden_size: 8, num_hidden_layers: 3, num_attention_heads: 2, num_key_value_heads: 1, intermediate_size: 4 }
const config = (change: Record<string, unknown>) => readModelConfig({ ...sound, ...change })

describe('fields of config.json', () => {
  it('are all known, and each in one way', () => {
    const known = [...readFields, ...idleFields, ...Object.keys(refusals)]
    expect(new Set(known).size).toBe(known.length)
    const unknown = [...llama, ...qwen2, ...qwen3, ...base].filter((field) => !known.some((each) => each === field))
    // Set only where add_cross_attention is, which is refused.
    expect(unknown).toEqual(['cross_attention_hidden_size'])
  })

  it.each<[string, unknown]>([
    ['vocab_size', 12],
    ['hidden_size', 16],
    ['intermediate_size', 6],
    ['num_hidden_layers', 2],
    ['num_attention_heads', 4],
    ['num_key_value_heads', 2],
    ['head_dim', 6],
    ['max_position_embeddings', 99],
    ['rms_norm_eps', 1e-5],
    ['rope_theta', 7],
    ['rope_scaling', { rope_type: 'llama3', factor: 8, low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 64 }],
    ['rope_parameters', { rope_type: 'default', rope_theta: 9 }],
    ['tie_word_embeddings', true],
    ['model_type', 'qwen2'],
  ])('%s is read', (field, value) => {
    expect(readFields).toContain(field)
    expect(config({ [field]: value })).not.toEqual(config({}))
  })

  it.each([...idleFields])('%s changes nothing', (field) => {
    for (const value of [null, 0, 7, true, 'x', [1], { 0: 1 }]) expect(config({ [field]: value })).toEqual(config({}))
  })

  const refusing: [string, unknown][] = [
    ['text_config', { hidden_size: 8 }],
    ['llm_config', {}],
    ['language_config', {}],
    ['vision_config', {}],
    ['audio_config', {}],
    ['quantization_config', { quant_method: 'gptq', bits: 4 }],
    ['compression_config', { format: 'int-quantized' }],
    ['quantization', { group_size: 64, bits: 4 }],
    ['dtype', 'float8_e4m3fn'],
    ['torch_dtype', 'int8'],
    ['architectures', ['LlamaForSequenceClassification']],
    ['auto_map', { AutoModelForCausalLM: 'modeling.Mine' }],
    ['is_encoder_decoder', true],
    ['add_cross_attention', true],
    ['cross_attention_layers', [3]],
    ['is_causal', false],
    ['use_bidirectional_attention', true],
    ['attention_bias', true],
    ['mlp_bias', true],
    ['use_qk_norm', true],
    ['qk_norm', true],
    ['layer_types', ['full_attention', 'sliding_attention', 'full_attention']],
    ['use_sliding_window', true],
    ['sliding_window', 4096],
    ['attention_chunk_size', 8192],
    ['partial_rotary_factor', 0.5],
    ['rotary_pct', 0.25],
    ['rope_interleaved', true],
    ['no_rope_layers', [1, 1, 0]],
    ['no_rope_layer_interval', 4],
    ['alibi', true],
    ['parallel_attn', true],
    ['use_parallel_residual', true],
    ['attn_logit_softcapping', 50],
    ['final_logit_softcapping', 30],
    ['clip_qkv', 8],
    ['attention_sinks', true],
    ['num_attention_sinks', 4],
    ['query_pre_attn_scalar', 256],
    ['attention_multiplier', 0.0078125],
    ['residual_multiplier', 0.22],
    ['embedding_multiplier', 12],
    ['logits_scaling', 8],
    ['logit_scale', 0.0625],
    ['scale_emb', 12],
    ['scale_depth', 1.4],
    ['dim_model_base', 256],
    ['num_experts', 8],
    ['num_local_experts', 8],
    ['n_routed_experts', 64],
    ['pruned_heads', { 1: [0] }],
    ['per_layer_config', { 1: { num_key_value_heads: 2 } }],
  ]
  it.each(refusing)('%s is refused by name', (field, value) => {
    expect(() => config({ [field]: value })).toThrow(ModelConfigError)
    expect(() => config({ [field]: value })).toThrow(new RegExp(`^config.json: ${field}.* is not supported: .+ Take `))
  })

  it('are all in the test above that can be refused', () => {
    expect(refusing.map(([field]) => field)).toEqual(Object.keys(refusals))
  })

  it.each<[string, Record<string, unknown>]>([
    ['empty or neutral values', { quantization_config: null, pruned_heads: {}, layer_types: ['full_attention', 'full_attention', 'full_attention'], partial_rotary_factor: 1, num_experts: 0, no_rope_layers: [1, 1, 1], is_causal: true, sliding_window: null, rope_interleaved: false, dtype: 'float32', torch_dtype: 'torch.bfloat16' }],
    ['its own class, and classes of other tasks with their own code', { architectures: ['LlamaForCausalLM'], auto_map: { AutoTokenizer: 'tokenization.Mine' } }],
    ['fields that nobody knows', { unsloth_fixed: true, 'transformers.js_config': {} }],
  ])('%s are no reason to refuse', (_, change) => {
    expect(config(change)).toEqual(config({}))
  })

  it('that a family has for itself are no reason to refuse there', () => {
    expect(config({ model_type: 'qwen2', attention_bias: false, sliding_window: 4096, use_sliding_window: false })).toMatchObject({ attentionBias: true })
    expect(config({ model_type: 'qwen3', use_qk_norm: true, head_dim: 4, architectures: ['Qwen3ForCausalLM'] })).toMatchObject({ queryKeyNorm: true })
  })

  it('says how weights are quantised, and shortens what somebody put there', () => {
    expect(() => config({ quantization_config: { quant_method: 'awq' } })).toThrow('config.json: quantization_config (awq) is not supported: its weights are quantised')
    expect(() => config({ dtype: 'x'.repeat(10_000) })).toThrow(/^.{1,300}$/)
    // Before the family: a model of several parts has another one.
    expect(() => config({ model_type: 'llava', text_config: {} })).toThrow('text_config is not supported')
  })
})
