// Decodes rows that advance together, each with its own prompt, seed and end. Keeps the cache
// between prompts, so that a prompt which extends the last one costs only what is new.
import { createRandom, type Random } from '../../core/random.ts'
import type { ReplyGrammar } from './grammar.ts'
import { drawAllowed, type Draw, type SamplingSettings } from './sampler.ts'

/** What holds for one row. */
export interface RowSettings {
  seed: number
  maxTokens: number
  /** The row ends with one of these; it stays in the row. */
  stopIds: readonly number[]
  /** How much of its prompt others begin with too: what instructs the model. 0 when left out. */
  prefix?: number
  /** The row has only tokens that it allows; the caller frees it when the row is done. */
  grammar?: ReplyGrammar | null
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
  /** log-probability of each token under the distribution that was sampled from, but for a grammar. */
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
  /**
   * Makes rows begin with these tokens, each with its own, whose keys and values are computed once and kept. Left out
   * where a cache cannot be copied.
   */
  share?: (prefixes: ReadonlyMap<number, readonly number[]>) => Promise<void>
  /** A copy of the keys and values of a prefix that share() has kept, as know() takes them; null: it is not kept. */
  known?: (prefix: readonly number[]) => Float32Array<ArrayBuffer> | null
  /** Keeps a prefix as if share() had computed it. @param values of the same weights on the same device. @throws RangeError when they are not as many */
  know?: (prefix: readonly number[], values: Float32Array) => void
  /** Forgets everything: the weights have changed. */
  reset(): void
  /** Bytes that a row's cache takes; left out where all rows have theirs from the beginning. */
  held?: (row: number) => number
  /** Forgets a row's cache and gives its memory back. */
  release?: (row: number) => void
  /** Appends tokens to the cache; rows may have none. */
  prefill(rows: readonly (readonly number[])[]): Promise<void>
  /**
   * Decodes from the token that follows each row's cache. Returns the steps made, tokens by [step][row].
   * Rows that are finished get tokens too, which mean nothing, and their cache stays as it is.
   * @param stopIds it may make fewer steps once every row has one of these
   */
  decode(first: Int32Array, uniform: (step: number, row: number) => number, steps: number, finished: readonly boolean[], settings: SamplingSettings, stopIds: readonly number[]): Promise<DecodedStep[]>
  /**
   * Appends one token to the cache of each row that has one here, and gives the logits [V] behind it by row; the
   * caller may change them.
   */
  logits(next: ReadonlyMap<number, number>): Promise<Map<number, Float32Array>>
  dispose(): Promise<void>
}

export interface DecodedStep {
  ids: Int32Array
  logps: Float32Array
  sampledLogps: Float32Array
}

interface Row {
  random: Random
  /** Drawn for tokens that are still to come: the t-th number of a row is its t-th token's, whatever others do. */
  draws: number[]
  grammar: ReplyGrammar | null
  /** For tokens that its grammar refused. */
  again: Random
  /** Steps for which it asks its grammar first: it was refused a moment ago. */
  careful: number
  /** The token that would come next, drawn without its grammar, which refuses it. */
  refused: boolean
  result: GeneratedRow
  /** Not yet in the cache; null once it is. */
  prompt: readonly number[] | null
  prefix: number
  /** Token that follows the cache. */
  last: number
  /** Tokens that it may have. */
  limit: number
  stopIds: readonly number[]
  done: boolean
}

/**
 * After a token that its grammar refused a row asks it before each of so many tokens. Where nothing is refused, many
 * steps are made at once and looked at afterwards; where much is, steps that were made in vain cost more.
 */
const carefulSteps = 8

/** Bytes of cache that rows without a prompt keep: eight conversations of 1,024 tokens with a model of 135 M parameters. */
const keptWaiting = 384 * 2 ** 20

/** Tokens that a prefix has at least: nano's sixty cost less than cutting them off. */
const sharedFrom = 128

/** Rows of one batch with their cache. */
export class Decoder {
  readonly #engine: CacheEngine
  /** Tokens whose keys and values are in the cache, row by row. */
  #cached: number[][]
  /** What is under way, row by row. */
  #rows: (Row | null)[]
  /** Rows by when they were taken, the latest last. */
  readonly #taken = new Set<number>()
  readonly #kept: number

  /** @param kept bytes of cache that rows keep while they wait for their next prompt */
  constructor(engine: CacheEngine, batch: number, kept = keptWaiting) {
    this.#engine = engine
    this.#kept = kept
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
  begin(row: number, prompt: readonly number[], { seed, maxTokens, stopIds, prefix = 0, grammar = null }: RowSettings): void {
    if (prompt.length === 0) throw new RangeError(`The prompt of row ${row} is empty.`)
    if (this.#rows[row] !== null) throw new Error(`Row ${row} of the decoder is under way, or there is none.`)
    const fits = prompt.length < this.#engine.capacity
    const limit = Math.min(maxTokens, this.#engine.capacity - prompt.length)
    const result: GeneratedRow = { ids: [], logps: [], sampledLogps: [], finish: fits ? 'length' : 'overflow' }
    const random = createRandom(seed)
    this.#rows[row] = {
      random,
      draws: [],
      grammar,
      again: random.fork('grammar'),
      careful: 0,
      refused: false,
      result,
      prompt,
      prefix: Math.min(prefix, prompt.length - 1),
      last: prompt.at(-1) ?? 0,
      limit,
      stopIds,
      done: !fits || limit <= 0,
    }
  }

  /**
   * Makes a stretch of steps in those of the given rows that are not done; the others wait.
   * @returns the given rows that are done; take() gives what they have
   */
  async advance(given: readonly number[], settings: StretchSettings): Promise<number[]> {
    const mine = new Set(given)
    const rows = this.#rows.map((row, i) => (mine.has(i) && row?.done === false ? row : null))
    if (rows.some((row) => row !== null)) {
      await this.#prefill(rows)
      for (const row of rows) if (row) row.prompt = null
      const { stride } = this.#engine
      await this.#stretch(rows.map((row) => (row && (!row.grammar || (stride > 1 && row.careful === 0)) ? row : null)), settings)
      for (let step = 0; step < stride; step++) {
        const asking = rows.map((row) => (row?.grammar && !row.done && (stride === 1 || row.careful > 0) ? row : null))
        if (!asking.some((row) => row !== null)) break
        await this.#askedStep(asking, settings)
      }
    }
    return given.filter((row) => this.#rows[row]?.done === true)
  }

  /** What a row has so far; it is free then. @throws Error when nothing was begun there, or the weights have changed since */
  take(row: number): GeneratedRow {
    const under = this.#rows[row]
    if (!under) throw new Error(`Row ${row} of the decoder is not under way: the model was given other weights meanwhile.`)
    this.#rows[row] = null
    this.#taken.delete(row)
    this.#taken.add(row)
    this.#giveBack()
    return under.result
  }

  /** Rows that wait for their next prompt keep their cache, the latest ones, as long as all of it is not too much. */
  #giveBack(): void {
    const { held, release } = this.#engine
    if (!held || !release) return
    let sum = 0
    for (const row of [...this.#taken].reverse()) {
      if (this.#rows[row] !== null) continue
      sum += held(row)
      if (sum <= this.#kept) continue
      release(row)
      this.#cached[row] = []
      this.#taken.delete(row)
    }
  }

  /** What was computed of a prefix; null: nothing, or it cannot be had. */
  known(prefix: readonly number[]): Float32Array<ArrayBuffer> | null {
    return this.#engine.known?.(prefix) ?? null
  }

  /** Spares computing a prefix that was computed before. @throws RangeError when it is another model's */
  know(prefix: readonly number[], values: Float32Array): void {
    this.#engine.know?.(prefix, values)
  }

  /** Brings the cache to each prompt without its last token. */
  async #prefill(rows: readonly (Row | null)[]): Promise<void> {
    const prompts = rows.map((row) => row?.prompt ?? null)
    const shared = prompts.map((prompt, i) => {
      const cached = this.#cached[i] ?? []
      if (!prompt) return cached.length
      let n = 0
      while (n < cached.length && n < prompt.length - 1 && cached[n] === prompt[n]) n++
      return n
    })
    this.#engine.truncate(shared)
    // Always cut there, and computed alone: so that it comes to the same whoever was here before.
    const prefixes = new Map(rows.flatMap((row, i) => (row?.prompt && row.prefix >= sharedFrom && row.prefix > (shared[i] ?? 0) ? [[i, row.prompt.slice(0, row.prefix)] as const] : [])))
    if (prefixes.size > 0 && this.#engine.share) {
      await this.#engine.share(prefixes)
      for (const [i, prefix] of prefixes) shared[i] = prefix.length
    }
    const added = prompts.map((prompt, i) => prompt?.slice(shared[i], -1) ?? [])
    if (added.some((row) => row.length > 0)) await this.#engine.prefill(added)
    this.#cached = this.#cached.map((cached, i) => [...(prompts[i] ?? cached).slice(0, shared[i]), ...(added[i] ?? [])])
  }

  /** Many steps at once; a token that a grammar refuses ends them for its row. */
  async #stretch(rows: readonly (Row | null)[], settings: StretchSettings): Promise<void> {
    if (!rows.some((row) => row !== null)) return
    const left = rows.map((row) => (row ? row.limit - row.result.ids.length : 0))
    const steps = Math.min(this.#engine.stride, Math.max(...left))
    for (const row of rows) while (row && row.draws.length < steps) row.draws.push(row.random.next())
    const first = Int32Array.from(rows, (row) => row?.last ?? 0)
    const stopIds = [...new Set(rows.flatMap((row) => row?.stopIds ?? []))]
    const decoded = await this.#engine.decode(first, (step, row) => rows[row]?.draws[step] ?? 0, steps, rows.map((row) => row === null), settings, stopIds)
    if (decoded.length === 0) throw new Error('The decoder made no step.')
    for (const [i, row] of rows.entries()) {
      // The engine left the cache of the other rows alone.
      if (!row) continue
      const fresh: number[] = []
      for (const { ids, logps, sampledLogps } of decoded) {
        // What the engine's cache has beyond a row's end within this stretch is cut off before its next prompt.
        if (row.done) break
        const id = ids[i] ?? 0
        if (row.grammar && !row.grammar.accept(id)) {
          row.refused = true
          row.careful = carefulSteps
          break
        }
        this.#append(i, row, { id, logp: logps[i] ?? 0, sampledLogp: sampledLogps[i] ?? 0 })
        fresh.push(id)
      }
      this.#tell(i, row, fresh, settings)
    }
  }

  /** One step of rows that ask their grammar first. */
  async #askedStep(rows: readonly (Row | null)[], settings: StretchSettings): Promise<void> {
    // A stretch went on behind a token that was refused.
    this.#engine.truncate(this.#cached.map((cached) => cached.length))
    const logits = await this.#engine.logits(new Map(rows.flatMap((row, i) => (row ? [[i, row.last] as const] : []))))
    for (const [i, row] of rows.entries()) {
      const own = logits.get(i)
      if (!row?.grammar || !own) continue
      if (row.draws.length === 0) row.draws.push(row.random.next())
      const draw = drawAllowed(own, await row.grammar.allowed(), row.draws[0] ?? 0, () => row.again.next(), settings, row.refused)
      if (!row.grammar.accept(draw.id)) throw new Error('The grammar allows no token here.')
      row.careful = draw.corrected ? carefulSteps : row.careful - 1
      row.refused = false
      this.#append(i, row, draw)
      this.#tell(i, row, [draw.id], settings)
    }
  }

  /** The row's next token: the one before it is in the cache by now. */
  #append(i: number, row: Row, { id, logp, sampledLogp }: Draw): void {
    this.#cached[i]?.push(row.last)
    row.last = id
    row.draws.shift()
    row.result.ids.push(id)
    row.result.logps.push(logp)
    row.result.sampledLogps.push(sampledLogp)
    if (row.stopIds.includes(id)) {
      row.done = true
      row.result.finish = 'stop'
    } else if (row.result.ids.length >= row.limit) row.done = true
  }

  #tell(i: number, row: Row, fresh: readonly number[], settings: StretchSettings): void {
    if (fresh.length === 0) return
    settings.onTokens?.(i, fresh)
    if (!row.done && settings.isFinished?.(i, row.result.ids)) {
      row.done = true
      row.result.finish = 'stop'
    }
  }

  /** Forgets the cache and what is under way: the weights have changed. */
  reset(): void {
    this.#engine.reset()
    this.#cached = this.#cached.map(() => [])
    this.#rows = this.#rows.map(() => null)
    this.#taken.clear()
  }

  async dispose(): Promise<void> {
    await this.#engine.dispose()
  }
}
