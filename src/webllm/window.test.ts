import { describe, expect, it } from 'vitest'
import { cacheBytesAToken, windowConfigSchema, windowsOf } from './window.ts'

/** As SmolLM2-360M and Qwen3-0.6B have them. */
const smol = windowConfigSchema.parse({ context_window_size: 8192, sliding_window_size: -1, model_config: { num_hidden_layers: 32, num_key_value_heads: 5, num_attention_heads: 15, hidden_size: 960 } })
const qwen = windowConfigSchema.parse({ context_window_size: 40960, model_config: { num_hidden_layers: 28, num_key_value_heads: 8, num_attention_heads: 16, hidden_size: 1024, head_dim: 128 } })
const limits = { maxBufferSize: 2 ** 28, maxStorageBufferBindingSize: 2 ** 27 }
const given = { listed: 4096, long: true, quantisation: 'q4f16_1', limits }

describe('cacheBytesAToken', () => {
  it('counts keys and values of every layer', () => {
    // 32 layers · 2 · 5 heads · 64 numbers · 2 bytes; 28 · 2 · 8 · 128 · 4.
    expect(cacheBytesAToken(smol, 'q0f16')).toBe(40_960)
    expect(cacheBytesAToken(qwen, 'q0f32')).toBe(229_376)
    expect(cacheBytesAToken({}, 'q0f32')).toBeNull()
  })
})

describe('windowsOf', () => {
  it('is the paper’s T_max where the configuration allows, and the list’s if the card takes no more', () => {
    expect(windowsOf({ ...given, config: smol })).toEqual([8192, 4096])
    expect(windowsOf({ ...given, config: qwen })).toEqual([8192, 4096])
    expect(windowsOf({ ...given, config: { ...qwen, context_window_size: 6000 } })).toEqual([6000, 4096])
    expect(windowsOf({ ...given, config: { ...qwen, context_window_size: 2048 } })).toEqual([2048])
  })
  it('is the list’s for families that slide or were not trained on more, and where a layer’s cache is no buffer of this card', () => {
    expect(windowsOf({ ...given, long: false, config: qwen })).toEqual([4096])
    expect(windowsOf({ ...given, config: { ...qwen, sliding_window_size: 4096 } })).toEqual([4096])
    expect(windowsOf({ ...given, config: { ...qwen, context_window_size: -1 } })).toEqual([4096])
    // 8,192 tokens of Qwen3 in 16 bits are 8,192 · 4,096 bytes a layer: 2^25.
    expect(windowsOf({ ...given, config: qwen, limits: { ...limits, maxStorageBufferBindingSize: 2 ** 25 - 1 } })).toEqual([4096])
  })
  it('is bounded for a model by address, too', () => {
    expect(windowsOf({ ...given, listed: null, long: false, config: qwen })).toEqual([8192, 4096])
    expect(windowsOf({ ...given, listed: null, config: {} })).toEqual([])
  })
})
