// Synthetic weights in MLC's layout for a compiled library: its own list of parameters says the shapes, a seeded
// generator the values (in bfloat16, as MLC stores them), a byte-level tokenizer the text. And the same weights as our
// own programs take them. Nothing of it is a model that can speak.
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { createRandom } from '../../src/core/random.ts'
import { readModelConfig, type ModelConfig } from '../../src/nn/transformer/config.ts'

const metadataSchema = z.looseObject({
  model_type: z.enum(['qwen2', 'llama']),
  quantization: z.literal('q0f32'),
  context_window_size: z.number().int().positive(),
  kv_cache: z.object({ num_hidden_layers: z.number().int(), num_attention_heads: z.number().int(), num_key_value_heads: z.number().int(), head_dim: z.number().int() }),
  params: z.array(z.object({ name: z.string(), shape: z.array(z.number().int()), dtype: z.literal('float32') })),
})
export type LibraryMetadata = z.infer<typeof metadataSchema>

/** The metadata that MLC compiles into a library. @throws when it is not one of an unquantised 32-bit Qwen2 or Llama */
export function readMetadata(library: Uint8Array): LibraryMetadata {
  const text = Buffer.from(library.buffer, library.byteOffset, library.byteLength).toString('latin1')
  const from = text.indexOf('{"model_type"')
  if (from < 0) throw new Error('The library has no metadata: it is none of MLC.')
  let depth = 0
  for (let at = from; at < text.length; at++) {
    if (text[at] === '{') depth++
    else if (text[at] === '}' && --depth === 0) return metadataSchema.parse(JSON.parse(text.slice(from, at + 1)))
  }
  throw new Error('The metadata of the library does not end.')
}

function shapeOf(metadata: LibraryMetadata, name: string): number[] {
  const found = metadata.params.find((each) => each.name === name)
  if (!found) throw new Error(`The library has no parameter ${name}.`)
  return found.shape
}

/** The model as our programs build it. */
export function configOf(metadata: LibraryMetadata): ModelConfig {
  const [vocabulary = 0, hidden = 0] = shapeOf(metadata, 'model.embed_tokens.weight')
  const [fused = 0] = shapeOf(metadata, 'model.layers.0.mlp.gate_up_proj.weight')
  const qwen = metadata.model_type === 'qwen2'
  return readModelConfig({
    model_type: metadata.model_type,
    hidden_size: hidden,
    num_hidden_layers: metadata.kv_cache.num_hidden_layers,
    num_attention_heads: metadata.kv_cache.num_attention_heads,
    num_key_value_heads: metadata.kv_cache.num_key_value_heads,
    head_dim: metadata.kv_cache.head_dim,
    intermediate_size: fused / 2,
    vocab_size: vocabulary,
    max_position_embeddings: metadata.context_window_size,
    // Compiled into the libraries of Qwen2 (1e6, 1e-6) and SmolLM2 (1e5, 1e-5).
    rope_theta: qwen ? 1e6 : 1e5,
    rms_norm_eps: qwen ? 1e-6 : 1e-5,
    tie_word_embeddings: !metadata.params.some(({ name }) => name.startsWith('lm_head')),
  })
}

/** Pieces of the protocol's first tag, so that the grammar leaves a choice. */
const merges = ['< t', '<t h', '<th i', '<thi n', '<thin k', '<think >']
export const marks = ['<|endoftext|>', '<|im_start|>', '<|im_end|>']

/** The letters that byte-level tokenizers write bytes with. */
function byteLetters(): string[] {
  const plain = (byte: number) => (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174
  let next = 256
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(plain(byte) ? byte : next++))
}

function tokenizer(): { tokenizer: string; size: number } {
  const pieces = [...byteLetters(), ...merges.map((merge) => merge.replace(' ', ''))]
  const special = marks.map((content, i) => ({ id: pieces.length + i, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true }))
  const level = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false }
  return {
    size: pieces.length + marks.length,
    tokenizer: JSON.stringify({
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: special,
      normalizer: null,
      pre_tokenizer: level,
      post_processor: null,
      decoder: level,
      model: { type: 'BPE', dropout: null, unk_token: null, continuing_subword_prefix: null, end_of_word_suffix: null, fuse_unk: false, byte_fallback: false, vocab: Object.fromEntries(pieces.map((piece, id) => [piece, id])), merges },
    }),
  }
}

/** How widely a parameter's values are spread: narrowly, or rounding errors would grow from layer to layer; and tokens that the tokenizer has are far likelier than the vocabulary's rest. */
function spread(name: string, row: number, known: number): { mean: number; width: number } {
  if (name === 'model.embed_tokens.weight') return { mean: 0, width: row < known ? 0.15 : 0.01 }
  if (name.endsWith('norm.weight')) return { mean: 1, width: 0.1 }
  return { mean: 0, width: name.endsWith('.bias') ? 0.1 : 0.02 }
}

const bits = new Uint32Array(1)
const float = new Float32Array(bits.buffer)

/** The upper half of a float32. */
function toBf16(value: number): number {
  float[0] = value
  return (bits[0] ?? 0) >>> 16
}

function values(name: string, shape: readonly number[], known: number): Uint16Array {
  const random = createRandom(`synthetic/${name}`)
  const columns = shape.at(-1) ?? 1
  // A table of values drawn once: drawing half a billion would take minutes.
  const table = Float32Array.from({ length: 65_521 }, () => (random.next() + random.next() + random.next() - 1.5) * 2)
  let state = random.int(0x7fffffff)
  return Uint16Array.from({ length: shape.reduce((product, size) => product * size, 1) }, (_, i) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    const { mean, width } = spread(name, Math.floor(i / columns), known)
    return toBf16(mean + width * (table[(state >>> 8) % table.length] ?? 0))
  })
}

interface StoredShard {
  dataPath: string
  nbytes: number
  records: { name: string; shape: number[] }[]
}

/** Where the same model has prompts of a few tokens: each is dear in software. */
export const shortConfigFile = 'short-mlc-chat-config.json'

/** Writes the model into the folder; its weights, unless they are there. */
export function writeSynthetic(folder: string, metadata: LibraryMetadata): void {
  mkdirSync(folder, { recursive: true })
  const text = tokenizer()
  writeConfigs(folder, metadata, text.size - 1)
  writeFileSync(join(folder, 'tokenizer.json'), text.tokenizer)
  if (existsSync(join(folder, 'tensor-cache.json'))) return
  const shards: StoredShard[] = []
  for (const [i, { name, shape }] of metadata.params.entries()) {
    const data = values(name, shape, text.size)
    const dataPath = `params_shard_${i}.bin`
    const file = openSync(join(folder, dataPath), 'w')
    writeSync(file, new Uint8Array(data.buffer))
    closeSync(file)
    shards.push({ dataPath, nbytes: data.byteLength, records: [{ name, shape }] })
  }
  const manifest = { metadata: { ParamSize: shards.length, ParamBytes: shards.reduce((sum, { nbytes }) => sum + nbytes, 0), BitsPerParam: 16 }, records: shards.map(({ records, ...shard }) => ({ ...shard, format: 'raw-shard', records: records.map((record) => ({ ...record, dtype: 'float32', format: 'f32-to-bf16', nbytes: shard.nbytes, byteOffset: 0 })) })) }
  // As 0.2.79 calls it, and as 0.2.86 does; last, because it says that everything is there.
  writeFileSync(join(folder, 'ndarray-cache.json'), JSON.stringify(manifest))
  writeFileSync(join(folder, 'tensor-cache.json'), JSON.stringify(manifest))
}

/** @param end id of the mark behind a turn */
function writeConfigs(folder: string, metadata: LibraryMetadata, end: number): void {
  const shape = configOf(metadata)
  const config = {
    model_type: metadata.model_type,
    quantization: metadata.quantization,
    vocab_size: shapeOf(metadata, 'model.embed_tokens.weight')[0],
    context_window_size: metadata.context_window_size,
    sliding_window_size: -1,
    attention_sink_size: -1,
    // As MLC writes it for these families.
    model_config: {
      hidden_size: shape.hiddenSize,
      intermediate_size: shape.intermediateSize,
      num_hidden_layers: shape.layers,
      num_attention_heads: shape.heads,
      num_key_value_heads: shape.kvHeads,
      head_dim: shape.headDim,
      vocab_size: shape.vocabSize,
      rms_norm_eps: shape.rmsNormEps,
      ...(metadata.model_type === 'llama' ? { position_embedding_base: shape.ropeTheta } : { rope_theta: shape.ropeTheta, hidden_act: 'silu' }),
      tie_word_embeddings: shape.tiedEmbeddings,
      context_window_size: metadata.context_window_size,
    },
    temperature: 1,
    top_p: 1,
    repetition_penalty: 1,
    frequency_penalty: 0,
    presence_penalty: 0,
    tokenizer_files: ['tokenizer.json'],
    tokenizer_info: { token_postproc_method: 'byte_level', prepend_space_in_encode: false, strip_space_in_decode: false },
    conv_template: {
      name: 'chatml',
      system_template: '<|im_start|>system\n{system_message}<|im_end|>\n',
      system_message: '',
      add_role_after_system_message: true,
      roles: { user: '<|im_start|>user', assistant: '<|im_start|>assistant', tool: '<|im_start|>tool' },
      role_templates: { user: '{user_message}', assistant: '{assistant_message}', tool: '{tool_message}' },
      messages: [],
      seps: ['<|im_end|>\n'],
      role_content_sep: '\n',
      role_empty_sep: '\n',
      stop_str: [],
      stop_token_ids: [end, end - 2],
    },
  }
  const short = { system_template: '{system_message}', roles: { user: '<|im_start|>', assistant: '<|im_start|>' }, seps: ['<|im_end|>'], role_content_sep: '', role_empty_sep: '' }
  writeFileSync(join(folder, 'mlc-chat-config.json'), JSON.stringify(config))
  writeFileSync(join(folder, shortConfigFile), JSON.stringify({ ...config, conv_template: { ...config.conv_template, ...short } }))
}

function readBf16(path: string): Float32Array {
  const bytes = readFileSync(path)
  const halves = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2)
  const out = new Uint32Array(halves.length)
  for (let i = 0; i < halves.length; i++) out[i] = (halves[i] ?? 0) << 16
  return new Float32Array(out.buffer)
}

/** The written weights by Hugging Face's names, in float32. */
export function* readWeights(folder: string, metadata: LibraryMetadata, config: ModelConfig): Generator<[string, number[], Float32Array]> {
  const { heads, kvHeads, headDim } = config
  const cut = function* (data: Float32Array, columns: number, parts: [string, number][]): Generator<[string, number[], Float32Array]> {
    let row = 0
    for (const [name, rows] of parts) {
      yield [name, columns === 1 && name.endsWith('.bias') ? [rows] : [rows, columns], data.subarray(row * columns, (row + rows) * columns)]
      row += rows
    }
  }
  for (const [i, { name, shape }] of metadata.params.entries()) {
    const data = readBf16(join(folder, `params_shard_${i}.bin`))
    const fused = /^(.*)\.(?:c_attn|qkv_proj)\.(weight|bias)$/.exec(name)
    const columns = shape.length > 1 ? (shape.at(-1) ?? 1) : 1
    if (fused) yield* cut(data, columns, [[`${fused[1]}.q_proj.${fused[2]}`, heads * headDim], [`${fused[1]}.k_proj.${fused[2]}`, kvHeads * headDim], [`${fused[1]}.v_proj.${fused[2]}`, kvHeads * headDim]])
    else if (name.includes('gate_up_proj')) yield* cut(data, columns, [[name.replace('gate_up_proj', 'gate_proj'), config.intermediateSize], [name.replace('gate_up_proj', 'up_proj'), config.intermediateSize]])
    else yield [name, shape, data]
  }
}
