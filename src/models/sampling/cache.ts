// The key-value cache of many rows, in JavaScript's memory. Every row has its own arrays, so that any of them can be
// fed together, and those that wait cost their memory alone.
import type { HostTensor } from '../../runtime/runtime.ts'
import type { ModelConfig } from '../../nn/transformer/config.ts'
import { cacheNames, keyBlock } from '../../nn/inference/cache.ts'

/** So many positions, up to the end of a block of keys. */
const whole = (length: number) => Math.ceil(length / keyBlock) * keyBlock
// Not 0: onnxruntime cannot infer a reshaped axis of an empty tensor.
const room = (length: number) => Math.max(keyBlock, whole(length))

interface Row {
  capacity: number
  /** 2·layer: keys in blocks, [KV, capacity / keyBlock, hd, keyBlock]; 2·layer + 1: values, [KV, capacity, hd]. */
  arrays: Float32Array[]
}

/** Copies runs of `length` floats that lie `stride` floats apart. */
function copyRuns(to: Float32Array, from: Float32Array, runs: number, length: number, stride: { to: number; from: number }): void {
  for (let run = 0; run < runs; run++) to.set(from.subarray(run * stride.from, run * stride.from + length), run * stride.to)
}

/** Writes keys [count, hd] from `from` on into a head's blocks, which begin at `head`, as its positions from `at` on. */
function intoBlocks(to: Float32Array, head: number, at: number, values: Float32Array, from: number, count: number, headDim: number): void {
  for (let i = 0; i < count; i++) {
    const within = (at + i) % keyBlock
    const place = head + (at + i - within) * headDim + within
    for (let j = 0; j < headDim; j++) to[place + j * keyBlock] = values[from + i * headDim + j] ?? 0
  }
}

export class KeyValueCache {
  /** Filled positions of each row. */
  readonly lengths: Int32Array
  readonly #config: ModelConfig
  readonly #rows: Row[]
  /** What is fed, one buffer an array, used again. */
  #fed: Float32Array[]
  /** The rows whose arrays lie in those buffers side by side, how many positions of each are as they are now, and for how many there is room. */
  #lying: { rows: readonly number[]; same: number[]; capacity: number } = { rows: [], same: [], capacity: 0 }

  constructor(config: ModelConfig, batch: number) {
    this.#config = config
    this.lengths = new Int32Array(batch)
    this.#rows = Array.from({ length: batch }, () => ({ capacity: 0, arrays: [] }))
    this.#fed = Array.from({ length: 2 * config.layers }, () => new Float32Array(0))
  }

  #reserve(row: Row, length: number, kept: number): void {
    if (length <= row.capacity) return
    const { kvHeads, headDim, layers } = this.#config
    const capacity = room(length)
    row.arrays = Array.from({ length: 2 * layers }, (_, index) => {
      const old = row.arrays[index]
      const grown = new Float32Array(kvHeads * capacity * headDim)
      if (old) this.#copy(index, { to: grown, capacity }, { from: old, capacity: row.capacity }, kept)
      return grown
    })
    row.capacity = capacity
  }

  /** Copies the positions from `start` up to `end` of array `index` of a row; of keys whole blocks. */
  #copy(index: number, target: { to: Float32Array; capacity: number }, source: { from: Float32Array; capacity: number }, end: number, start = 0): void {
    const { kvHeads, headDim } = this.#config
    const [first, last] = index % 2 === 0 ? [start - (start % keyBlock), whole(end)] : [start, end]
    const [to, from] = [target.to.subarray(first * headDim), source.from.subarray(first * headDim)]
    copyRuns(to, from, kvHeads, (last - first) * headDim, { to: target.capacity * headDim, from: source.capacity * headDim })
  }

  /**
   * Appends the first `counts[i]` positions of the new keys or values [R, KV, N, hd] to row `rows[i]`, for every array.
   * @param values those of array `index`: 2·layer for keys, 2·layer + 1 for values
   */
  append(rows: readonly number[], counts: readonly number[], positions: number, values: (index: number) => Float32Array): void {
    const { kvHeads, headDim, layers } = this.#config
    for (const [i, each] of rows.entries()) {
      const row = this.#rows[each]
      const at = this.lengths[each] ?? 0
      if (row) this.#reserve(row, at + (counts[i] ?? 0), at)
    }
    for (let index = 0; index < 2 * layers; index++) {
      const fresh = values(index)
      for (const [i, each] of rows.entries()) {
        const row = this.#rows[each]
        const array = row?.arrays[index]
        const count = counts[i] ?? 0
        if (!row || !array || count === 0) continue
        const at = this.lengths[each] ?? 0
        for (let head = 0; head < kvHeads; head++) {
          const from = (i * kvHeads + head) * positions * headDim
          if (index % 2 === 1) array.set(fresh.subarray(from, from + count * headDim), (head * row.capacity + at) * headDim)
          else intoBlocks(array, head * headDim * row.capacity, at, fresh, from, count, headDim)
        }
      }
    }
    for (const [i, each] of rows.entries()) this.lengths[each] = (this.lengths[each] ?? 0) + (counts[i] ?? 0)
  }

  /** Bytes of a row's arrays: what it was once long enough for. */
  bytes(row: number): number {
    const { kvHeads, headDim, layers } = this.#config
    return 2 * layers * kvHeads * headDim * Float32Array.BYTES_PER_ELEMENT * (this.#rows[row]?.capacity ?? 0)
  }

  /** Forgets a row, and gives its memory back. */
  release(row: number): void {
    this.truncate(row, 0)
    const held = this.#rows[row]
    if (held) Object.assign(held, { capacity: 0, arrays: [] })
  }

  /** Forgets all rows, and gives all memory back. */
  clear(): void {
    for (const row of this.#rows.keys()) this.release(row)
    this.#fed = this.#fed.map(() => new Float32Array(0))
    this.#lying = { rows: [], same: [], capacity: 0 }
  }

  /** Makes a row begin as another one does: its first `length` positions, and nothing behind them. */
  copy(from: number, to: number, length: number): void {
    this.truncate(to, 0)
    const [source, target] = [this.#rows[from], this.#rows[to]]
    if (!source || !target || length > (this.lengths[from] ?? 0)) throw new RangeError(`Row ${from} has no ${length} positions for row ${to}.`)
    this.#reserve(target, length, 0)
    for (const [index, array] of target.arrays.entries()) {
      const own = source.arrays[index]
      if (own) this.#copy(index, { to: array, capacity: target.capacity }, { from: own, capacity: source.capacity }, length)
    }
    this.lengths[to] = length
  }

  /** A copy of a row's first `length` positions, array after array, each as long as whole blocks need. @throws RangeError when it has fewer */
  positions(row: number, length: number): Float32Array<ArrayBuffer> {
    const held = this.#rows[row]
    if (!held || length > (this.lengths[row] ?? 0)) throw new RangeError(`Row ${row} has no ${length} positions.`)
    const size = this.#size(length)
    const all = new Float32Array(held.arrays.length * size)
    for (const [index, from] of held.arrays.entries()) this.#copy(index, { to: all.subarray(index * size), capacity: whole(length) }, { from, capacity: held.capacity }, length)
    return all
  }

  /** Makes a row begin as positions() gave it, and nothing behind that. @throws RangeError when there are more or fewer values */
  fill(row: number, length: number, values: Float32Array): void {
    const held = this.#rows[row]
    const size = this.#size(length)
    if (!held || values.length !== 2 * this.#config.layers * size) throw new RangeError(`${values.length} values are not ${length} positions of this model.`)
    this.truncate(row, 0)
    this.#reserve(held, length, 0)
    for (const [index, to] of held.arrays.entries()) this.#copy(index, { to, capacity: held.capacity }, { from: values.subarray(index * size), capacity: whole(length) }, length)
    this.lengths[row] = length
  }

  /** Floats of one array of so many positions. */
  #size(length: number): number {
    return this.#config.kvHeads * this.#config.headDim * whole(length)
  }

  /** Cuts a row back to `length` positions, where its next prompt leaves the old one. */
  truncate(row: number, length: number): void {
    this.lengths[row] = Math.min(this.lengths[row] ?? 0, length)
    const at = this.#lying.rows.indexOf(row)
    if (at >= 0) this.#lying.same[at] = Math.min(this.#lying.same[at] ?? 0, length)
  }

  /** What programs are fed with for these rows; lent until the next call. What lies behind a row's length means nothing. */
  feeds(rows: readonly number[]): Record<string, HostTensor> {
    const { layers, kvHeads, headDim } = this.#config
    const lengths = Int32Array.from(rows, (row) => this.lengths[row] ?? 0)
    const capacity = room(Math.max(0, ...lengths))
    // The same rows once more have little that is new since the last time.
    const again = this.#lying.capacity === capacity && this.#lying.rows.length === rows.length && rows.every((row, i) => row === this.#lying.rows[i])
    const same = again ? this.#lying.same : rows.map(() => 0)
    this.#lying = { rows: [...rows], same: [...lengths], capacity }
    const shapes = [
      [rows.length, kvHeads, capacity / keyBlock, headDim, keyBlock],
      [rows.length, kvHeads, capacity, headDim],
    ]
    const size = rows.length * kvHeads * capacity * headDim
    const feeds: Record<string, HostTensor> = { past_lengths: { dtype: 'int32', shape: [rows.length], data: lengths } }
    for (let index = 0; index < 2 * layers; index++) {
      let fed = this.#fed[index]
      if (!fed || fed.length < size) this.#fed[index] = fed = new Float32Array(size)
      for (const [i, each] of rows.entries()) {
        const row = this.#rows[each]
        const from = row?.arrays[index]
        const to = fed.subarray(i * kvHeads * capacity * headDim)
        if (row && from) this.#copy(index, { to, capacity }, { from, capacity: row.capacity }, lengths[i] ?? 0, same[i] ?? 0)
      }
      const names = cacheNames(Math.floor(index / 2))
      feeds[index % 2 === 0 ? names.keys : names.values] = { dtype: 'float32', shape: shapes[index % 2] ?? [], data: fed.subarray(0, size) }
    }
    return feeds
  }
}
