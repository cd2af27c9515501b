import { describe, expect, it } from 'vitest'
import { createRandom } from '../core/random.ts'
import type { LoraConfig } from '../nn/transformer/weights.ts'
import { freshAdapter, mergeAdapter, readAdapter, writeAdapter, type Adapter } from './adapter.ts'
import { tinyConfig } from './fixtures/tiny-model.ts'
import { readSafetensors } from './safetensors.ts'

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
    for (const [name, values] of fresh().tensors) {
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
    expect(() => readAdapter(config, changed({ target_modules: ['k_proj'] }))).toThrow(/lacks .*k_proj/)
    expect(() => readAdapter(config, changed({ target_modules: ['q_proj'] }))).toThrow(/does not announce/)
    expect(() => readAdapter(tinyConfig({ hidden_size: 64, head_dim: 8 }), files)).toThrow(/has shape \[4, 32\] where this model needs \[4, 64\]/)
    expect(() => readAdapter(config, { ...files, config: '{' })).toThrow(/not valid JSON/)
  })

  it('merge as W + (alpha / r) B A', () => {
    const one: LoraConfig = { rank: 1, alpha: 3, targets: ['v_proj'] }
    const adapter: Adapter = freshAdapter(config, one, createRandom(1))
    // A = e₅ and B = 2·e₁, so that only W[1, 5] moves, by 3 · 2.
    for (const [name, values] of adapter.tensors) {
      values.fill(0)
      if (name.endsWith('lora_A.weight')) values[5] = 1
      else values[1] = 2
    }
    const merged = mergeAdapter(config, adapter, () => new Float32Array(16 * 32).fill(10))
    expect([...merged.keys()]).toEqual(['model.layers.0.self_attn.v_proj.weight', 'model.layers.1.self_attn.v_proj.weight'])
    for (const values of merged.values()) {
      expect(values[1 * 32 + 5]).toBe(16)
      expect(values.filter((value) => value !== 10)).toHaveLength(1)
    }
  })
})
