// The default embedder: words and character n-grams hashed into 256 signed dimensions, weighted by fixed tables.
// No corpus, no network, no state that a vector could depend on: the same text has the same vector everywhere.
import { hash32 } from '../random.ts'
import { stopWords, words } from '../text.ts'
import { commonStems } from './common-words.ts'
import { stem } from './stem.ts'
import type { Embedder } from './store.ts'

const dimensions = 256

/** In place of an inverse document frequency: by kind of word. Names, numbers and rare words are `rare`. */
const weights = { stop: 0.05, common: 0.5, rare: 1 }

/** A word takes this many dimensions, so that two words rarely share all of theirs. */
const dimensionsOfWord = 8

/** Share of a word's squared length that its character n-grams have; they catch misspellings and related forms. */
const ngramShare = 0.3

const ngramLengths = [3, 4]

/** Words whose features are remembered at most; a speed matter alone. */
const rememberedWords = 20_000

/** One word's contribution: sparse, dimensions may repeat. */
interface WordFeatures {
  dimension: Uint8Array
  value: Float32Array
}

function weightOf(word: string, stemmed: string): number {
  if (stopWords.has(word)) return weights.stop
  return commonStems.has(stemmed) ? weights.common : weights.rare
}

/** The n-grams of ^word$; the marks tell beginnings and ends apart. */
function ngramsOf(word: string): string[] {
  const marked = `^${word}$`
  const found: string[] = []
  for (const n of ngramLengths) for (let i = 0; i + n <= marked.length; i++) found.push(marked.slice(i, i + n))
  return found
}

function featuresOf(word: string): WordFeatures {
  const stemmed = stem(word)
  const weight = weightOf(word, stemmed)
  const ngrams = ngramsOf(word)
  const dimension = new Uint8Array(dimensionsOfWord + ngrams.length)
  const value = new Float32Array(dimension.length)
  const put = (at: number, hash: number, size: number) => {
    dimension[at] = hash & 0xff
    value[at] = (hash & 0x100) === 0 ? size : -size
  }
  const wordSize = weight * Math.sqrt((1 - ngramShare) / dimensionsOfWord)
  for (let i = 0; i < dimensionsOfWord; i++) put(i, hash32(stemmed, i + 1), wordSize)
  const ngramSize = weight * Math.sqrt(ngramShare / ngrams.length)
  ngrams.forEach((ngram, i) => {
    put(dimensionsOfWord + i, hash32(ngram), ngramSize)
  })
  return { dimension, value }
}

/** Scales to length 1; a zero vector stays. */
function normaliseVector(vector: Float32Array): void {
  let square = 0
  for (const x of vector) square += x * x
  if (square === 0) return
  const scale = 1 / Math.sqrt(square)
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] ?? 0) * scale
}

/**
 * Lexical similarity: the cosine of two texts is high when they share names, numbers and rare words, whatever
 * their endings, and near 0 (within about ±0.15) when they share none. It knows no synonyms.
 */
export class HashEmbedder implements Embedder {
  readonly name = 'hash'
  /** To be raised with any change of the tables, the stemmer, the hashing or the normalisation of words. */
  readonly version = 1
  readonly dimensions = dimensions
  readonly #features = new Map<string, WordFeatures>()

  async embed(texts: readonly string[]): Promise<Float32Array[]> {
    return Promise.resolve(texts.map((text) => this.#embedOne(text)))
  }

  /** Word features weighted by 1 + ln(count), summed and scaled to length 1. */
  #embedOne(text: string): Float32Array {
    const counts = new Map<string, number>()
    for (const word of words(text)) counts.set(word, (counts.get(word) ?? 0) + 1)
    const vector = new Float32Array(dimensions)
    for (const [word, count] of counts) {
      const { dimension, value } = this.#featuresOf(word)
      const scale = 1 + Math.log(count)
      for (let i = 0; i < dimension.length; i++) {
        const d = dimension[i] ?? 0
        vector[d] = (vector[d] ?? 0) + scale * (value[i] ?? 0)
      }
    }
    normaliseVector(vector)
    return vector
  }

  #featuresOf(word: string): WordFeatures {
    const known = this.#features.get(word)
    if (known) return known
    const features = featuresOf(word)
    if (this.#features.size >= rememberedWords) this.#features.clear()
    this.#features.set(word, features)
    return features
  }
}
