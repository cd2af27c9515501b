import { describe, expect, it } from 'vitest'
import { ModelConfigError, parameterCount, parameterShapes, projectionShape, readModelConfig, writeModelConfig } from './config.ts'

/** config.json of HuggingFaceTB/SmolLM2-135M-Instruct, as published, without what concerns tokens and generation. */
const smolLm2 = {
  architectures: ['LlamaForCausalLM'],
  attention_bias: false,
  attention_dropout: 0.0,
  hidden_act: 'silu',
  hidden_size: 576,
  initializer_range: 0.041666666666666664,
  intermediate_size: 1536,
  max_position_embeddings: 8192,
  mlp_bias: false,
  model_type: 'llama',
  num_attention_heads: 9,
  num_hidden_layers: 30,
  num_key_value_heads: 3,
  pretraining_tp: 1,
  rms_norm_eps: 1e-5,
  rope_interleaved: false,
  rope_scaling: null,
  rope_theta: 100000,
  tie_word_embeddings: true,
  torch_dtype: 'bfloat16',
  use_cache: true,
  vocab_size: 49152,
}

const qwen25 = {
  model_type: 'qwen2',
  hidden_act: 'silu',
  hidden_size: 896,
  intermediate_size: 4864,
  max_position_embeddings: 32768,
  max_window_layers: 21,
  num_attention_heads: 14,
  num_hidden_layers: 24,
  num_key_value_heads: 2,
  rms_norm_eps: 1e-6,
  rope_theta: 1000000.0,
  sliding_window: 32768,
  tie_word_embeddings: true,
  use_sliding_window: false,
  vocab_size: 151936,
}

const qwen3 = {
  model_type: 'qwen3',
  attention_bias: false,
  head_dim: 128,
  hidden_act: 'silu',
  hidden_size: 1024,
  intermediate_size: 3072,
  max_position_embeddings: 40960,
  num_attention_heads: 16,
  num_hidden_layers: 28,
  num_key_value_heads: 8,
  rms_norm_eps: 1e-6,
  rope_scaling: null,
  rope_theta: 1000000,
  tie_word_embeddings: true,
  use_sliding_window: false,
  vocab_size: 151936,
}

describe('config.json', () => {
  it('of a Llama', () => {
    expect(readModelConfig(smolLm2)).toEqual({
      family: 'llama',
      vocabSize: 49152,
      hiddenSize: 576,
      layers: 30,
      heads: 9,
      kvHeads: 3,
      headDim: 64,
      intermediateSize: 1536,
      ropeTheta: 100000,
      ropeScaling: null,
      rmsNormEps: 1e-5,
      tiedEmbeddings: true,
      maxPositions: 8192,
      attentionBias: false,
      queryKeyNorm: false,
    })
  })

  it('of a Qwen2: biases of q, k and v', () => {
    const config = readModelConfig(qwen25)
    expect(config).toMatchObject({ family: 'qwen2', headDim: 64, attentionBias: true, queryKeyNorm: false })
    const shapes = parameterShapes(config)
    expect(shapes.get('model.layers.23.self_attn.q_proj.bias')).toEqual([896])
    expect(shapes.get('model.layers.23.self_attn.k_proj.bias')).toEqual([128])
    expect(shapes.has('model.layers.23.self_attn.o_proj.bias')).toBe(false)
  })

  it('of a Qwen3: norms of q and k, heads of their own width', () => {
    const config = readModelConfig(qwen3)
    expect(config).toMatchObject({ family: 'qwen3', headDim: 128, attentionBias: false, queryKeyNorm: true })
    expect(projectionShape(config, 'q_proj')).toEqual([2048, 1024])
    expect(projectionShape(config, 'o_proj')).toEqual([1024, 2048])
    expect(parameterShapes(config).get('model.layers.0.self_attn.k_norm.weight')).toEqual([128])
  })

  it('gives as many parameters as the models are said to have', () => {
    // 134.5 M, 494.0 M and 596.0 M on the model cards.
    expect(parameterCount(readModelConfig(smolLm2))).toBe(134_515_008)
    expect(parameterCount(readModelConfig(qwen25))).toBe(494_032_768)
    expect(parameterCount(readModelConfig(qwen3))).toBe(596_049_920)
    const untied = readModelConfig({ ...smolLm2, tie_word_embeddings: false })
    expect(parameterShapes(untied).get('lm_head.weight')).toEqual([49152, 576])
    expect(parameterCount(untied)).toBe(134_515_008 + 49152 * 576)
  })

  it('of transformers 5 keeps theta inside rope_parameters, and says dtype', () => {
    const { rope_theta: _, rope_scaling: __, torch_dtype: ___, ...rest } = smolLm2
    const newer = { ...rest, dtype: 'bfloat16', rope_parameters: { rope_type: 'default', rope_theta: 5000 } }
    expect(readModelConfig(newer)).toEqual({ ...readModelConfig(smolLm2), ropeTheta: 5000 })
    expect(readModelConfig({ ...smolLm2, rope_scaling: { rope_type: 'default' } }).ropeTheta).toBe(100000)
  })

  it('of a Llama 3.2 stretches its positions, in either spelling', () => {
    const { rope_theta: _, rope_scaling: __, ...rest } = smolLm2
    const llama3 = { factor: 32, low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 8192 }
    const scaling = { factor: 32, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalPositions: 8192 }
    const older = readModelConfig({ ...rest, rope_theta: 500_000, rope_scaling: { ...llama3, rope_type: 'llama3' } })
    expect(older).toMatchObject({ ropeTheta: 500_000, ropeScaling: scaling })
    expect(readModelConfig({ ...rest, rope_parameters: { ...llama3, rope_type: 'llama3', rope_theta: 500_000 } })).toEqual(older)
    expect(readModelConfig({ ...rest, rope_theta: 500_000, rope_scaling: { ...llama3, type: 'llama3' } })).toEqual(older)
    expect(readModelConfig(writeModelConfig(older))).toEqual(older)
  })

  it('fills in what old files leave out', () => {
    const config = readModelConfig({ model_type: 'llama', vocab_size: 10, hidden_size: 8, num_hidden_layers: 1, num_attention_heads: 2, intermediate_size: 4 })
    expect(config).toMatchObject({ kvHeads: 2, headDim: 4, ropeTheta: 10_000, rmsNormEps: 1e-6, tiedEmbeddings: false, maxPositions: 2048 })
    // What transformers fills in differs by family.
    const { head_dim: _, num_key_value_heads: __, max_position_embeddings: ___, ...bare } = { ...qwen3, num_attention_heads: 32 }
    expect(readModelConfig(bare)).toMatchObject({ headDim: 128, kvHeads: 32, maxPositions: 32_768 })
    expect(readModelConfig({ ...smolLm2, head_dim: null, num_key_value_heads: null, hidden_size: 576 })).toMatchObject({ headDim: 64, kvHeads: 9 })
  })

  it.each([
    ['rope_scaling of another kind', { ...smolLm2, rope_scaling: { rope_type: 'yarn', factor: 4 } }, 'config.json: rope_scaling of type yarn is not supported; default and llama3 are.'],
    ['the older spelling of it', { ...smolLm2, rope_scaling: { type: 'dynamic' } }, 'rope_scaling of type dynamic is not supported'],
    ['the newer spelling of it', { ...smolLm2, rope_parameters: { rope_type: 'longrope', rope_theta: 5000 } }, 'rope_parameters of type longrope is not supported'],
    ['rope_parameters a kind of layer', { ...smolLm2, rope_parameters: { full_attention: { rope_type: 'default' } } }, 'rope_parameters of several kinds of layers is not supported'],
    ['two spellings that differ', { ...smolLm2, rope_scaling: { rope_type: 'default' }, rope_parameters: { rope_type: 'llama3', factor: 8, low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 64 } }, 'rope_scaling and rope_parameters contradict each other'],
    ['two names in one', { ...smolLm2, rope_scaling: { rope_type: 'default', type: 'linear' } }, 'rope_scaling contradicts itself'],
    ['llama3 that is not whole', { ...smolLm2, rope_scaling: { rope_type: 'llama3', factor: 32 } }, 'rope_scaling.low_freq_factor must be a positive number'],
    ['llama3 without a way between', { ...smolLm2, rope_scaling: { rope_type: 'llama3', factor: 8, low_freq_factor: 4, high_freq_factor: 4, original_max_position_embeddings: 64 } }, 'high_freq_factor must be larger'],
    ['heads turned in part', { ...smolLm2, rope_parameters: { rope_type: 'default', partial_rotary_factor: 0.5 } }, 'partial_rotary_factor 0.5 is not supported'],
    ['rope_scaling that is a word', { ...smolLm2, rope_scaling: 'linear' }, 'rope_scaling must hold an object'],
    ['another family', { ...smolLm2, model_type: 'mamba' }, 'model_type mamba is not supported; llama, qwen2, qwen3 are.'],
    ['no family', {}, 'model_type undefined is not supported'],
    ['another activation', { ...smolLm2, hidden_act: 'gelu' }, 'hidden_act gelu is not supported; silu is.'],
    ['biases of a Llama', { ...smolLm2, attention_bias: true }, 'attention_bias is not supported: biases of the attention are read for qwen2 alone.'],
    ['biases of the feed-forward network', { ...smolLm2, mlp_bias: true }, 'mlp_bias is not supported: biases of the feed-forward network'],
    ['a sliding window', { ...qwen25, use_sliding_window: true }, 'use_sliding_window is not supported: attention that reaches only so far back'],
    ['a missing size', { ...smolLm2, hidden_size: undefined }, 'hidden_size must be a positive number.'],
    ['a broken size', { ...smolLm2, num_hidden_layers: 2.5 }, 'num_hidden_layers must be a whole number.'],
    ['a negative size', { ...smolLm2, vocab_size: -1 }, 'vocab_size must be a positive number.'],
    ['heads that do not share keys evenly', { ...smolLm2, num_key_value_heads: 2 }, 'must be a multiple of num_key_value_heads.'],
    ['heads of odd width', { ...smolLm2, head_dim: 63 }, 'head_dim must be even.'],
    ['an activation that is null', { ...smolLm2, hidden_act: null }, 'hidden_act null is not supported'],
    ['a head that may be tied', { ...smolLm2, tie_word_embeddings: 'true' }, 'tie_word_embeddings must be true or false'],
    ['a million layers', { ...smolLm2, num_hidden_layers: 1_000_000 }, 'num_hidden_layers 1000000 is more than the 512 that can be computed here. Choose a smaller model.'],
    ['a size beyond reckoning', { ...smolLm2, vocab_size: 2 ** 40 }, 'vocab_size 1099511627776 is more than'],
    ['no object', [], 'must hold an object'],
  ])('with %s is refused', (_, json, message) => {
    expect(() => readModelConfig(json)).toThrow(ModelConfigError)
    expect(() => readModelConfig(json)).toThrow(message)
  })

  it.each([smolLm2, qwen25, qwen3])('is read back as it is written: $model_type', (json) => {
    const config = readModelConfig(json)
    expect(readModelConfig(writeModelConfig(config))).toEqual(config)
  })
})
