import { describe, expect, it } from 'vitest'
import { weightInputs } from '../nn/transformer/weights.ts'
import { layoutOf, type LiveParameter } from './layout.ts'
import { modelConfigOf } from './model-config.ts'

// What MLC writes of Qwen2, Llama 3.2 and Qwen3, made small.
const shared = { hidden_size: 24, intermediate_size: 40, num_hidden_layers: 2, num_attention_heads: 4, num_key_value_heads: 2, vocab_size: 11, rms_norm_eps: 1e-6, context_window_size: 32_768 }
const qwen2 = { model_type: 'qwen2', model_config: { ...shared, hidden_act: 'silu', rope_theta: 1_000_000, head_dim: 6, tie_word_embeddings: true } }
const llama = {
  model_type: 'llama',
  model_config: { ...shared, position_embedding_base: 500_000, head_dim: 6, tie_word_embeddings: false, rope_scaling: { factor: 32, low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 8192, rope_type: 'llama3' } },
}
const qwen3 = { model_type: 'qwen3', model_config: { ...shared, hidden_act: 'silu', rope_theta: 1_000_000, attention_bias: false, head_dim: 8 } }

describe('modelConfigOf', () => {
  it('reads what MLC says of each family, in its own words', () => {
    expect(modelConfigOf(qwen2, 4096, ['model.norm.weight'])).toMatchObject({ family: 'qwen2', attentionBias: true, ropeTheta: 1_000_000, headDim: 6, tiedEmbeddings: true, maxPositions: 4096 })
    expect(modelConfigOf(llama, 8192, ['lm_head.weight'])).toMatchObject({ family: 'llama', ropeTheta: 500_000, ropeScaling: { factor: 32 }, tiedEmbeddings: false })
    expect(modelConfigOf(qwen3, 8192, null)).toMatchObject({ family: 'qwen3', queryKeyNorm: true, headDim: 8, tiedEmbeddings: false })
  })

  it.each([
    ['another family', { ...qwen2, model_type: 'gemma2' }, /model_type gemma2 is not supported/],
    ['no shape', { model_type: 'llama' }, /model_config/],
    ['another activation', { ...qwen2, model_config: { ...qwen2.model_config, hidden_act: 'gelu' } }, /hidden_act gelu/],
  ])('refuses %s', (_, chat, words) => {
    expect(() => modelConfigOf(chat, 4096, null)).toThrowError(words)
  })
})

describe('layoutOf', () => {
  const config = modelConfigOf(qwen2, 4096, null)
  const buffer = () => { throw new Error('not in this test') }
  const parameters = (change: (name: string, shape: number[]) => Partial<LiveParameter> | null = () => ({})): LiveParameter[] =>
    [...weightInputs(config, 'mlc')].flatMap(([name, shape]) => {
      const changed = change(name, shape)
      return changed ? [{ name: name.replace('qkv_proj', 'c_attn'), shape, dtype: 'float16', buffer, ...changed }] : []
    })

  it('finds the rows of each projection in the stacked matrices', () => {
    const { type, projections } = layoutOf(parameters(), config)
    expect(type).toBe('float16')
    // Heads of 6: 24 rows of q, 12 of k, 12 of v.
    expect(projections.filter(({ layer }) => layer === 1).map(({ projection, stored, row, rows, columns }) => [projection, stored.slice('model.layers.1.'.length), row, rows, columns])).toEqual([
      ['q_proj', 'self_attn.qkv_proj.weight', 0, 24, 24],
      ['k_proj', 'self_attn.qkv_proj.weight', 24, 12, 24],
      ['v_proj', 'self_attn.qkv_proj.weight', 36, 12, 24],
      ['o_proj', 'self_attn.o_proj.weight', 0, 24, 24],
      ['gate_proj', 'mlp.gate_up_proj.weight', 0, 40, 24],
      ['up_proj', 'mlp.gate_up_proj.weight', 40, 40, 24],
      ['down_proj', 'mlp.down_proj.weight', 0, 24, 40],
    ])
  })

  it.each([
    ['a weight that is missing', (name: string) => (name === 'model.norm.weight' ? null : {}), /There is no model\.norm\.weight/],
    ['another shape', (name: string) => (name.endsWith('1.mlp.down_proj.weight') ? { shape: [40, 24] } : {}), /1\.mlp\.down_proj\.weight is \[40, 24\]; the configuration says \[24, 40\]/],
    ['a mixture of types', (name: string) => (name.endsWith('o_proj.weight') ? { dtype: 'float32' } : {}), /o_proj\.weight is float32, and the rest float16/],
    ['packed weights', () => ({ dtype: 'uint32' }), /embed_tokens\.weight is uint32/],
  ] as const)('refuses %s, by name', (_, change, words) => {
    expect(() => layoutOf(parameters(change), config)).toThrowError(words)
  })

  it('refuses a weight that it does not know', () => {
    expect(() => layoutOf([...parameters(), { name: 'model.layers.0.mlp.experts.weight', shape: [1], dtype: 'float16', buffer }], config)).toThrowError(/experts\.weight is no weight of this model/)
  })
})
