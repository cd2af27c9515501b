// The tokenizer in a GGUF file (tokenizer.ggml.*) as the files that Hugging Face has: tokenizer.json,
// tokenizer_config.json and what generation_config.json says of ends. Byte-level BPE alone, which llama.cpp calls gpt2.
import type { TokenizerText } from '../../../core/policy/model.ts'
import { GgufError } from './gguf-error.ts'
import type { GgufHeader, GgufValue } from './header.ts'

const split = (pattern: string) => ({ type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false })
const byteLevel = (cut: boolean) => ({ type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: cut })
const sequence = (...pretokenizers: object[]) => ({ type: 'Sequence', pretokenizers })

/** Words of GPT-4's kind, with numbers in pieces of so many digits. */
const words = (digits: string) =>
  `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`

interface Cutting {
  pre_tokenizer: object
  normalizer: object | null
  /** A word of the vocabulary is one token, whatever the merges say. */
  ignore_merges: boolean
}

/** How text is cut before merging, by tokenizer.ggml.pre: as the tokenizer.json of the models that it stands for has it. */
const cuttings: ReadonlyMap<string, Cutting> = new Map([
  ['smollm', { pre_tokenizer: sequence(split('\\p{N}'), byteLevel(true)), normalizer: null, ignore_merges: false }],
  ['gpt-2', { pre_tokenizer: byteLevel(true), normalizer: null, ignore_merges: false }],
  ['llama-bpe', { pre_tokenizer: sequence(split(words('{1,3}')), byteLevel(false)), normalizer: null, ignore_merges: true }],
  ['qwen2', { pre_tokenizer: sequence(split(words('')), byteLevel(false)), normalizer: { type: 'NFC' }, ignore_merges: false }],
  // Files that do not say: what llama.cpp does with them.
  ['default', { pre_tokenizer: sequence(split('[\\p{P}\\$\\+<=>\\^~\\|]+'), split("'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)"), split('\\p{N}+'), split('[0-9][0-9][0-9]'), byteLevel(false)), normalizer: null, ignore_merges: false }],
])

/** tokenizer.ggml.token_type, as llama.h numbers it. */
const kinds = { control: 3, userDefined: 4, unused: 5 } as const

function list<T extends string | number>(value: GgufValue | undefined, key: string, is: (each: unknown) => each is T): readonly T[] {
  if (!Array.isArray(value)) throw new GgufError(`It has no ${key}: its tokenizer is not whole.`)
  const values: readonly unknown[] = value
  if (!values.every(is)) throw new GgufError(`${key} holds something else than it should: the file is damaged.`)
  return values
}
const isText = (each: unknown): each is string => typeof each === 'string'
const isNumber = (each: unknown): each is number => typeof each === 'number'

/** Why a tokenizer is not read, with what can be done. */
function refusal(model: string): string {
  const known: Readonly<Record<string, string>> = { llama: 'SentencePiece', bert: 'WordPiece', t5: 'Unigram', rwkv: 'RWKV’s' }
  return `Its tokenizer is ${known[model] ?? model.slice(0, 40)}; from GGUF files byte-level BPE can be read. Take the model in Hugging Face form, with its tokenizer.json.`
}

/** @throws GgufError for a tokenizer that is not read here, or is damaged */
export function tokenizerTextOf({ metadata }: GgufHeader): TokenizerText {
  const model = metadata.get('tokenizer.ggml.model')
  if (model === undefined) throw new GgufError('It has no tokenizer. Take a whole model, or the model in Hugging Face form.')
  if (model !== 'gpt2') throw new GgufError(refusal(String(model)))
  const pre = String(metadata.get('tokenizer.ggml.pre') ?? 'default')
  const cutting = cuttings.get(pre)
  if (!cutting) throw new GgufError(`Its tokenizer cuts text as “${pre.slice(0, 40)}” does; ${[...cuttings.keys()].join(', ')} are known here. Take the model in Hugging Face form, with its tokenizer.json.`)
  const tokens = list(metadata.get('tokenizer.ggml.tokens'), 'tokenizer.ggml.tokens', isText)
  const types = metadata.has('tokenizer.ggml.token_type') ? list(metadata.get('tokenizer.ggml.token_type'), 'tokenizer.ggml.token_type', isNumber) : null
  if (types && types.length !== tokens.length) throw new GgufError(`It has ${tokens.length} tokens and ${types.length} types of them: it is damaged.`)
  const merges = list(metadata.get('tokenizer.ggml.merges'), 'tokenizer.ggml.merges', isText).map((merge) => {
    const at = merge.indexOf(' ', 1)
    if (at < 0 || at === merge.length - 1 || merge.includes(' ', at + 1)) throw new GgufError(`A merge of its tokenizer is “${merge.slice(0, 40)}”, which are no two tokens: it is damaged.`)
    return [merge.slice(0, at), merge.slice(at + 1)]
  })

  const vocab = new Map<string, number>()
  const added: object[] = []
  const seen = new Set<string>()
  for (const [id, content] of tokens.entries()) {
    const type = types?.[id] ?? 1
    // Filled up to a round number: no text is ever encoded so.
    if (type === kinds.unused) continue
    if (seen.has(content)) throw new GgufError(`The token “${content.slice(0, 40)}” stands in its tokenizer twice: it is damaged.`)
    seen.add(content)
    if (type === kinds.control || type === kinds.userDefined) added.push({ id, content, special: type === kinds.control, single_word: false, lstrip: false, rstrip: false, normalized: false })
    else vocab.set(content, id)
  }

  const idOf = (key: string): number | null => {
    const id = metadata.get(`tokenizer.ggml.${key}_token_id`)
    return typeof id === 'number' && tokens[id] !== undefined ? id : null
  }
  const textOf = (key: string) => {
    const id = idOf(key)
    return id === null ? null : tokens[id]
  }
  const ends = ['eos', 'eot', 'eom'].flatMap((key) => idOf(key) ?? [])
  const template = metadata.get('tokenizer.chat_template')
  return {
    tokenizer: JSON.stringify({
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: added,
      normalizer: cutting.normalizer,
      pre_tokenizer: cutting.pre_tokenizer,
      post_processor: null,
      decoder: byteLevel(true),
      model: { type: 'BPE', dropout: null, unk_token: null, continuing_subword_prefix: null, end_of_word_suffix: null, fuse_unk: false, byte_fallback: false, ignore_merges: cutting.ignore_merges, vocab: Object.fromEntries(vocab), merges },
    }),
    config: JSON.stringify({
      tokenizer_class: 'PreTrainedTokenizerFast',
      clean_up_tokenization_spaces: false,
      bos_token: textOf('bos'),
      eos_token: textOf('eos'),
      pad_token: textOf('padding'),
      ...(typeof template === 'string' ? { chat_template: template } : {}),
    }),
    generation: JSON.stringify({ eos_token_id: ends }),
  }
}
