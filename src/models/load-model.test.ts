import { beforeAll, describe, expect, it } from 'vitest'
import { filesInMemory, tinyChatFiles } from './fixtures/tiny-chat-model.ts'
import { loadModel, planModel } from './load-model.ts'

const enough = 2 ** 30
let single: Map<string, Uint8Array>
beforeAll(async () => {
  single = await tinyChatFiles()
})
const without = (name: string) => new Map([...single].filter(([other]) => other !== name))
const replaced = (name: string, text: string) => new Map(single).set(name, new TextEncoder().encode(text))

describe('loadModel', () => {
  it('reads the same weights from one file, from shards, and as float16 within its precision', async () => {
    const whole = await loadModel(filesInMemory(single), enough)
    const sharded = await loadModel(filesInMemory(await tinyChatFiles('F32', 3)), enough)
    expect([...sharded.weights].sort()).toEqual([...whole.weights].sort())
    expect(sharded.weightFiles).toHaveLength(3)
    const half = await loadModel(filesInMemory(await tinyChatFiles('F16')), enough)
    const name = 'model.layers.0.self_attn.q_proj.weight'
    for (const [i, x] of (whole.weights.get(name) ?? []).entries()) expect(half.weights.get(name)?.[i]).toBeCloseTo(x, 3)
  })
  it('tells how far it is, to the end', async () => {
    const shares: number[] = []
    await loadModel(filesInMemory(await tinyChatFiles('F32', 2)), enough, ({ share }) => shares.push(share))
    expect(shares).toEqual([...shares].sort((a, b) => a - b))
    expect(shares.at(-1)).toBe(1)
  })
  it('refuses what is too large before it reads a weight', async () => {
    const seen: string[] = []
    await expect(loadModel(filesInMemory(single, seen), 1000)).rejects.toThrow(/needs about .*; 0\.00 GB can be used here/)
    expect(seen).not.toContain('model.safetensors')
  })
  it('says which file is missing or damaged', async () => {
    for (const name of ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.safetensors']) {
      await expect(loadModel(filesInMemory(without(name)), enough)).rejects.toThrow(name)
    }
    await expect(loadModel(filesInMemory(replaced('config.json', '{')), enough)).rejects.toThrow('config.json of memory is not JSON')
    await expect(loadModel(filesInMemory(replaced('model.safetensors.index.json', '{}')), enough)).rejects.toThrow('weight_map')
  })
  it('says which weights are missing', async () => {
    const sharded = await tinyChatFiles('F32', 2)
    const index = JSON.stringify({ weight_map: { 'model.norm.weight': 'model-1-of-2.safetensors' } })
    await expect(loadModel(filesInMemory(new Map(sharded).set('model.safetensors.index.json', new TextEncoder().encode(index))), enough)).rejects.toThrow('The weights lack')
  })
  it('plans from the small files alone', async () => {
    const seen: string[] = []
    const plan = await planModel(filesInMemory(single, seen))
    expect(seen).not.toContain('model.safetensors')
    // Embeddings and two layers of 4·48² + 3·48·64 weights and 2·48 norms, and the last norm.
    const layer = 4 * 48 * 48 + 3 * 48 * 64 + 2 * 48
    expect(plan.parameters).toBe(plan.config.vocabSize * 48 + 2 * layer + 48)
    expect(plan.bytes).toBeGreaterThan(8 * plan.parameters)
  })
})
