// Decodes rows that advance together, each with its own prompt, seed and end. Keeps the cache
// between prompts, so that a prompt which extends the last one costs only what is new.
import { createRandom, type Random } from '../../core/random.ts'
import type { SamplingSettings } from './sampler.ts'

/** What holds for one row. */
export interface RowSettings {
  seed: number
  maxTokens: number
  /** The row ends with one of these; it stays in the row. */
  stopIds: readonly number[]
}

/** What rows that advance together have in common. */
export interface StretchSettings extends SamplingSettings {
  /** Looks at a row's new tokens; true ends the row there (stop strings). Called after each stretch of steps. */
  isFinished?: (row: number, ids: readonly number[]) => boolean
  /** New tokens of a row, as they come. */
  onTokens?: (row: number, ids: readonly number[]) => void
}

export interface GeneratedRow {
  ids: number[]
  /** log π of each token at temperature 1, nats. */
  logps: number[]
  /** log-probability of each token under the distribution that was sampled from. */
  sampledLogps: number[]
  finish: 'stop' | 'length' | 'overflow'
}

/** A stretch of decoding on a device: what the two kinds of cache have in common. */
export interface CacheEngine {
  /** Positions of a row at most. */
  readonly capacity: number
  /** Steps that one call of `decode` makes at most. */
  readonly stride: number
  /** Forgets the cache from `lengths[row]` on, for each row. */
  truncate(lengths: readonly number[]): void
  /** Appends tokens to the cache; rows may have none. */
  prefill(rows: readonly (readonly number[])[]): Promise<void>
  /**
   * Decodes from the token that follows each row's cache. Returns the steps made, tokens by [step][row].
   * Rows that are finished get tokens too, which mean nothing, and their cache stays as it is.
   * @param stopIds it may make fewer steps once every row has one of these
   */
  decode(first: Int32Array, uniform: (step: number, row: number) => number, steps: number, finished: readonly boolean[], settings: SamplingSettings, stopIds: readonly number[]): Promise<DecodedStep[]>
  dispose(): Promise<void>
}

export interface DecodedStep {
  ids: Int32Array
  logps: Float32Array
  sampledLogps: Float32Array
}

interface Row {
  random: Random
  result: GeneratedRow
  /** Not yet in the cache; null once it is. */
  prompt: readonly number[] | null
  /** Token that follows the cache. */
  last: number
  /** Tokens that it may have. */
  limit: number
  stopIds: readonly number[]
  done: boolean
}

/** Rows of one batch with their cache. */
export class Decoder {
  readonly #engine: CacheEngine
  /** Tokens whose keys and values are in the cache, row by row. */
  #cached: number[][]
  /** What is under way, row by row. */
  #rows: (Row | null)[]

  constructor(engine: CacheEngine, batch: number) {
    this.#engine = engine
    this.#cached = Array.from({ length: batch }, () => [])
    this.#rows = Array.from({ length: batch }, () => null)
  }

  get batch(): number {
    return this.#cached.length
  }

  isFree(row: number): boolean {
    return this.#rows[row] === null
  }

  /**
   * Begins a row; advance() works on it. A prompt that does not fit gives finish = 'overflow' and no token.
   * @throws RangeError on an empty prompt, Error when the row is under way
   */
  begin(row: number, prompt: readonly number[], { seed, maxTokens, stopIds }: RowSettings): void {
    if (prompt.length === 0) throw new RangeError(`The prompt of row ${row} is empty.`)
    if (this.#rows[row] !== null) throw new Error(`Row ${row} of the decoder is under way, or there is none.`)
    const fits = prompt.length < this.#engine.capacity
    const limit = Math.min(maxTokens, this.#engine.capacity - prompt.length)
    const result: GeneratedRow = { ids: [], logps: [], sampledLogps: [], finish: fits ? 'length' : 'overflow' }
    this.#rows[row] = { random: createRandom(seed), result, prompt, last: prompt.at(-1) ?? 0, limit, stopIds, done: !fits || limit <= 0 }
  }

  /**
   * Makes a stretch of steps in those of the given rows that are not done; the others wait.
   * @returns the given rows that are done; take() gives what they have
   */
  async advance(given: readonly number[], settings: StretchSettings): Promise<number[]> {
    const mine = new Set(given)
    const rows = this.#rows.map((row, i) => (mine.has(i) && row?.done === false ? row : null))
    if (rows.some((row) => row !== null)) {
      await this.#prefill(rows.map((row) => row?.prompt ?? null))
      for (const row of rows) if (row) row.prompt = null
      const left = rows.map((row) => (row ? row.limit - row.result.ids.length : 0))
      const steps = Math.min(this.#engine.stride, Math.max(...left))
      // Every row draws for every step, whatever the others do, so that batching changes nothing.
      const draws = rows.map((row) => (row ? Array.from({ length: steps }, () => row.random.next()) : []))
      const first = Int32Array.from(rows, (row) => row?.last ?? 0)
      const stopIds = [...new Set(rows.flatMap((row) => row?.stopIds ?? []))]
      const decoded = await this.#engine.decode(first, (step, row) => draws[row]?.[step] ?? 0, steps, rows.map((row) => row === null), settings, stopIds)
      if (decoded.length === 0) throw new Error('The decoder made no step.')
      this.#record(rows, decoded, settings)
    }
    return given.filter((row) => this.#rows[row]?.done === true)
  }

  /** What a row has so far; it is free then. @throws Error when nothing was begun there, or the weights have changed since */
  take(row: number): GeneratedRow {
    const under = this.#rows[row]
    if (!under) throw new Error(`Row ${row} of the decoder is not under way: the model was given other weights meanwhile.`)
    this.#rows[row] = null
    return under.result
  }

  /** Brings the cache to each prompt without its last token. */
  async #prefill(prompts: readonly (readonly number[] | null)[]): Promise<void> {
    const shared = prompts.map((prompt, i) => {
      const cached = this.#cached[i] ?? []
      if (!prompt) return cached.length
      let n = 0
      while (n < cached.length && n < prompt.length - 1 && cached[n] === prompt[n]) n++
      return n
    })
    this.#engine.truncate(shared)
    const added = prompts.map((prompt, i) => prompt?.slice(shared[i], -1) ?? [])
    if (added.some((row) => row.length > 0)) await this.#engine.prefill(added)
    this.#cached = this.#cached.map((cached, i) => [...cached.slice(0, shared[i]), ...(added[i] ?? [])])
  }

  #record(rows: readonly (Row | null)[], decoded: readonly DecodedStep[], settings: StretchSettings): void {
    for (const [i, row] of rows.entries()) {
      // The engine left the cache of the other rows alone.
      if (!row) continue
      const cached = this.#cached[i] ?? []
      const fresh: number[] = []
      for (const { ids, logps, sampledLogps } of decoded) {
        // What the engine's cache has beyond a row's end within this stretch is cut off before its next prompt.
        if (row.done) break
        cached.push(row.last)
        const id = ids[i] ?? 0
        row.last = id
        row.result.ids.push(id)
        row.result.logps.push(logps[i] ?? 0)
        row.result.sampledLogps.push(sampledLogps[i] ?? 0)
        fresh.push(id)
        if (row.stopIds.includes(id)) {
          row.done = true
          row.result.finish = 'stop'
        } else if (row.result.ids.length >= row.limit) row.done = true
      }
      if (fresh.length === 0) continue
      settings.onTokens?.(i, fresh)
      if (!row.done && settings.isFinished?.(i, row.result.ids)) {
        row.done = true
        row.result.finish = 'stop'
      }
    }
  }

  /** Forgets the cache and what is under way: the weights have changed. */
  reset(): void {
    this.#engine.truncate(this.#cached.map(() => 0))
    this.#cached = this.#cached.map(() => [])
    this.#rows = this.#rows.map(() => null)
  }

  async dispose(): Promise<void> {
    await this.#engine.dispose()
  }
}
