import { describe, expect, it } from 'vitest'
import { parameterCount, readModelConfig } from '../../nn/transformer/config.ts'
import { addressOf, catalogue, downloadBytes } from '../../core/policy/catalogue/catalogue.ts'

describe.each(catalogue.map((entry) => [entry.name, entry] as const))('%s', (_, entry) => {
  it('has as many parameters as its shape says', () => {
    expect(parameterCount(readModelConfig(entry.shape))).toBe(entry.parameters)
  })

  it('is fetched at a commit, each file with its hash', () => {
    expect(addressOf(entry)).toMatch(/^https:\/\/huggingface\.co\/[\w.-]+\/[\w.-]+\/resolve\/[0-9a-f]{40}\/$/)
    for (const { sha256 } of entry.files) expect(sha256).toMatch(/^[0-9a-f]{64}$/)
    const names = entry.files.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.safetensors']))
    expect(new Set(names).size).toBe(names.length)
  })

  it('stores its weights in 16 bits: two bytes a parameter, a header, and a small tokenizer', () => {
    const weights = entry.files.find(({ name }) => name === 'model.safetensors')?.bytes ?? 0
    // Qwen3-0.6B repeats its embedding as the head.
    const head = entry.id === 'qwen3-0.6b' ? entry.shape.vocab_size * entry.shape.hidden_size : 0
    expect(weights - 2 * (entry.parameters + head)).toBeGreaterThan(0)
    expect(weights - 2 * (entry.parameters + head)).toBeLessThan(64 * 1024)
    expect(downloadBytes(entry)).toBeGreaterThan(weights)
  })
})
