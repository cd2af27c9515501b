// Learns a byte-level BPE vocabulary from texts, and writes it as Hugging Face tokenizer.json. Knows nothing of what
// the texts are about.

interface BpeOptions {
  /** Entries at most: bytes, merges, added and special tokens together. */
  vocabulary: number
  /** Strings that are one token wherever they stand. */
  added: readonly string[]
  /** The same, for marks that no text should hold: they can be left out when decoding. */
  special: readonly string[]
  /** A pair that stands in fewer texts than this is not merged. */
  minCount: number
}

interface BpeVocabulary {
  /** Bytes and merges in the byte-level alphabet; the id is the place. Added and special tokens follow. */
  tokens: string[]
  merges: [string, string][]
  added: readonly string[]
  special: readonly string[]
}

/**
 * How a text is cut before merging. The space before a capital or a digit does not belong to the word behind it, so
 * that a name or number is the same tokens wherever it stands: copying it needs no respelling. Words and marks before
 * it take that space, other words take the space in front of them.
 */
const beforeName = '(?: (?=[\\p{Lu}\\p{N}]))?'
export const splitPattern = [
  `'(?:s|t|re|ve|m|ll|d)(?!\\p{Ll})${beforeName}`,
  ` ?\\p{Ll}+${beforeName}`,
  '\\p{Lu}\\p{Ll}*',
  '\\p{N}{1,4}',
  ` ?[\\p{P}\\p{S}]+${beforeName}`,
  '[\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+',
  '\\n+',
].join('|')

/** Bytes as printable characters, as GPT-2 has them: printable ones stand for themselves. */
function byteAlphabet(): string[] {
  const printable = (byte: number) => (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174
  let next = 256
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(printable(byte) ? byte : next++))
}
const alphabet = byteAlphabet()
const encoder = new TextEncoder()

function inAlphabet(text: string): string {
  return Array.from(encoder.encode(text), (byte) => alphabet[byte] ?? '').join('')
}

/** The pieces that merges stay inside of; together they are the text. */
export function splitText(text: string): string[] {
  const pieces: string[] = []
  let at = 0
  for (const match of text.matchAll(new RegExp(splitPattern, 'gu'))) {
    if (match.index > at) pieces.push(text.slice(at, match.index))
    pieces.push(match[0])
    at = match.index + match[0].length
  }
  if (at < text.length) pieces.push(text.slice(at))
  return pieces
}

/**
 * In how many texts each piece stands, leaving out the strings that are tokens of their own. What one text repeats,
 * such as its names, counts once.
 */
function countPieces(texts: Iterable<string>, fixed: readonly string[]): Map<string, number> {
  const escaped = [...fixed].sort((a, b) => b.length - a.length).map((token) => token.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const cut = fixed.length > 0 ? new RegExp(escaped.join('|'), 'u') : null
  const counts = new Map<string, number>()
  for (const text of texts) {
    const pieces = new Set((cut ? text.split(cut) : [text]).flatMap(splitText))
    for (const piece of pieces) counts.set(piece, (counts.get(piece) ?? 0) + 1)
  }
  return counts
}

interface Word {
  tokens: number[]
  count: number
}

/** The pairs of all words, how often each stands, and in which words. */
class PairIndex {
  readonly #words: readonly Word[]
  readonly #pairs = new Map<number, { count: number; words: Set<number> }>()

  constructor(words: readonly Word[]) {
    this.#words = words
    for (const index of words.keys()) this.#change(index, 1)
  }

  static key(left: number, right: number): number {
    return left * 65_536 + right
  }

  #change(index: number, sign: 1 | -1): void {
    const word = this.#words[index]
    if (!word) return
    for (let i = 0; i + 1 < word.tokens.length; i++) {
      const key = PairIndex.key(word.tokens[i] ?? 0, word.tokens[i + 1] ?? 0)
      const pair = this.#pairs.get(key) ?? { count: 0, words: new Set() }
      pair.count += sign * word.count
      if (sign > 0) pair.words.add(index)
      if (pair.count > 0) this.#pairs.set(key, pair)
      else this.#pairs.delete(key)
    }
  }

  /** The pair seen most often; of equals the one with the smaller ids. */
  best(allowed: (left: number, right: number) => boolean): { left: number; right: number; count: number } | null {
    let best: { key: number; count: number } | null = null
    for (const [key, { count }] of this.#pairs) {
      if (best && (count < best.count || (count === best.count && key > best.key))) continue
      if (allowed(Math.floor(key / 65_536), key % 65_536)) best = { key, count }
    }
    return best && { left: Math.floor(best.key / 65_536), right: best.key % 65_536, count: best.count }
  }

  /** Makes one token of the pair in every word. */
  merge(left: number, right: number, merged: number): void {
    for (const index of [...(this.#pairs.get(PairIndex.key(left, right))?.words ?? [])]) {
      const word = this.#words[index]
      if (!word) continue
      this.#change(index, -1)
      word.tokens = mergePair(word.tokens, left, right, merged)
      this.#change(index, 1)
    }
  }
}

function mergePair(tokens: readonly number[], left: number, right: number, merged: number): number[] {
  const result: number[] = []
  for (let i = 0; i < tokens.length; i++) {
    const here = tokens[i] ?? 0
    if (here === left && i + 1 < tokens.length && tokens[i + 1] === right) {
      result.push(merged)
      i++
    } else result.push(here)
  }
  return result
}

/** Learns merges, the most frequent pair first. The same texts give the same vocabulary. */
export function trainBpe(texts: Iterable<string>, { vocabulary, added, special, minCount }: BpeOptions): BpeVocabulary {
  const fixed = new Set([...added, ...special])
  const tokens = [...alphabet]
  const ids = new Map(tokens.map((token, id) => [token, id]))
  const words = [...countPieces(texts, [...fixed])].map(([piece, count]): Word => ({ tokens: Array.from(inAlphabet(piece), (char) => ids.get(char) ?? 0), count }))
  const index = new PairIndex(words)
  const merges: [string, string][] = []
  // A merge that spells an added token would be a second token of that name.
  const allowed = (left: number, right: number) => !fixed.has(`${tokens[left] ?? ''}${tokens[right] ?? ''}`)
  while (tokens.length + fixed.size < vocabulary) {
    const best = index.best(allowed)
    if (!best || best.count < minCount) break
    const [left, right] = [tokens[best.left] ?? '', tokens[best.right] ?? '']
    const known = ids.get(left + right)
    // The same string may be reached by two ways; it stays one token.
    const id = known ?? tokens.push(left + right) - 1
    ids.set(left + right, id)
    merges.push([left, right])
    index.merge(best.left, best.right, id)
  }
  return { tokens, merges, added: [...added], special: [...special] }
}

/** The vocabulary as tokenizer.json, version 1.0: read by tokenizers in Rust, Python and JavaScript. */
export function tokenizerJson({ tokens, merges, added, special }: BpeVocabulary): Record<string, unknown> {
  const own = [...added.map((content) => ({ content, special: false })), ...special.map((content) => ({ content, special: true }))]
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: own.map((token, i) => ({ id: tokens.length + i, ...token, single_word: false, lstrip: false, rstrip: false, normalized: false })),
    normalizer: null,
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: splitPattern }, behavior: 'Isolated', invert: false },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
      ],
    },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges,
    },
  }
}
