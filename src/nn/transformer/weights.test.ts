import { describe, expect, it } from 'vitest'
import { Graph } from '../graph.ts'
import { readModelConfig } from './config.ts'
import { declareWeights, fusedName, loraShapes, weightInputs } from './weights.ts'

const config = readModelConfig({
  model_type: 'qwen2',
  vocab_size: 11,
  hidden_size: 8,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  intermediate_size: 6,
  tie_word_embeddings: true,
})

describe("MLC's layout", () => {
  it('stacks q, k, v by rows, with their biases, and gate over up', () => {
    expect([...weightInputs(config, 'mlc')].slice(0, 8)).toEqual([
      ['model.embed_tokens.weight', [11, 8]],
      ['model.layers.0.input_layernorm.weight', [8]],
      ['model.layers.0.self_attn.qkv_proj.weight', [16, 8]],
      ['model.layers.0.self_attn.qkv_proj.bias', [16]],
      ['model.layers.0.self_attn.o_proj.weight', [8, 8]],
      ['model.layers.0.mlp.gate_up_proj.weight', [12, 8]],
      ['model.layers.0.mlp.down_proj.weight', [8, 6]],
      ['model.layers.0.post_attention_layernorm.weight', [8]],
    ])
  })

  it.each([
    ['model.layers.3.self_attn.k_proj.weight', 'model.layers.3.self_attn.qkv_proj.weight'],
    ['model.layers.3.self_attn.v_proj.bias', 'model.layers.3.self_attn.qkv_proj.bias'],
    ['model.layers.12.mlp.up_proj.weight', 'model.layers.12.mlp.gate_up_proj.weight'],
    ['model.layers.3.self_attn.o_proj.weight', null],
    ['model.layers.3.mlp.down_proj.weight', null],
    ['model.layers.3.self_attn.q_norm.weight', null],
    ['model.embed_tokens.weight', null],
  ])('%s lies in %s', (name, fused) => {
    expect(fusedName(name)).toBe(fused)
  })
})

describe('an adapter', () => {
  it('has A [r, in] and B [out, r] for each projection of each layer', () => {
    expect([...loraShapes(config, { rank: 3, alpha: 6, targets: ['k_proj', 'down_proj'] })]).toEqual([
      ['model.layers.0.self_attn.k_proj.lora_A.weight', [3, 8]],
      ['model.layers.0.self_attn.k_proj.lora_B.weight', [4, 3]],
      ['model.layers.0.mlp.down_proj.lora_A.weight', [3, 6]],
      ['model.layers.0.mlp.down_proj.lora_B.weight', [8, 3]],
      ['model.layers.1.self_attn.k_proj.lora_A.weight', [3, 8]],
      ['model.layers.1.self_attn.k_proj.lora_B.weight', [4, 3]],
      ['model.layers.1.mlp.down_proj.lora_A.weight', [3, 6]],
      ['model.layers.1.mlp.down_proj.lora_B.weight', [8, 3]],
    ])
  })
})

describe('a graph', () => {
  it('asks for a parameter when it is first used, once', () => {
    const graph = new Graph('model')
    const weights = declareWeights(graph, config, { layout: 'huggingface', dtype: 'float32' }, { rank: 2, alpha: 4, targets: ['v_proj'] })
    expect(graph.inputs).toEqual([])
    const x = graph.input('x', 'float32', [1, 5, 8])
    const [q, k, v] = weights.project(x, 0, 'attention')
    weights.project(x, 0, 'attention')
    expect([q?.shape, k?.shape, v?.shape]).toEqual([[1, 5, 8], [1, 5, 4], [1, 5, 4]])
    expect(graph.inputs.map(({ name }) => name.replace('model.layers.0.self_attn.', ''))).toEqual([
      'x',
      'q_proj.weight',
      'q_proj.bias',
      'k_proj.weight',
      'k_proj.bias',
      'v_proj.weight',
      'v_proj.bias',
      'v_proj.lora_A.weight',
      'v_proj.lora_B.weight',
    ])
    expect(() => weights.parameter('model.layers.9.mlp.up_proj.weight')).toThrow('The model has no parameter model.layers.9.mlp.up_proj.weight.')
  })
})
