// The key-value cache of a batch, in JavaScript's memory: rows of different lengths in arrays of one capacity.
import type { HostTensor } from '../runtime/runtime.ts'
import type { ModelConfig } from '../nn/transformer/config.ts'
import { cacheNames } from '../nn/inference/cache.ts'

/** Capacity grows in steps of this many positions. */
const grain = 64

/** Keys and values [B, KV, C, hd] of every layer, and how many positions of each row are filled. */
export class KeyValueCache {
  readonly lengths: Int32Array
  readonly batch: number
  // Not 0: onnxruntime cannot infer a reshaped axis of an empty tensor.
  #capacity = 1
  #arrays: Float32Array[]
  readonly #config: ModelConfig

  constructor(config: ModelConfig, batch: number) {
    this.#config = config
    this.batch = batch
    this.lengths = new Int32Array(batch)
    this.#arrays = Array.from({ length: 2 * config.layers }, () => new Float32Array(batch * config.kvHeads * config.headDim))
  }

  get capacity(): number {
    return this.#capacity
  }

  /** Makes room for `length` positions a row; the values are kept. */
  reserve(length: number): void {
    if (length <= this.#capacity) return
    const capacity = Math.ceil(length / grain) * grain
    const { kvHeads, headDim } = this.#config
    this.#arrays = this.#arrays.map((old) => {
      const grown = new Float32Array(this.batch * kvHeads * capacity * headDim)
      for (let row = 0; row < this.batch * kvHeads; row++) {
        grown.set(old.subarray(row * this.#capacity * headDim, (row + 1) * this.#capacity * headDim), row * capacity * headDim)
      }
      return grown
    })
    this.#capacity = capacity
  }

  /**
   * Appends the first `counts[row]` positions of new keys or values [B, KV, N, hd] to each row of array `index`
   * (2·layer for keys, 2·layer + 1 for values). `lengths` are left: call `advance` when all arrays are in.
   */
  append(index: number, values: Float32Array, positions: number, counts: ArrayLike<number>): void {
    const array = this.#arrays[index]
    if (!array) throw new RangeError(`The cache has no array ${index}.`)
    const { kvHeads, headDim } = this.#config
    for (let row = 0; row < this.batch; row++) {
      const count = counts[row] ?? 0
      const at = this.lengths[row] ?? 0
      for (let head = 0; head < kvHeads; head++) {
        const from = (row * kvHeads + head) * positions * headDim
        const to = ((row * kvHeads + head) * this.#capacity + at) * headDim
        array.set(values.subarray(from, from + count * headDim), to)
      }
    }
  }

  advance(counts: ArrayLike<number>): void {
    for (let row = 0; row < this.batch; row++) this.lengths[row] = (this.lengths[row] ?? 0) + (counts[row] ?? 0)
  }

  /** Cuts a row back to `length` positions, where its next prompt leaves the old one. */
  truncate(row: number, length: number): void {
    this.lengths[row] = Math.min(this.lengths[row] ?? 0, length)
  }

  /** What programs are fed with; the arrays are lent, not copied. */
  feeds(): Record<string, HostTensor> {
    const { layers, kvHeads, headDim } = this.#config
    const shape = [this.batch, kvHeads, this.#capacity, headDim]
    const feeds: Record<string, HostTensor> = {
      past_lengths: { dtype: 'int32', shape: [this.batch], data: this.lengths },
    }
    for (let layer = 0; layer < layers; layer++) {
      const names = cacheNames(layer)
      feeds[names.keys] = { dtype: 'float32', shape, data: this.#arrays[2 * layer] ?? new Float32Array(0) }
      feeds[names.values] = { dtype: 'float32', shape, data: this.#arrays[2 * layer + 1] ?? new Float32Array(0) }
    }
    return feeds
  }
}
