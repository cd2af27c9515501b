import { describe, expect, it } from 'vitest'
import { createRandom } from '../../core/random.ts'
import type { LoraConfig } from '../../nn/transformer/weights.ts'
import { AdapterError, freshAdapter, readAdapter, writeAdapter } from './adapter.ts'
import { tinyConfig } from '../fixtures/tiny-model.ts'
import { readSafetensors, writeSafetensors } from './safetensors.ts'

const config = tinyConfig()
const lora: LoraConfig = { rank: 4, alpha: 8, targets: ['q_proj', 'v_proj', 'down_proj'] }
const fresh = () => freshAdapter(config, lora, createRandom('adapter'))

// PEFT's layout for LoraConfig(r=4, lora_alpha=8, target_modules=["q_proj", "v_proj", "down_proj"]) on a
// LlamaForCausalLM with hidden size 32, 4 heads of 8, 2 key heads, intermediate size 48, layer by layer.
const layout = (layer: number) => ({
  [`base_model.model.model.layers.${layer}.mlp.down_proj.lora_A.weight`]: [4, 48],
  [`base_model.model.model.layers.${layer}.mlp.down_proj.lora_B.weight`]: [32, 4],
  [`base_model.model.model.layers.${layer}.self_attn.q_proj.lora_A.weight`]: [4, 32],
  [`base_model.model.model.layers.${layer}.self_attn.q_proj.lora_B.weight`]: [32, 4],
  [`base_model.model.model.layers.${layer}.self_attn.v_proj.lora_A.weight`]: [4, 32],
  [`base_model.model.model.layers.${layer}.self_attn.v_proj.lora_B.weight`]: [16, 4],
})

describe('adapters', () => {
  it("have exactly PEFT's names and shapes", () => {
    const { tensors } = readSafetensors(writeAdapter(config, fresh(), 'nano').model)
    expect(Object.fromEntries([...tensors].map(([name, { shape }]) => [name, shape]))).toEqual({ ...layout(0), ...layout(1) })
  })

  it('survive being written and read', () => {
    const adapter = fresh()
    expect(readAdapter(config, writeAdapter(config, adapter, 'nano'))).toEqual(adapter)
  })

  it('start without changing the model', () => {
    for (const [name, values] of fresh().parameters) {
      const largest = Math.max(...values.map(Math.abs))
      if (name.includes('lora_B')) expect(largest).toBe(0)
      else expect(largest).toBeLessThanOrEqual(1 / Math.sqrt(values.length / 4))
    }
  })

  it('are refused with the reason', () => {
    const files = writeAdapter(config, fresh(), 'nano')
    const changed = (change: Record<string, unknown>) => ({ ...files, config: JSON.stringify({ ...JSON.parse(files.config), ...change }) })
    expect(() => readAdapter(config, changed({ peft_type: 'IA3' }))).toThrow(/peft_type/)
    expect(() => readAdapter(config, changed({ use_dora: true }))).toThrow(/use_dora/)
    expect(() => readAdapter(config, changed({ target_modules: ['q_proj', 'embed_tokens'] }))).toThrow(/embed_tokens is not one of/)
    expect(() => readAdapter(config, changed({ target_modules: [...lora.targets, 'k_proj'] }))).toThrow(/lacks .*k_proj/)
    expect(() => readAdapter(config, changed({ target_modules: ['q_proj'] }))).toThrow(/does not announce/)
    expect(() => readAdapter(tinyConfig({ hidden_size: 64, head_dim: 8 }), files)).toThrow(/has shape \[4, 32\] where this model and rank 4 need \[4, 64\]/)
    expect(() => readAdapter(config, { ...files, config: '{' })).toThrow(/not valid JSON/)
  })
})

type Tensors = Map<string, { shape: number[]; values: Float32Array }>

/** LoRA tensors of PEFT's form for these modules, rank 2: A all 0.5, B all 0.25. */
function pairs(modules: readonly string[], change: (name: string) => string = (name) => name): Tensors {
  const sizes: Record<string, [number, number]> = { q_proj: [32, 32], v_proj: [16, 32], down_proj: [32, 48] }
  const tensors: Tensors = new Map()
  for (const module of modules) {
    const [out, input] = sizes[module.split('.').at(-1) ?? ''] ?? [32, 32]
    tensors.set(change(`base_model.model.model.${module}.lora_A.weight`), { shape: [2, input], values: new Float32Array(2 * input).fill(0.5) })
    tensors.set(change(`base_model.model.model.${module}.lora_B.weight`), { shape: [out, 2], values: new Float32Array(2 * out).fill(0.25) })
  }
  return tensors
}
const q = [0, 1].map((layer) => `layers.${layer}.self_attn.q_proj`)
const v = [0, 1].map((layer) => `layers.${layer}.self_attn.v_proj`)
const read = (tensors: Tensors, json: Record<string, unknown> = {}) =>
  readAdapter(config, { config: JSON.stringify({ peft_type: 'LORA', r: 2, lora_alpha: 4, target_modules: ['q_proj'], ...json }), model: writeSafetensors(tensors, 'F32') })

describe('forms of PEFT that are plain LoRA by their tensors', () => {
  const plain = read(pairs(q))

  it.each<[string, Tensors, Record<string, unknown>]>([
    ['target_modules as a pattern', pairs(q), { target_modules: '.*\\.self_attn\\.q_proj' }],
    ['a pattern that would never end', pairs(q), { target_modules: '(.*)*(.*)*(.*)*x' }],
    ['target_modules as whole paths', pairs(q), { target_modules: q.map((module) => `model.${module}`) }],
    ['target_modules as ends of paths', pairs(q), { target_modules: ['self_attn.q_proj'] }],
    ['no target_modules', pairs(q), { target_modules: null }],
    ['patterns that are null', pairs(q), { rank_pattern: null, alpha_pattern: null, exclude_modules: null, modules_to_save: null, layers_to_transform: null, layers_pattern: null, bias: null }],
    ['patterns that say what is so', pairs(q), { rank_pattern: { q_proj: 2 }, alpha_pattern: { q_proj: 4 } }],
    ["the adapter's name in the tensors'", pairs(q, (name) => name.replace('.weight', '.default.weight')), {}],
    ['another name there', pairs(q, (name) => name.replace('.weight', '.my-adapter_2.weight')), {}],
    ['names without the wrapping', pairs(q, (name) => name.replace('base_model.model.', '')), {}],
    ['names of the bare model', pairs(q, (name) => name.replace('base_model.model.model.', 'base_model.model.')), {}],
    ['layers_to_transform that is right', pairs(q), { layers_to_transform: [1, 0], layers_pattern: 'layers' }],
    ['modules that are left out', pairs(q), { target_modules: ['q_proj', 'v_proj'], exclude_modules: ['v_proj'] }],
    ['fields of training and bookkeeping', pairs(q), { fan_in_fan_out: true, lora_dropout: 0.1, init_lora_weights: 'gaussian', eva_config: { rho: 2 }, megatron_config: {}, task_type: null, peft_version: '0.18.0', loftq_config: {}, use_dora: false, use_qalora: false, trainable_token_indices: null, target_parameters: null, arrow_config: null, alora_invocation_tokens: null }],
  ])('with %s', (_, tensors, json) => {
    expect(read(tensors, json)).toEqual(plain)
  })

  it('with rank-stabilised scaling: alpha over the root of the rank', () => {
    const stable = read(pairs(v), { target_modules: ['v_proj'], use_rslora: true, lora_alpha: 3 })
    // α/√r = 3/√2, as plain LoRA has it: α/r.
    expect(stable.lora.alpha / stable.lora.rank).toBeCloseTo(2.12132, 5)
    expect(readAdapter(config, writeAdapter(config, stable, 'nano'))).toEqual(stable)
  })

  it('with tensors in some modules alone: the others stay as they are', () => {
    const some = read(new Map([...pairs(q.slice(1)), ...pairs(v.slice(0, 1))]), { target_modules: 'layers\\.(1\\.self_attn\\.q|0\\.self_attn\\.v)_proj' })
    expect(some.lora).toEqual({ rank: 2, alpha: 4, targets: ['q_proj', 'v_proj'] })
    const changed = [...some.parameters].filter(([name]) => name.includes('lora_B'))
    expect(changed.map(([name, values]) => [name, values.every((value) => value === 0.25), values.every((value) => value === 0)])).toEqual([
      ['model.layers.0.self_attn.q_proj.lora_B.weight', false, true],
      ['model.layers.0.self_attn.v_proj.lora_B.weight', true, false],
      ['model.layers.1.self_attn.q_proj.lora_B.weight', true, false],
      ['model.layers.1.self_attn.v_proj.lora_B.weight', false, true],
    ])
    expect(readAdapter(config, writeAdapter(config, some, 'nano'))).toEqual(some)
  })

  it('on all linear layers', () => {
    expect(() => read(pairs(q), { target_modules: 'all-linear' })).toThrow('lacks base_model.model.model.layers.0.self_attn.k_proj, which adapter_config.json announces')
  })
})

describe('adapters that are not plain LoRA, or contradict themselves', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['DoRA', { use_dora: true }, 'use_dora is not supported: only plain LoRA'],
    ['a kind of the future', { use_something: true }, 'use_something is not supported: only plain LoRA'],
    ['a configuration of the future', { arrow_config: { top_k: 3 } }, 'arrow_config is not supported'],
    ['biases of its own', { lora_bias: true }, 'lora_bias is not supported'],
    ['trained biases', { bias: 'lora_only' }, 'bias lora_only is not supported'],
    ['whole modules', { modules_to_save: ['lm_head'] }, 'modules_to_save is not supported'],
    ['trained tokens', { trainable_token_indices: [1, 2] }, 'trainable_token_indices is not supported'],
    ['repeated layers', { layer_replication: [[0, 2]] }, 'layer_replication is not supported'],
    ['an adapter that is switched on by words', { alora_invocation_tokens: [5] }, 'alora_invocation_tokens is not supported'],
    ['base weights that were changed', { init_lora_weights: 'pissa_niter_4' }, 'init_lora_weights pissa_niter_4 is not supported: it changes the base weights too'],
    ['another method', { peft_type: 'LOHA' }, 'peft_type LOHA is not supported'],
    ['no method', { peft_type: undefined }, 'peft_type undefined is not supported'],
    ['ranks that differ', { rank_pattern: { 'layers.0.self_attn.q_proj': 8 } }, 'rank_pattern is not supported: layers.0.self_attn.q_proj has 8 where the others have 2'],
    ['alphas that differ', { alpha_pattern: { q_proj: 8 } }, 'alpha_pattern is not supported: q_proj has 8 where the others have 4'],
    ['other layers', { layers_to_transform: [0] }, 'layers_to_transform says 0, and the tensors are of the layers 0, 1: the two files belong to different adapters'],
    ['more layers', { layers_to_transform: [0, 1, 5] }, 'layers_to_transform says 0, 1, 5'],
    ['layers that are none', { layers_to_transform: ['0'] }, 'layers_to_transform must be a list of whole numbers'],
    ['layers of another name', { layers_to_transform: [0, 1], layers_pattern: 'h' }, 'layers_pattern h is not supported'],
    ['modules that it leaves out', { exclude_modules: ['q_proj'] }, 'which adapter_config.json leaves out in exclude_modules'],
    ['other modules', { target_modules: ['v_proj'] }, 'holds model.layers.0.self_attn.q_proj, which adapter_config.json does not announce in target_modules'],
    ['a rank that is not that of its tensors', { r: 4 }, 'has shape [2, 32] where this model and rank 4 need [4, 32]'],
    ['a rank that is none', { r: 1.5 }, 'r 1.5 must be a whole number'],
    ['an alpha that is none', { lora_alpha: 'many' }, 'lora_alpha must be a positive number'],
    ['an absurd alpha', { lora_alpha: 1e30 }, 'lora_alpha 1e+30 is absurd'],
    ['modules that are no list', { target_modules: { q_proj: true } }, 'target_modules must be a list of names, or a pattern'],
  ])('%s', (_, json, words) => {
    expect(() => read(pairs(q), json)).toThrow(AdapterError)
    expect(() => read(pairs(q), json)).toThrow(words)
  })

  it.each<[string, Tensors, string]>([
    ['two adapters', new Map([...pairs(q.slice(0, 1), (name) => name.replace('.weight', '.a.weight')), ...pairs(q.slice(1), (name) => name.replace('.weight', '.b.weight'))]), 'holds more than one adapter: a, b.'],
    ['the same twice', new Map([...pairs(q), ...pairs(q, (name) => name.replace('base_model.model.', ''))]), 'holds lora_A of model.layers.0.self_attn.q_proj twice'],
    ['one half of a pair', new Map([...pairs(q)].slice(0, 3)), 'has only one half of its pair'],
    ['layers beyond the model', pairs(['layers.7.self_attn.q_proj']), 'this model has 2 layers: it was made for another model'],
    ['magnitudes of DoRA', new Map([...pairs(q), ['base_model.model.model.layers.0.self_attn.q_proj.lora_magnitude_vector', { shape: [32], values: new Float32Array(32) }]]), 'it is DoRA’s'],
    ['a whole embedding', new Map([...pairs(q), ['base_model.model.model.embed_tokens.weight', { shape: [1], values: new Float32Array(1) }]]), 'adapters of the embeddings and of the head cannot be loaded'],
    ['another architecture', pairs(['layers.0.attention.query']), 'it was made for another model, or is no plain LoRA'],
    ['nothing', new Map(), 'holds no tensor of a LoRA'],
  ])('with %s', (_, tensors, words) => {
    expect(() => read(tensors, { target_modules: null })).toThrow(words)
  })

  it('and files that are something else', () => {
    const files = writeAdapter(config, fresh(), 'nano')
    const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0))
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 40\n'
    expect(() => readAdapter(config, { ...files, model: bytes(pointer) })).toThrow('adapter_model.safetensors is a pointer of Git LFS')
    expect(() => readAdapter(config, { ...files, model: bytes('PK\x03\x04') })).toThrow('adapter_model.safetensors is a zip file, as PyTorch’s pickles are')
    expect(() => readAdapter(config, { ...files, config: pointer })).toThrow('adapter_config.json is a pointer of Git LFS')
    expect(() => readAdapter(config, { ...files, config: '<!doctype html>' })).toThrow('adapter_config.json is a web page')
    expect(() => readAdapter(config, { ...files, config: '[]' })).toThrow('adapter_config.json must hold an object')
  })
})

describe('weights that cannot be computed with', () => {
  const spoilt = (value: number, name = 'layers.1.self_attn.q_proj.lora_B') => {
    const tensors = pairs(q)
    tensors.get(`base_model.model.model.${name}.weight`)?.values.fill(value, 5, 6)
    return tensors
  }

  it.each([
    [NaN, 'model.layers.1.self_attn.q_proj.lora_B.weight: value 5 is NaN, no number that can be computed with'],
    [Infinity, 'value 5 is Infinity'],
    [-Infinity, 'value 5 is -Infinity'],
    [3e20, 'value 5 is 3.00e+20, which is absurd for an adapter'],
    [-20_000, 'value 5 is -2.00e+4, which is absurd'],
  ])('are refused at the door: %s', (value, words) => {
    expect(() => read(spoilt(value))).toThrow(words)
    expect(() => read(spoilt(value))).toThrow('The adapter is damaged, or its training went astray')
  })

  it('also where all of them together are too much', () => {
    const tensors = pairs(q)
    for (const { values } of tensors.values()) values.fill(1000)
    // 4/2 · 1,000·√64 · 1,000·√64.
    expect(() => read(tensors)).toThrow('model.layers.0.self_attn.q_proj would be changed by up to 1.28e+8, which is absurd')
  })

  it('are not written either', () => {
    const adapter = fresh()
    adapter.parameters.get('model.layers.0.mlp.down_proj.lora_B.weight')?.fill(NaN, 0, 1)
    expect(() => writeAdapter(config, adapter, 'nano')).toThrow('model.layers.0.mlp.down_proj.lora_B.weight: value 0 is NaN')
  })

  it('are none that trained adapters have', () => {
    // A of PEFT's first draw at rank 64, B after long training, alpha twice the rank.
    const adapter = freshAdapter(config, { rank: 64, alpha: 128, targets: ['q_proj', 'down_proj'] }, createRandom(3))
    for (const [name, values] of adapter.parameters) if (name.endsWith('lora_B.weight')) for (const i of values.keys()) values[i] = 2 * Math.sin(i)
    expect(readAdapter(config, writeAdapter(config, adapter, 'nano'))).toEqual(adapter)
  })
})
