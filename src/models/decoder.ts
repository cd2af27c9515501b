// Generates for a batch of rows that advance together, each with its own prompt, seed and end. Keeps the cache
// between prompts, so that a prompt which extends the last one costs only what is new.
import { createRandom, type Random } from '../core/random.ts'
import type { SamplingSettings } from './sampler.ts'

export interface GenerateSettings extends SamplingSettings {
  maxTokens: number
  /** A row ends with one of these; it stays in the row. */
  stopIds: readonly number[]
  /** One seed a row. */
  seeds: readonly number[]
  /** Looks at a row's new tokens; true ends the row there (stop strings). Called after each stretch of steps. */
  isFinished?: (row: number, ids: readonly number[]) => boolean
  /** New tokens of a row, as they come. */
  onTokens?: (row: number, ids: readonly number[]) => void
  signal?: AbortSignal
}

export interface GeneratedRow {
  ids: number[]
  /** log π of each token at temperature 1, nats. */
  logps: number[]
  /** log-probability of each token under the distribution that was sampled from. */
  sampledLogps: number[]
  finish: 'stop' | 'length' | 'overflow' | 'abort'
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
   */
  decode(first: Int32Array, uniform: (step: number, row: number) => number, steps: number, finished: readonly boolean[], settings: GenerateSettings): Promise<DecodedStep[]>
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
  /** Tokens that it may have. */
  limit: number
  done: boolean
}

/** Rows of one batch with their cache. */
export class Decoder {
  readonly #engine: CacheEngine
  /** Tokens whose keys and values are in the cache, row by row. */
  #cached: number[][]

  constructor(engine: CacheEngine, batch: number) {
    this.#engine = engine
    this.#cached = Array.from({ length: batch }, () => [])
  }

  get batch(): number {
    return this.#cached.length
  }

  /**
   * Continues each prompt; null leaves a row idle. A prompt that does not fit gives finish = 'overflow' and no token.
   * @throws RangeError on an empty prompt or a wrong number of rows
   */
  async generate(prompts: readonly (readonly number[] | null)[], settings: GenerateSettings): Promise<GeneratedRow[]> {
    if (prompts.length !== this.batch) throw new RangeError(`The decoder has ${this.batch} rows, not ${prompts.length}.`)
    const rows = prompts.map((prompt, i): Row => {
      if (prompt?.length === 0) throw new RangeError(`Prompt ${i} is empty.`)
      const fits = prompt !== null && prompt.length < this.#engine.capacity
      const finish = prompt === null || fits ? 'length' : 'overflow'
      const limit = Math.min(settings.maxTokens, this.#engine.capacity - (prompt?.length ?? 0))
      return { random: createRandom(settings.seeds[i] ?? 0), result: { ids: [], logps: [], sampledLogps: [], finish }, limit, done: !fits || limit <= 0 }
    })
    const active = prompts.map((prompt, i) => (rows[i]?.done === false && prompt ? prompt : null))
    await this.#prefill(active)

    const first = Int32Array.from(active, (prompt) => prompt?.at(-1) ?? 0)
    while (rows.some((row) => !row.done)) {
      if (settings.signal?.aborted) {
        for (const row of rows) if (!row.done) row.result.finish = 'abort'
        break
      }
      const left = rows.map(({ done, limit, result }) => (done ? 0 : limit - result.ids.length))
      const steps = Math.min(this.#engine.stride, Math.max(...left))
      // Every row draws for every step, whatever the others do, so that batching changes nothing.
      const draws = rows.map(({ random }) => Array.from({ length: steps }, () => random.next()))
      const decoded = await this.#engine.decode(first, (step, row) => draws[row]?.[step] ?? 0, steps, rows.map((row) => row.done), settings)
      this.#record(rows, first, decoded, settings)
      if (decoded.length === 0) break
    }
    return rows.map(({ result }) => result)
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

  #record(rows: readonly Row[], first: Int32Array, decoded: readonly DecodedStep[], settings: GenerateSettings): void {
    for (const [i, row] of rows.entries()) {
      // The engine left the cache of a row that was finished before this stretch alone.
      if (row.done) continue
      const cached = this.#cached[i] ?? []
      const fresh: number[] = []
      for (const { ids, logps, sampledLogps } of decoded) {
        // Each step put its own input into the cache, also after the row's end within this stretch.
        cached.push(first[i] ?? 0)
        const id = ids[i] ?? 0
        first[i] = id
        if (row.done) continue
        row.result.ids.push(id)
        row.result.logps.push(logps[i] ?? 0)
        row.result.sampledLogps.push(sampledLogps[i] ?? 0)
        fresh.push(id)
        if (settings.stopIds.includes(id)) {
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

  /** Forgets the cache: the weights have changed. */
  reset(): void {
    this.#engine.truncate(this.#cached.map(() => 0))
    this.#cached = this.#cached.map(() => [])
  }

  async dispose(): Promise<void> {
    await this.#engine.dispose()
  }
}
