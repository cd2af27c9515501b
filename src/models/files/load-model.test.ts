import { beforeAll, describe, expect, it } from 'vitest'
import { parameterShapes, readModelConfig, writeModelConfig } from '../../nn/transformer/config.ts'
import { filesInMemory, tinyChatConfig, tinyChatFiles } from '../fixtures/tiny-chat-model.ts'
import { loadModel, planModel } from './load-model.ts'
import { writeSafetensors } from './safetensors.ts'
import { Tokenizer } from './tokenizer.ts'
import type { ModelFiles } from './model-files.ts'

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
  it('reads the weights of a large model again, and notices others in their place', async () => {
    expect((await loadModel(filesInMemory(single), enough)).again).toBeUndefined()
    const config = readModelConfig({ ...writeModelConfig(tinyChatConfig(400)), hidden_size: 768, intermediate_size: 3072, vocab_size: 10_000 })
    const files = async (of: (name: string) => number) => {
      const tensors = [...parameterShapes(config)].map(([name, shape]): [string, { shape: number[]; values: Float32Array }] => [name, { shape, values: new Float32Array(shape.reduce((n, dim) => n * dim, 1)).fill(of(name)) }])
      return new Map(single).set('config.json', new TextEncoder().encode(JSON.stringify(writeModelConfig(config)))).set('model.safetensors', writeSafetensors(new Map(tensors), 'F16'))
    }
    const there = await files(() => 0.5)
    const { again, weights } = await loadModel(filesInMemory(there), enough)
    const found = await again?.()
    expect([...(found?.keys() ?? [])]).toEqual([...weights.keys()])
    expect(found?.get('model.norm.weight')).toEqual(weights.get('model.norm.weight'))
    expect(found?.get('model.norm.weight')).not.toBe(weights.get('model.norm.weight'))
    for (const [name, bytes] of await files((name) => (name === 'model.layers.1.mlp.up_proj.weight' ? 0.25 : 0.5))) there.set(name, bytes)
    await expect(again?.()).rejects.toThrow('The weights in memory are no longer what they were when the model was loaded. Load it again.')
    there.delete('model.safetensors')
    await expect(again?.()).rejects.toThrow('There is no model.safetensors in memory any more.')
  })
  it('tells how far it is, to the end', async () => {
    const shares: number[] = []
    await loadModel(filesInMemory(await tinyChatFiles('F32', 2)), enough, ({ share }) => shares.push(share))
    expect(shares).toEqual([...shares].sort((a, b) => a - b))
    expect(shares.at(-1)).toBe(1)
  })
  it('tells how far it is where a server that compresses does not say how long a file is', async () => {
    const shares: number[] = []
    const files = filesInMemory(await tinyChatFiles('F16'))
    const size = (await files.read('model.safetensors'))?.length ?? 0
    const open: ModelFiles['open'] = async (name, options) => {
      if (name === 'model.safetensors') for (const share of [0.25, 0.5, 1.1]) options?.onBytes?.(share * size)
      return files.open(name)
    }
    await loadModel({ ...files, open }, enough, ({ doing, share }) => { if (doing.step === 'reading' && doing.file === 'model.safetensors') shares.push(share) })
    expect(shares).toEqual([0, 0.25, 0.5, 1])
  })
  it('has no more of a file in memory than one tensor', async () => {
    const files = filesInMemory(await tinyChatFiles('F16'))
    let largest = 0
    const open: ModelFiles['open'] = async (name, options) => {
      const reader = await files.open(name, options)
      return reader && {
        ...reader,
        read: (from, to) => {
          largest = Math.max(largest, to - from)
          return reader.read(from, to)
        },
      }
    }
    const read: ModelFiles['read'] = (name, options) => (name.endsWith('.safetensors') ? Promise.reject(new Error('It was read whole.')) : files.read(name, options))
    const { config, weights } = await loadModel({ ...files, open, read }, enough)
    expect(weights.size).toBe(parameterShapes(config).size)
    // The embedding in halves.
    expect(largest).toBe(2 * config.vocabSize * config.hiddenSize)
  })
  it('refuses what is too large before it reads a weight', async () => {
    const seen: string[] = []
    await expect(loadModel(filesInMemory(single, seen), 1000)).rejects.toThrow(/needs about .*; 0\.00 GB can be used here/)
    await expect(loadModel(filesInMemory(single, seen), 2 ** 31, undefined, undefined, () => 2 ** 32)).rejects.toThrow('needs about 4.0 GB; 2.0 GB can be used here')
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
  it('takes the ends that generation_config.json names, where there is one', async () => {
    const text = '{"eos_token_id": [7, 9]}'
    expect((await planModel(filesInMemory(replaced('generation_config.json', text)))).tokenizer.generation).toBe(text)
    expect((await planModel(filesInMemory(single))).tokenizer.generation).toBeUndefined()
  })
  it('plans from the small files alone', async () => {
    const seen: string[] = []
    const plan = await planModel(filesInMemory(single, seen))
    expect(seen).not.toContain('model.safetensors')
    // Embeddings and two layers of 4·48² + 3·48·64 weights and 2·48 norms, and the last norm.
    const layer = 4 * 48 * 48 + 3 * 48 * 64 + 2 * 48
    expect(plan.parameters).toBe(plan.config.vocabSize * 48 + 2 * layer + 48)
  })
  it('reads a chat template that lies beside the tokenizer, before the one inside', async () => {
    const { tokenizer } = await loadModel(filesInMemory(replaced('chat_template.jinja', '{{ "beside" }}')), enough)
    expect(new Tokenizer(tokenizer).chat([])).toBe('beside')
    // What a server of single pages answers with where there is none.
    const page = await loadModel(filesInMemory(replaced('chat_template.jinja', '<!doctype html>')), enough)
    expect(page.tokenizer.template).toBeUndefined()
  })
  it.each([
    ['version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 17209961\n', 'is a pointer of Git LFS'],
    ['<!DOCTYPE html><html>', 'is a web page, not the file'],
    ['\u001F\u008B\u0008', 'is packed with gzip'],
  ])('names small files for what they are', async (text, words) => {
    for (const name of ['config.json', 'tokenizer.json', 'tokenizer_config.json']) {
      const files = new Map(single).set(name, Uint8Array.from(text, (character) => character.charCodeAt(0)))
      await expect(loadModel(filesInMemory(files), enough)).rejects.toThrow(`${name} of memory ${words}`)
    }
  })
  it.each<[string, string[], string]>([
    ['in MLC form', ['mlc-chat-config.json', 'tensor-cache.json', 'tokenizer.json'], 'in MLC form, compiled for WebLLM. Add it in Models'],
    ['an adapter', ['adapter_config.json', 'adapter_model.safetensors'], 'is a LoRA adapter, not a whole model. Import it'],
    ['a GGUF file further down', ['quantised/SmolLM2-Q4_K_M.gguf'], 'This has a GGUF file further down. Choose that file alone.'],
    ['as Meta publishes it', ['consolidated.00.pth', 'tokenizer.model'], 'as Meta publishes them'],
    ['a folder further down', ['snapshots/abc/config.json', 'refs/main'], 'There is a model in the folder snapshots/abc inside it: choose that one.'],
  ])('says what lies there instead: %s', async (_, names, words) => {
    const files = new Map(names.map((name) => [name, new TextEncoder().encode('{}')]))
    await expect(planModel({ ...filesInMemory(files), names })).rejects.toThrow(words)
  })
  it('says where the files are of which somebody gave the page', async () => {
    const at = (place: string) => planModel({ ...filesInMemory(new Map()), place })
    await expect(at('https://huggingface.co/HuggingFaceTB/SmolLM2-135M-Instruct/')).rejects.toThrow('its files are at https://huggingface.co/HuggingFaceTB/SmolLM2-135M-Instruct/resolve/main/.')
    await expect(at('https://huggingface.co/a/b/tree/v2/')).rejects.toThrow('https://huggingface.co/a/b/resolve/v2/.')
    await expect(at('https://huggingface.co/a/b/resolve/main/')).rejects.not.toThrow('address of a page')
  })
  it('finds a model of pickles by an address, which lists nothing', async () => {
    await expect(loadModel(filesInMemory(new Map(without('model.safetensors')).set('pytorch_model.bin', Uint8Array.of(0x50, 0x4b, 3, 4))), enough)).rejects.toThrow('There is no model.safetensors in memory. This has its weights as a pickle')
  })
  it('refuses a tokenizer with tokens that have no weights', async () => {
    const { config } = await planModel(filesInMemory(single))
    const smaller = replaced('config.json', JSON.stringify({ ...writeModelConfig(config), vocab_size: config.vocabSize - 1 }))
    await expect(loadModel(filesInMemory(smaller), enough)).rejects.toThrow(`has tokens up to the id ${config.vocabSize - 1}, and config.json a vocab_size of ${config.vocabSize - 1}`)
  })
  it('refuses weights that are no numbers, and a head that is not the one it is tied to', async () => {
    const { config, weights } = await loadModel(filesInMemory(single), enough)
    const written = (change: (tensors: Map<string, { shape: number[]; values: Float32Array }>) => void) => {
      const tensors = new Map([...parameterShapes(config)].map(([name, shape]) => [name, { shape, values: weights.get(name)?.slice() ?? new Float32Array(0) }]))
      change(tensors)
      return filesInMemory(new Map(single).set('model.safetensors', writeSafetensors(tensors, 'F32')))
    }
    const norm = 'model.norm.weight'
    for (const bad of [NaN, Infinity, -Infinity]) {
      await expect(loadModel(written((tensors) => tensors.get(norm)?.values.fill(bad, 3, 4)), enough)).rejects.toThrow(`value 3 of model.norm.weight is ${bad}, not a number`)
    }
    const embedding = 'model.embed_tokens.weight'
    const head = (change: (values: Float32Array) => void) =>
      written((tensors) => {
        const values = weights.get(embedding)?.slice() ?? new Float32Array(0)
        change(values)
        tensors.set('lm_head.weight', { shape: [config.vocabSize, config.hiddenSize], values })
      })
    expect((await loadModel(head(() => undefined), enough)).weights.has('lm_head.weight')).toBe(false)
    await expect(loadModel(head((values) => { values[7] = 9 }), enough)).rejects.toThrow('have an lm_head of their own, and config.json says tie_word_embeddings')
  })
  it('refuses a folder of a million layers in no time', async () => {
    const hostile = { model_type: 'llama', vocab_size: 10, hidden_size: 2, num_hidden_layers: 1_000_000, num_attention_heads: 1, intermediate_size: 1, tie_word_embeddings: true }
    const began = performance.now()
    await expect(loadModel(filesInMemory(replaced('config.json', JSON.stringify(hostile))), enough)).rejects.toThrow('num_hidden_layers 1000000 is more than the 512')
    // 43 s before it was bounded.
    expect(performance.now() - began).toBeLessThan(1000)
  })
})
