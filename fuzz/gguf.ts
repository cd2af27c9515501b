// Models in one GGUF file, as somebody may bring them: loaded as the product loads them.
import { loadModel } from '../src/models/files/load-model.ts'
import { filesInMemory } from '../src/models/fixtures/tiny-chat-model.ts'
import { randomWeights, tinyConfig } from '../src/models/fixtures/tiny-model.ts'
import { f32Tensor, ggufName, ggufRows, writeGguf, type WrittenValue } from '../src/models/fixtures/write-gguf.ts'
import { parameterShapes } from '../src/nn/transformer/config.ts'
import type { Random } from '../src/core/random.ts'
import { lengthOf, mutatedBytes } from './mutate.ts'
import { WrongResult, type Input, type Target } from './target.ts'

/** Small enough that most of the file is header. */
const config = tinyConfig({ vocab_size: 6, hidden_size: 4, num_hidden_layers: 1, num_attention_heads: 2, num_key_value_heads: 1, intermediate_size: 4 })

const metadata: [string, WrittenValue][] = [
  ['general.architecture', 'llama'],
  ['llama.embedding_length', 4],
  ['llama.block_count', 1],
  ['llama.attention.head_count', 2],
  ['llama.attention.head_count_kv', 1],
  ['llama.feed_forward_length', 4],
  ['llama.context_length', 64],
  ['llama.attention.layer_norm_rms_epsilon', 1e-5],
  ['llama.rope.freq_base', 10_000],
  ['tokenizer.ggml.model', 'gpt2'],
  ['tokenizer.ggml.pre', 'smollm'],
  ['tokenizer.ggml.tokens', ['a', 'b', 'c', 'ab', '<s>', '<e>']],
  ['tokenizer.ggml.token_type', [1, 1, 1, 1, 3, 3]],
  ['tokenizer.ggml.merges', ['a b']],
  ['tokenizer.ggml.eos_token_id', 5],
  ['tokenizer.chat_template', '{{ messages[0].content }}'],
]

const weights = randomWeights(config)
const tensors = [...parameterShapes(config)].map(([name, shape]) =>
  f32Tensor(ggufName(name), shape, ggufRows(name, weights.get(name) ?? new Float32Array(0), config)),
)

const input = (bytes: Uint8Array): Input => ({
  text: Buffer.from(bytes).toString('base64'),
  size: bytes.length,
  run: async () => {
    const name = 'model.gguf'
    const { weights: read } = await loadModel({ ...filesInMemory(new Map([[name, bytes]])), names: [name] }, 2 ** 26)
    for (const [tensor, values] of read) {
      if (values.some((value) => !Number.isFinite(value))) throw new WrongResult(`${tensor} is not finite.`)
    }
  },
})

/** A header that announces much, and what it announces over and over. */
function announced(random: Random): Uint8Array {
  const length = lengthOf(random, 1000, 300_000)
  const whole = writeGguf(metadata, tensors)
  const from = random.int(600)
  const piece = whole.subarray(from, from + 1 + random.int(200))
  const bytes = new Uint8Array(24 + length)
  bytes.set(whole.subarray(0, 24))
  for (let at = 24; at < bytes.length; at += piece.length) bytes.set(piece.subarray(0, bytes.length - at), at)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(8, random.pick([0n, 1n, 100_000n, 2n ** 63n]), true)
  view.setBigUint64(16, random.pick([0n, 9n, 10_000n, 2n ** 64n - 1n]), true)
  return bytes
}

export function gguf(): Target {
  const whole = writeGguf(metadata, tensors)
  const types = () =>
    writeGguf(
      metadata,
      tensors.map((tensor, i) => (i === 0 ? { ...tensor, type: 30, bytes: tensor.bytes.subarray(0, tensor.bytes.length / 2) } : tensor)),
    )
  return {
    name: 'gguf',
    expected: ['ModelLoadError', 'ModelTooLargeError', 'ModelConfigError', 'TokenizerError'],
    valid: [input(whole), input(types())],
    generators: {
      mutated: (random) => input(mutatedBytes(whole, random)),
      repeated: (random) => input(announced(random)),
    },
  }
}
