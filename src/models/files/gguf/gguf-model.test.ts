// Whole files: those of fixtures/gguf, which the Python package wrote from the golden models, and damaged ones.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parameterShapes, readModelConfig, type ModelConfig } from '../../../nn/transformer/config.ts'
import { rotaryFrequencies } from '../../../nn/transformer/rotary.ts'
import { filesInMemory } from '../../fixtures/tiny-chat-model.ts'
import { randomWeights, tinyConfig } from '../../fixtures/tiny-model.ts'
import { f32Tensor, ggufName, ggufRows, writeGguf, type WrittenTensor, type WrittenValue } from '../../fixtures/write-gguf.ts'
import { loadModel } from '../load-model.ts'
import { ModelLoadError } from '../load-errors.ts'
import type { ModelFiles } from '../model-files.ts'
import { readSafetensors, toFloat32 } from '../safetensors.ts'
import { Tokenizer } from '../tokenizer.ts'
import { scalingOf } from './architecture.ts'

const enough = 2 ** 30
const goldens = new URL('../../../nn/fixtures/goldens/', import.meta.url)
const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`../../fixtures/gguf/${name}`, import.meta.url)))
const single = (bytes: Uint8Array, name = 'model.gguf'): ModelFiles => ({ ...filesInMemory(new Map([[name, bytes]])), names: [name] })
const load = (bytes: Uint8Array) => loadModel(single(bytes), enough)

describe('a model in one GGUF file', () => {
  it.each(['llama-tiny', 'llama3-rope-tiny', 'qwen2-tiny'])('%s: the same weights, bit for bit, and the same shape as in Hugging Face form', async (name) => {
    const { config, weights } = await load(fixture(`${name}.gguf`))
    const { ropeScaling, ...expected } = readModelConfig(JSON.parse(readFileSync(new URL(`${name}/config.json`, goldens), 'utf8')))
    expect({ ...config, ropeScaling }).toEqual({ ...expected, ropeScaling })
    const tensors = readSafetensors(new Uint8Array(readFileSync(new URL(`${name}/model.safetensors`, goldens)))).tensors
    expect([...weights.keys()].sort()).toEqual([...tensors.keys()].sort())
    for (const [tensor, stored] of tensors) expect(weights.get(tensor), tensor).toEqual(toFloat32(stored))
    // Llama 3's settings are not in the file, their frequencies are.
    const turned = rotaryFrequencies({ ...expected, ropeScaling })
    for (const [i, frequency] of rotaryFrequencies(config).entries()) expect(frequency / (turned[i] ?? 0)).toBeCloseTo(1, 5)
  })

  it('finds the settings of Llama 3.2 behind its factors', () => {
    const config = { factor: 32, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalPositions: 8192 }
    const plain = rotaryFrequencies({ headDim: 64, ropeTheta: 500_000, ropeScaling: null })
    const factors = Float32Array.from(rotaryFrequencies({ headDim: 64, ropeTheta: 500_000, ropeScaling: config }), (scaled, i) => (plain[i] ?? 0) / scaled)
    expect(scalingOf(factors, 64, 500_000)).toEqual(config)
    expect(scalingOf(new Float32Array(32).fill(1), 64, 500_000)).toBeNull()
    factors[3] = 2
    expect(() => scalingOf(factors, 64, 500_000)).toThrow('is no scaling as Llama 3 has it')
  })

  it('makes its tokenizer: words, merges, marks, ends, template', async () => {
    const { tokenizer } = await load(fixture('llama-tiny.gguf'))
    const read = new Tokenizer(tokenizer)
    const [the, begin, end] = [read.id('Ġthe') ?? 0, read.id('<|begin|>') ?? 0, read.id('<|im_end|>') ?? 0]
    expect(read.encode('the the')).toEqual([read.id('the'), the])
    // Up to three digits are one word in llama-bpe.
    expect(read.encode('1234')).toEqual(['123', '4'].map((token) => read.id(token)))
    expect(read.encode('a<|begin|><tool_call>')).toEqual([0, begin, read.id('<tool_call>')])
    expect(read.stopIds).toContain(end)
    expect(read.decode([the, begin, end])).toBe(' the')
    // <|begin|>, three marks more; what fills up to a round number is no token.
    expect(read.size).toBe(end + 2)
    expect(read.chat([{ role: 'user', content: 'hi<|im_end|>' }])).toMatch(/^<\|im_start\|>user\nhi.<\|im_end\|>\n<\|im_start\|>assistant\n$/su)
    const qwen = new Tokenizer((await load(fixture('qwen2-tiny.gguf'))).tokenizer)
    expect(qwen.encode('1234')).toEqual(['1', '2', '3', '4'].map((token) => qwen.id(token)))
  })

  it('reads no more than a tensor at once', async () => {
    const bytes = fixture('llama-tiny.gguf')
    const files = single(bytes)
    const open: ModelFiles['open'] = async (name, options) => {
      const reader = await files.open(name, options)
      return reader && {
        ...reader,
        read: (from, to) => {
          if (from > 0) largest = Math.max(largest, to - from)
          return reader.read(from, to)
        },
      }
    }
    let largest = 0
    await loadModel({ ...files, open, read: () => Promise.reject(new Error('It was read whole.')) }, enough)
    // The embedding, 61 × 32 float32.
    expect(largest).toBe(61 * 32 * 4)
  })

  it('asks which one where there are several', async () => {
    const names = ['a-Q4_0.gguf', 'b-Q8_0.gguf']
    await expect(loadModel({ ...filesInMemory(new Map()), names }, enough)).rejects.toThrow('There are 2 GGUF files in memory: a-Q4_0.gguf, b-Q8_0.gguf. Each is a model: choose one of them.')
  })
})

const letters = [...'abcdefgh'].map(String)

interface Parts {
  metadata: Map<string, WrittenValue>
  tensors: WrittenTensor[]
}

/** A whole file of a small model, to be damaged. */
function written(change: (parts: Parts) => void = () => undefined, config: ModelConfig = tinyConfig({ vocab_size: 8 }), family = 'llama'): Uint8Array {
  const weights = randomWeights(config)
  const tensors = [...parameterShapes(config)].map(([name, shape]) => f32Tensor(ggufName(name), shape, ggufRows(name, weights.get(name) ?? new Float32Array(0), config)))
  const metadata = new Map<string, WrittenValue>([
    ['general.architecture', family],
    [`${family}.embedding_length`, config.hiddenSize], [`${family}.block_count`, config.layers], [`${family}.attention.head_count`, config.heads], [`${family}.attention.head_count_kv`, config.kvHeads],
    [`${family}.feed_forward_length`, config.intermediateSize], [`${family}.context_length`, config.maxPositions], [`${family}.attention.layer_norm_rms_epsilon`, 1e-5], [`${family}.rope.freq_base`, 10_000],
    ['tokenizer.ggml.model', 'gpt2'], ['tokenizer.ggml.pre', 'gpt-2'], ['tokenizer.ggml.tokens', letters], ['tokenizer.ggml.merges', ['a b']], ['tokenizer.ggml.eos_token_id', 7],
  ])
  const parts = { metadata, tensors }
  change(parts)
  return writeGguf(parts.metadata, parts.tensors)
}

const set = (key: string, value: WrittenValue) => written(({ metadata }) => { metadata.set(key, value) })
const tensor = (name: string, change: (tensor: WrittenTensor) => void) => written(({ tensors }) => { for (const each of tensors) if (each.name === name) change(each) })

describe('what is refused', () => {
  it('is nothing of a whole file', async () => {
    const { config, weights } = await load(written())
    expect(config.rmsNormEps).toBe(1e-5)
    expect(weights).toEqual(randomWeights(tinyConfig({ vocab_size: 8 })))
  })

  it('is nothing of Qwen 3, whose queries and keys have norms and whose rows stay', async () => {
    const qwen = tinyConfig({ model_type: 'qwen3', vocab_size: 8, head_dim: 8, tie_word_embeddings: false })
    const { config, weights } = await load(written(undefined, qwen, 'qwen3'))
    expect([config.headDim, config.queryKeyNorm, config.tiedEmbeddings]).toEqual([8, true, false])
    expect(weights).toEqual(randomWeights(qwen))
  })

  it.each<[string, () => Uint8Array, string]>([
    ['another architecture', () => set('general.architecture', 'gemma3'), 'Its architecture is gemma3; llama, qwen2, qwen3 are computed here'],
    ['an adapter', () => set('general.type', 'adapter'), 'It holds no model but something else (adapter)'],
    ['a part of a model', () => set('split.count', 3), 'It is one of several parts of a model. Join them'],
    ['SentencePiece', () => set('tokenizer.ggml.model', 'llama'), 'Its tokenizer is SentencePiece; from GGUF files byte-level BPE can be read'],
    ['another way to cut text', () => set('tokenizer.ggml.pre', 'tekken'), 'cuts text as “tekken” does; smollm, gpt-2, llama-bpe, qwen2, default are known here'],
    ['no tokenizer', () => written(({ metadata }) => { metadata.delete('tokenizer.ggml.model') }), 'It has no tokenizer'],
    ['a token twice', () => set('tokenizer.ggml.tokens', [...letters.slice(1), 'b']), 'The token “b” stands in its tokenizer twice'],
    ['a merge of one', () => set('tokenizer.ggml.merges', ['ab']), 'A merge of its tokenizer is “ab”, which are no two tokens'],
    ['types of other tokens', () => set('tokenizer.ggml.token_type', [1, 1]), 'It has 8 tokens and 2 types of them'],
    ['a key twice', () => writeGguf([['general.name', 'a'], ['general.name', 'b']], []), 'The key general.name stands in it twice'],
    ['an alignment of 3', () => set('general.alignment', 3), 'Its general.alignment is 3'],
    ['experts', () => set('llama.expert_count', 8), 'num_experts 8 is not supported: mixtures of experts'],
    ['stretched positions', () => written(({ metadata }) => { metadata.set('llama.rope.scaling.type', 'yarn').set('llama.rope.scaling.factor', 4) }), 'rope_scaling of type yarn is not supported'],
    ['heads turned in part', () => set('llama.rope.dimension_count', 4), 'partial_rotary_factor 0.5 is not supported'],
    ['layers that differ', () => set('llama.attention.head_count_kv', [2, 1]), 'attention.head_count_kv differs from layer to layer'],
    ['a type that is not read', () => tensor('blk.0.ffn_up.weight', (each) => { Object.assign(each, { type: 20 }) }), 'has type IQ4_NL; F32, F16, Q4_0'],
    ['a tensor twice', () => written(({ tensors }) => { tensors.push(...tensors.slice(0, 1)) }), 'Tensor token_embd.weight stands in it twice'],
    ['a tensor that nobody announced', () => written(({ tensors }) => { tensors.push(f32Tensor('blk.0.attn_sinks.weight', [4], new Float32Array(4))) }), 'holds blk.0.attn_sinks.weight, which config.json does not announce'],
    ['a tensor that is missing', () => written(({ tensors }) => { tensors.pop() }), 'The weights lack model.norm.weight'],
    ['another shape', () => tensor('blk.1.attn_v.weight', (each) => { Object.assign(each, { shape: [32, 16] }) }), 'v_proj.weight has shape [32, 16] where config.json asks for [16, 32]'],
    ['tensors over each other', () => tensor('blk.1.attn_v.weight', (each) => { Object.assign(each, { offset: 0 }) }), 'overlap: they share bytes of the file'],
    ['a place out of the file', () => tensor('output_norm.weight', (each) => { Object.assign(each, { offset: 2 ** 40 }) }), 'ends before its tensor model.norm.weight does: it was cut short'],
    ['a tensor of more than there are numbers', () => tensor('output_norm.weight', (each) => { Object.assign(each, { shape: [2 ** 40, 2 ** 40] }) }), 'would have the shape [1099511627776, 1099511627776]'],
    ['no number', () => tensor('output_norm.weight', (each) => { new DataView(each.bytes.buffer).setUint32(8, 0x7fc00000, true) }), 'value 2 of model.norm.weight is NaN'],
    ['a file that was cut short', () => written().subarray(0, -200), 'it was cut short'],
    ['a header that was cut short', () => written().subarray(0, 400), 'ends inside its header; it was cut short'],
    ['big endian', () => { const file = written(); file.set([0, 0, 0, 3], 4); return file }, 'is written for big-endian machines'],
    ['the first version', () => { const file = written(); file[4] = 1; return file }, 'is of version 1 of the format'],
    ['absurdly many tensors', () => { const file = written(); file.fill(0xff, 8, 15); return file }, 'it is damaged'],
    ['a web page', () => new TextEncoder().encode('<!doctype html><title>Not found</title>'), 'model.gguf of memory is a web page, not the file'],
    ['a pointer', () => new TextEncoder().encode('version https://git-lfs.github.com/spec/v1\noid sha256:1\n'), 'is a pointer of Git LFS, not the file itself'],
    ['the format before it', () => new TextEncoder().encode('lmgg and more of it'.padEnd(64)), 'It is no GGUF file'],
  ])('is %s', async (_, file, words) => {
    const began = performance.now()
    const refused = await load(file()).then(() => null, (error: unknown) => error)
    expect(String(refused)).toContain(words)
    expect(performance.now() - began).toBeLessThan(2000)
  })

  it('is told by the file’s name', async () => {
    await expect(load(set('general.architecture', 'gemma3'))).rejects.toThrow(new ModelLoadError('model.gguf of memory: Its architecture is gemma3; llama, qwen2, qwen3 are computed here. Choose a model of one of these.'))
  })
})
