// What is refused from the beginnings of the files: nothing here is read whole.
import { describe, expect, it } from 'vitest'
import { readModelConfig, parameterShapes, type ModelConfig } from '../../nn/transformer/config.ts'
import { filesInMemory } from '../fixtures/tiny-chat-model.ts'
import { tinyConfig } from '../fixtures/tiny-model.ts'
import { ModelLoadError } from './load-errors.ts'
import { mistakenWeights } from './mistaken.ts'
import type { ModelFiles } from './model-files.ts'
import { writeSafetensors } from './safetensors.ts'
import { checkWeights, weightNames } from './weight-files.ts'

const config = tinyConfig()
const ascii = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0))

function weightsOf(of: ModelConfig, change: (tensors: Map<string, { shape: number[]; values: Float32Array }>) => void = () => undefined): Uint8Array {
  const tensors = new Map([...parameterShapes(of)].map(([name, shape]) => [name, zeros(shape)]))
  change(tensors)
  return writeSafetensors(tensors, 'F16')
}
const zeros = (shape: number[]) => ({ shape, values: new Float32Array(shape.reduce((size, dim) => size * dim, 1)) })

/** Only beginnings can be had. */
const headsOf = (files: Record<string, Uint8Array>, names?: string[]): ModelFiles => ({
  ...filesInMemory(new Map(Object.entries(files))),
  ...(names ? { names } : {}),
  read: (name) => Promise.reject(new Error(`${name} was read.`)),
})
const check = (file: Uint8Array, of = config) => checkWeights(headsOf({ 'model.safetensors': file }), ['model.safetensors'], of)
const with_ = (name: string, shape: number[]) => weightsOf(config, (tensors) => tensors.set(name, zeros(shape)))

describe('checkWeights', () => {
  it('takes what the configuration asks for, and buffers that are computed anew', async () => {
    const file = weightsOf(config)
    expect(await check(file)).toMatchObject([{ name: 'model.safetensors', bytes: file.length }])
    await check(with_('model.layers.0.self_attn.rotary_emb.inv_freq', [4]))
    await check(with_('lm_head.weight', [97, 32]))
  })

  it('reads a header that is longer than the first look', async () => {
    const many = tinyConfig({ num_hidden_layers: 80 })
    const file = weightsOf(many)
    expect(await check(file, many)).toMatchObject([{ name: 'model.safetensors', bytes: file.length }])
  })

  it.each<[string, Uint8Array, string]>([
    ['biases', with_('model.layers.0.self_attn.q_proj.bias', [32]), 'holds model.layers.0.self_attn.q_proj.bias, which config.json does not announce: without it the model would be computed wrongly'],
    ['norms of queries', with_('model.layers.1.self_attn.q_norm.weight', [8]), 'holds model.layers.1.self_attn.q_norm.weight, which config.json does not announce'],
    ['attention sinks', with_('model.layers.1.self_attn.sinks', [4]), 'self_attn.sinks, which config.json does not announce'],
    ['more layers', with_('model.layers.2.input_layernorm.weight', [32]), 'config.json says 2 layers: the two belong to different models'],
    ['an image tower', with_('model.visual.patch_embed.weight', [8]), 'model.visual.patch_embed.weight, which config.json does not announce'],
    ['quantised weights', with_('model.layers.0.mlp.up_proj.qweight', [8]), 'its weights are quantised. Take the same model unquantised.'],
    ['scales of 8-bit weights', with_('model.layers.0.mlp.up_proj.weight_scale_inv', [1]), 'its weights are quantised'],
    ['an adapter', with_('model.layers.0.mlp.up_proj.lora_A.weight', [2, 32]), 'an adapter is packed in. Merge it'],
    ['a matrix the other way round', weightsOf(config, (tensors) => tensors.set('model.layers.0.mlp.up_proj.weight', zeros([32, 48]))), 'up_proj.weight has shape [32, 48] where config.json asks for [48, 32]'],
    ['a head of another size', with_('lm_head.weight', [90, 32]), 'lm_head.weight has shape [90, 32]'],
    ['weights that are missing', weightsOf(config, (tensors) => { for (const name of ['model.norm.weight', 'model.layers.1.mlp.up_proj.weight']) tensors.delete(name) }), 'The weights lack model.layers.1.mlp.up_proj.weight, model.norm.weight: files are missing'],
    ['a pointer of Git LFS', ascii('version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 2\n'), 'is a pointer of Git LFS, not the file itself. Run “git lfs pull”'],
    ['a web page', ascii('<!doctype html><title>nano</title>'), 'There is no model.safetensors in memory.'],
    ['a pickle', ascii('\x80\x02\x8a\x0al\xfc\x9c'), 'is a pickle of Python: it can run code and is never read. Take the safetensors'],
    ['a zip of pickles', ascii('PK\x03\x04\x00\x00'), 'is a zip file, as PyTorch’s pickles are'],
    ['a GGUF file', ascii('GGUF\x03\x00\x00\x00'), 'is a GGUF file by another name. Call it something that ends in .gguf'],
    ['gzip', ascii('\x1f\x8b\x08\x00'), 'is packed with gzip. Unpack it first.'],
    ['a message of the server', ascii('{"error":"Invalid token"}'), 'is JSON, not weights: perhaps a message of the server'],
    ['nothing', ascii(''), 'is empty: it was not fetched'],
    ['a header without an end', weightsOf(config).subarray(0, 100), 'ends inside its header; it was cut short'],
  ])('refuses %s', async (_, file, words) => {
    await expect(check(file)).rejects.toThrow(words)
  })

  it('refuses types that are not read, by the tensor’s name', async () => {
    const plain = weightsOf(config)
    const text = new TextDecoder('latin1').decode(plain).replace('"dtype":"F16"', '"dtype":"I16"')
    await expect(check(ascii(text))).rejects.toThrow('Tensor model.embed_tokens.weight has type I16; F32, F16 and BF16 can be read. Its weights are quantised')
  })

  it('does not take a header for something else by the digits of its length', () => {
    for (const length of [0x8b1f, 0x0280, 0x7b3c]) {
      const file = new Uint8Array(20)
      new DataView(file.buffer).setBigUint64(0, BigInt(length), true)
      file[8] = 0x7b
      expect(mistakenWeights(file)).toBeNull()
    }
  })

  it('names a shard that is missing, and a tensor that two of them have', async () => {
    const [a, b] = ['model-1-of-2.safetensors', 'model-2-of-2.safetensors']
    const file = weightsOf(config)
    await expect(checkWeights(headsOf({ [a]: file }), [a, b], config)).rejects.toThrow('There is no model-2-of-2.safetensors in memory, which model.safetensors.index.json names: the model is not whole.')
    await expect(checkWeights(headsOf({ [a]: file, [b]: file }), [a, b], config)).rejects.toThrow('model.embed_tokens.weight is in model-1-of-2.safetensors and in model-2-of-2.safetensors')
  })

  it('reads the head of a model that is not tied', async () => {
    const untied = readModelConfig({ model_type: 'llama', vocab_size: 5, hidden_size: 4, num_hidden_layers: 1, num_attention_heads: 1, intermediate_size: 4 })
    await check(weightsOf(untied), untied)
    await expect(check(weightsOf(tinyConfig({ ...{ vocab_size: 5, hidden_size: 4, num_hidden_layers: 1, num_attention_heads: 1, num_key_value_heads: 1, intermediate_size: 4 } })), untied)).rejects.toThrow('The weights lack lm_head.weight')
  })
})

describe('weightNames', () => {
  const names = (index: string) => weightNames(filesInMemory(new Map([['model.safetensors.index.json', ascii(index)]])))
  const map = (...files: string[]) => JSON.stringify({ weight_map: Object.fromEntries(files.map((file, i) => [`t${i}`, file])) })

  it('are those of the index, or the one file', async () => {
    expect(await names(map('b.safetensors', 'a.safetensors', 'b.safetensors'))).toEqual(['a.safetensors', 'b.safetensors'])
    expect(await weightNames(filesInMemory(new Map()))).toEqual(['model.safetensors'])
    // What a server of single pages answers with.
    expect(await names('<!doctype html>')).toEqual(['model.safetensors'])
  })

  it.each([
    ['https://evil.test/a.safetensors'],
    ['../../secrets.safetensors'],
    ['/etc/passwd'],
    ['pytorch_model-00001-of-00002.bin'],
  ])('are never %s', async (name) => {
    await expect(names(map(name))).rejects.toThrow('which is no safetensors file beside it')
    await expect(names(map(name))).rejects.toThrow(ModelLoadError)
  })

  it('are not endless', async () => {
    await expect(names(map(...Array.from({ length: 1001 }, (_, i) => `m${i}.safetensors`)))).rejects.toThrow('names 1001 files')
    await expect(names('{}')).rejects.toThrow('has no weight_map')
    await expect(names('version https://git-lfs.github.com/spec/v1\n')).rejects.toThrow('is a pointer of Git LFS')
  })
})
