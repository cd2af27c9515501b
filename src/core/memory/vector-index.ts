// The entries of one store with their vectors in one contiguous matrix: exact cosine search (eq. 8, 9).
// Knows nothing of embedders, other stores, or where entries are kept for good.
import type { Hit, MemoryRecord } from '../record/trajectory.ts'
import { sameData } from '../same-data.ts'
import type { MemoryMetadata, SearchOptions } from './store.ts'

const firstCapacity = 8

/** The id of the nth entry of a store, from 1. */
export function memoryId(n: number): string {
  return `m${n}`
}

/** The inverse of memoryId; null for anything that is not such an id. */
export function memoryNumber(id: string): number | null {
  const digits = /^m([1-9]\d{0,14})$/.exec(id)?.[1]
  return digits === undefined ? null : Number(digits)
}

function copyOf(record: MemoryRecord): MemoryRecord {
  const { id, content, metadata } = record
  return { id, content, metadata: { ...metadata, tags: [...metadata.tags], extra: structuredClone(metadata.extra) } }
}

/** One field of a metadata filter: see SearchOptions. */
function matchesField(metadata: MemoryMetadata, field: string, wanted: unknown): boolean {
  if (field === 'type') return metadata.type === wanted
  if (field === 'source_step') return metadata.source_step === wanted
  if (field === 'tags') {
    const tags: unknown[] = Array.isArray(wanted) ? wanted : [wanted]
    return tags.every((tag) => typeof tag === 'string' && metadata.tags.includes(tag))
  }
  return Object.hasOwn(metadata.extra, field) && sameData(metadata.extra[field], wanted)
}

export class VectorIndex {
  readonly #dimensions: number
  /** Oldest first: ascending numbers, the same order as the rows of the matrix. */
  readonly #numbers: number[] = []
  readonly #records: MemoryRecord[] = []
  #matrix: Float32Array

  /** @param dimensions length of every vector */
  constructor(dimensions: number) {
    this.#dimensions = dimensions
    this.#matrix = new Float32Array(firstCapacity * dimensions)
  }

  get size(): number {
    return this.#records.length
  }

  /**
   * Inserts the entry at the place that its id gives it, or replaces the one of that id. Copies both arguments.
   * @param vector unit or zero vector
   * @throws RangeError when the id is not one that memoryId gives, or the vector has another length
   */
  put(record: MemoryRecord, vector: Float32Array): void {
    const number = memoryNumber(record.id)
    if (number === null) throw new RangeError(`${record.id} is not the id of a memory.`)
    if (vector.length !== this.#dimensions) throw new RangeError(`A vector of length ${vector.length} in an index of ${this.#dimensions}.`)
    const row = this.#lowerBound(number)
    if (this.#numbers[row] === number) {
      this.#records[row] = copyOf(record)
    } else {
      this.#openRow(row)
      this.#numbers.splice(row, 0, number)
      this.#records.splice(row, 0, copyOf(record))
    }
    this.#matrix.set(vector, row * this.#dimensions)
  }

  /** False when there is no such entry. */
  remove(id: string): boolean {
    const row = this.#rowOf(id)
    if (row === null) return false
    this.#matrix.copyWithin(row * this.#dimensions, (row + 1) * this.#dimensions, this.size * this.#dimensions)
    this.#numbers.splice(row, 1)
    this.#records.splice(row, 1)
    return true
  }

  get(id: string): MemoryRecord | undefined {
    const row = this.#rowOf(id)
    const record = row === null ? undefined : this.#records[row]
    return record && copyOf(record)
  }

  /** A copy of the entry's vector. */
  vector(id: string): Float32Array | undefined {
    const row = this.#rowOf(id)
    return row === null ? undefined : this.#matrix.slice(row * this.#dimensions, (row + 1) * this.#dimensions)
  }

  /** All entries, oldest first. */
  list(): MemoryRecord[] {
    return this.#records.map(copyOf)
  }

  /** The topK entries that pass the filter, by cosine with the query (a unit or zero vector); ties: older first. */
  search(query: Float32Array, options: SearchOptions): Hit[] {
    const limit = Math.min(Math.floor(options.topK), this.size)
    const fields = Object.entries(options.filter ?? {}).filter(([, wanted]) => wanted !== undefined)
    const best: { row: number; similarity: number }[] = []
    if (!(limit > 0)) return []
    for (let row = 0; row < this.size; row++) {
      if (fields.length > 0 && !this.#matches(row, fields)) continue
      const similarity = this.#similarity(query, row)
      const last = best[limit - 1]
      if (last && similarity <= last.similarity) continue
      let at = Math.min(best.length, limit - 1)
      // Moves the worse ones down; equal ones keep their place, so that the older comes first.
      for (let above = best[at - 1]; above && above.similarity < similarity; above = best[at - 1]) best[at--] = above
      best[at] = { row, similarity }
    }
    return best.map(({ row, similarity }) => {
      const record = this.#records[row]
      return { id: record?.id ?? '', content: record?.content ?? '', similarity }
    })
  }

  #matches(row: number, fields: readonly [string, unknown][]): boolean {
    const metadata = this.#records[row]?.metadata
    return metadata !== undefined && fields.every(([field, wanted]) => matchesField(metadata, field, wanted))
  }

  /** Dot product of unit vectors, kept in [−1, 1] against rounding. */
  #similarity(query: Float32Array, row: number): number {
    const matrix = this.#matrix
    const start = row * this.#dimensions
    const dimensions = this.#dimensions
    let even = 0
    let odd = 0
    // Two sums that do not wait for each other: nearly twice as fast as one.
    for (let d = 0; d < dimensions; d += 2) {
      even += (query[d] ?? 0) * (matrix[start + d] ?? 0)
      odd += (query[d + 1] ?? 0) * (matrix[start + d + 1] ?? 0)
    }
    return Math.max(-1, Math.min(1, even + odd))
  }

  /** First row whose number is not below the given one. */
  #lowerBound(number: number): number {
    let low = 0
    let high = this.#numbers.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#numbers[middle] ?? Infinity) < number) low = middle + 1
      else high = middle
    }
    return low
  }

  #rowOf(id: string): number | null {
    const number = memoryNumber(id)
    if (number === null) return null
    const row = this.#lowerBound(number)
    return this.#numbers[row] === number ? row : null
  }

  /** Makes room for one more row at this place. */
  #openRow(row: number): void {
    const used = this.size * this.#dimensions
    if (used + this.#dimensions > this.#matrix.length) {
      const grown = new Float32Array(this.#matrix.length * 2)
      grown.set(this.#matrix.subarray(0, used))
      this.#matrix = grown
    }
    this.#matrix.copyWithin((row + 1) * this.#dimensions, row * this.#dimensions, used)
  }
}
