// Weights of a model before it has learnt anything, with one circuit in place: two heads that together copy what
// followed the last time (Olsson et al. 2022, "In-context learning and induction heads"; weights set rather than
// waited for, as in Trockman and Kolter 2023, "Mimetic initialization"). Small models find it late, and nothing of
// what nano does goes without copying names. The circuit knows no token: every embedding is drawn at random.
import { dot } from '../core/dot.ts'
import type { Random } from '../core/random.ts'
import type { ModelConfig } from '../nn/transformer/config.ts'
import { rotaryFrequencies } from '../nn/transformer/rotary.ts'
import { gaussian, initialWeights } from './initial-weights.ts'

/**
 * Strengths, tuned on strings of random tokens, where a fresh model then predicts half of what comes again.
 * Deviations of the residual stream are in units of the embedding's.
 */
const strength = {
  /** Deviation of the embeddings: large enough that early steps of Adam move them by per cents. */
  embedding: 0.2,
  /** The first coordinate of every embedding: what heads look at that go by position alone. */
  constant: 16,
  /** Squared scale of such a head's scores. */
  position: 6,
  /** What it writes of a token, beside the embedding of its own. */
  code: 2.25,
  /** Squared scale of the scores by which codes are compared, and of the present token's share in them. */
  match: 2.5,
  present: 1.5,
  /** What the copying heads write. */
  copy: 0.4,
  /** Everything else that writes to the residual stream. */
  other: 0.15,
  /** Scale of the logits. */
  norm: 0.6,
} as const

/** Dimensions of a token's code at most. */
const codeSize = 28
/** How far back the codes lie that a position holds. */
const offsets = [1, 2, 3] as const
/** Frequencies that turn less than a radian over so many positions can compare what stands apart. */
const reach = 250

/** Orthonormal rows [rows, columns] by Gram and Schmidt; the first `skipped` columns are 0. */
function orthonormal(random: Random, rows: number, columns: number, skipped = 0): Float64Array[] {
  const made: Float64Array[] = []
  while (made.length < rows) {
    const row = Float64Array.from({ length: columns }, (_, i) => (i < skipped ? 0 : gaussian(random)))
    for (const other of made) {
      const shared = dot(other, row)
      for (let i = 0; i < columns; i++) row[i] = (row[i] ?? 0) - shared * (other[i] ?? 0)
    }
    const length = Math.sqrt(dot(row, row))
    made.push(row.map((x) => x / length))
  }
  return made
}

/** Σᵢ matrix[row][i] · rows[i], a vector of the residual stream. */
function combine(matrix: readonly Float64Array[], row: number, rows: readonly Float64Array[], scale: number, into: Float64Array): void {
  for (const [i, each] of rows.entries()) {
    const factor = scale * (matrix[row]?.[i] ?? 0)
    for (let j = 0; j < into.length; j++) into[j] = (into[j] ?? 0) + factor * (each[j] ?? 0)
  }
}

/** The projections of a layer as rows and columns of its heads. */
class Layer {
  readonly #weights: ReadonlyMap<string, Float32Array>
  readonly #path: string
  readonly #config: ModelConfig

  constructor(weights: ReadonlyMap<string, Float32Array>, layer: number, config: ModelConfig) {
    this.#weights = weights
    this.#path = `model.layers.${layer}.self_attn`
    this.#config = config
  }

  /** What dimension `at` of a head reads. */
  read(projection: 'q' | 'k' | 'v', head: number, at: number, row: Float64Array): void {
    this.#weights.get(`${this.#path}.${projection}_proj.weight`)?.set(row, (head * this.#config.headDim + at) * this.#config.hiddenSize)
  }

  /** What dimension `at` of a query head writes. */
  write(head: number, at: number, column: Float64Array): void {
    const { heads, headDim } = this.#config
    const out = this.#weights.get(`${this.#path}.o_proj.weight`)
    for (const [i, x] of column.entries()) if (out) out[i * heads * headDim + head * headDim + at] = x
  }

  clear(): void {
    for (const projection of ['q', 'k', 'v', 'o']) this.#weights.get(`${this.#path}.${projection}_proj.weight`)?.fill(0)
  }
}

/**
 * Initial weights, by Hugging Face name: random, but for the attention of the first two layers. Heads of layer 0 look
 * one, two and three positions back and write a short random code of the token there. Heads of layer 1 look for the
 * position whose codes are those of the present token and the two before it, and copy the token that stands there.
 * @throws RangeError when the model has fewer than 3 heads or 2 layers
 */
export function circuitWeights(config: ModelConfig, random: Random): Map<string, Float32Array> {
  const { hiddenSize, headDim, heads, kvHeads, layers } = config
  if (heads < offsets.length || layers < 2) throw new RangeError('The circuit needs 3 heads and 2 layers.')
  const weights = initialWeights(config, random)
  const embeddings = weights.get('model.embed_tokens.weight')
  const unit = strength.embedding / 0.02
  for (const [name, values] of weights) {
    if (name === 'model.embed_tokens.weight') for (let i = 0; i < values.length; i++) values[i] = (values[i] ?? 0) * unit
    if (/down_proj|o_proj/.test(name)) for (let i = 0; i < values.length; i++) values[i] = (values[i] ?? 0) * unit * strength.other
  }
  if (embeddings) for (let at = 0; at < embeddings.length; at += hiddenSize) embeddings[at] = strength.embedding * strength.constant
  weights.get('model.norm.weight')?.fill(strength.norm).fill(0, 0, 1)

  const half = headDim / 2
  const frequencies = rotaryFrequencies(config)
  const slow = frequencies.flatMap((frequency, i) => (frequency * reach < 1 ? [i, i + half] : []))
  const places = slow.slice(0, Math.min(codeSize, Math.floor(hiddenSize / (2 * offsets.length))))
  const code = orthonormal(random.fork('code'), places.length, hiddenSize, 1)
  const written = orthonormal(random.fork('written'), places.length * offsets.length, hiddenSize, 1)
  const codeAt = (back: number) => written.slice(back * places.length, (back + 1) * places.length)
  const shared = heads / kvHeads

  const looking = new Layer(weights, 0, config)
  for (const [head, offset] of offsets.entries()) {
    const kv = Math.floor(head / shared)
    const blank = new Float64Array(hiddenSize)
    for (let i = 0; i < headDim; i++) {
      looking.read('q', head, i, blank)
      looking.read('k', kv, i, blank)
      looking.read('v', kv, i, blank)
      looking.write(head, i, blank)
    }
    // Scores are Σ a² cos(frequency · (distance − offset)): largest at the offset.
    const amplitudes = frequencies.map((_, i) => Math.exp(-i / 2))
    const scale = Math.sqrt(strength.position / amplitudes.reduce((sum, a) => sum + a * a, 0))
    for (const [i, frequency] of frequencies.entries()) {
      const constant = (x: number) => Float64Array.from({ length: hiddenSize }, (_, j) => (j === 0 ? x : 0))
      const a = scale * (amplitudes[i] ?? 0)
      looking.read('k', kv, i, constant(a))
      looking.read('q', head, i, constant(a * Math.cos(frequency * offset)))
      looking.read('q', head, i + half, constant(-a * Math.sin(frequency * offset)))
    }
    for (const [c, at] of places.entries()) {
      looking.read('v', kv, at, code[c] ?? blank)
      looking.write(head, at, (codeAt(head)[c] ?? blank).map((x) => x * strength.code * unit * 0.02))
    }
  }

  const copying = new Layer(weights, 1, config)
  copying.clear()
  for (let kv = 0; kv < kvHeads; kv++) {
    const mixes = offsets.map((offset) => orthonormal(random.fork(`mix/${kv}/${offset}`), places.length, places.length))
    const copied = orthonormal(random.fork(`copied/${kv}`), headDim, hiddenSize, 1)
    const own = Array.from({ length: shared }, (_, i) => kv * shared + i)
    for (const [i, row] of copied.entries()) {
      copying.read('v', kv, i, row)
      for (const head of own) copying.write(head, i, row.map((x) => (x * strength.copy * unit) / shared))
    }
    for (const [c, at] of places.entries()) {
      const key = new Float64Array(hiddenSize)
      const query = new Float64Array(hiddenSize)
      for (const [back, mix] of mixes.entries()) {
        combine(mix, c, codeAt(back), Math.sqrt(strength.match), key)
        // The present token's code is read off its embedding, those before it where layer 0 wrote them.
        combine(mix, c, back === 0 ? code : codeAt(back - 1), Math.sqrt(strength.match) * (back === 0 ? strength.present : 1), query)
      }
      copying.read('k', kv, at, key)
      for (const head of own) copying.read('q', head, at, query)
    }
  }
  return weights
}
