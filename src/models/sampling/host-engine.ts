// Decoding on a CPU: the cache lies in JavaScript's memory, and a loop inside onnxruntime makes many steps a run.
import type { Values, LoadedProgram, Runtime, HostTensor } from '../../runtime/runtime.ts'
import { read, readFloats } from '../../runtime/runtime.ts'
import { newNames } from '../../nn/inference/cache.ts'
import { generateProgram } from '../../nn/inference/generate-program.ts'
import type { ModelConfig } from '../../nn/transformer/config.ts'
import type { LoraConfig, WeightOptions } from '../../nn/transformer/weights.ts'
import { KeyValueCache } from './cache.ts'
import type { CacheEngine, DecodedStep } from './decoder.ts'
import type { SamplingSettings } from './sampler.ts'

/** Steps of one run: what a stop string or an abort can overshoot. */
const stride = 8
/** New tokens of one prefill run at most, padding included. */
const longestRun = 4096

/** Prefixes that are kept: those of a reply's instructions, and of a summary's. */
const keptPrefixes = 3

/** What a run costs that is not a row's, and what a row costs for each position before it, by their ratio (measured on Node). */
const runInPositions = 1000

/**
 * Rows in one group, or in two where the padding of the short ones to the longest costs more than another run: those
 * with a long past, and the others.
 */
export function inGroups(rows: readonly number[], lengthOf: (row: number) => number): number[][] {
  const sorted = [...rows].sort((a, b) => lengthOf(b) - lengthOf(a))
  const longest = lengthOf(sorted[0] ?? 0)
  let best = { at: 0, saved: runInPositions }
  for (const [at, row] of sorted.entries()) {
    const saved = (sorted.length - at) * (longest - lengthOf(row))
    if (saved > best.saved) best = { at, saved }
  }
  const groups = best.at === 0 ? [sorted] : [sorted.slice(0, best.at), sorted.slice(best.at)]
  return groups.map((group) => group.sort((a, b) => a - b)).filter((group) => group.length > 0)
}

export interface HostPrograms {
  generate: LoadedProgram
  dispose(): Promise<void>
}

/** Loads the program that every host engine of a model shares. The weights are built into it. @param packed for its products, where there is room */
export async function loadHostPrograms(runtime: Runtime, config: ModelConfig, capacity: number, weights: WeightOptions, lora: LoraConfig | null, packed = true): Promise<HostPrograms> {
  // A finished row is carried along for up to a stretch, so positions may run a little over.
  const positions = { capacity: capacity + stride }
  const options = { steps: stride, ...positions, weights, lora }
  const generate = await runtime.load(generateProgram('generate', config, options), { unpacked: !packed })
  return {
    generate,
    async dispose() {
      await generate.dispose()
    },
  }
}

const ints = (values: Iterable<number>, shape: number[]): HostTensor => ({ dtype: 'int32', shape, data: Int32Array.from(values) })
const floats = (values: Iterable<number>, shape: number[]): HostTensor => ({ dtype: 'float32', shape, data: Float32Array.from(values) })

/**
 * An engine over shared programs.
 * @param adapter the LoRA tensors by their names in the graph; read at each run, so that it may change in between
 * @param prefillTokens new tokens of one prefill run at most, padding included
 */
export function createHostEngine(programs: HostPrograms, config: ModelConfig, capacity: number, batch: number, adapter: () => Values, prefillTokens = longestRun): CacheEngine {
  // The last rows hold prefixes that others begin with, by their ids; the oldest first.
  const cache = new KeyValueCache(config, batch + keptPrefixes)
  const prefixes = new Map<string, number>()

  async function append(results: Values, rows: readonly number[], counts: readonly number[]): Promise<void> {
    const fresh: Float32Array[] = []
    const positions = results[newNames(0).values]?.shape[2] ?? 0
    for (let layer = 0; layer < config.layers; layer++) {
      const names = newNames(layer)
      fresh.push(await readFloats(results, names.keys), await readFloats(results, names.values))
    }
    cache.append(rows, counts, positions, (index) => fresh[index] ?? new Float32Array(0))
  }

  /** What the program is fed with: `length` new tokens of each row, and how many steps it makes from there. */
  function asked(rows: readonly number[], ids: Int32Array, length: number, uniform: Float32Array, settings: SamplingSettings, stopIds: readonly number[], steps: number): Values {
    return {
      ids: { dtype: 'int32', shape: [rows.length, length], data: ids },
      counts: ints(rows.map(() => 1), [rows.length]),
      ...cache.feeds(rows),
      uniform: { dtype: 'float32', shape: [stride, rows.length], data: uniform },
      steps: { dtype: 'int64', shape: [], data: BigInt64Array.of(BigInt(steps)) },
      temperature: floats([settings.temperature], [1]),
      min_logp: floats([settings.minP ? Math.log(settings.minP) : -3e38], [1]),
      stops: ints(stopIds.length > 0 ? stopIds : [-1], [Math.max(1, stopIds.length)]),
      finished: { dtype: 'bool', shape: [rows.length], data: new Uint8Array(rows.length) },
      ...adapter(),
    }
  }

  /** Rows of like length go together: what one row has more, the others are padded to. */
  async function extend(rows: readonly number[], own: readonly (readonly number[])[]): Promise<Values> {
    const counts = own.map((ids) => ids.length)
    const length = Math.max(...counts)
    const ids = new Int32Array(rows.length * length)
    for (const [i, row] of own.entries()) ids.set(row, i * length)
    const results = await programs.generate.run({
      ...asked(rows, ids, length, new Float32Array(stride * rows.length), { temperature: 0 }, [], 1),
      counts: ints(counts, [rows.length]),
    })
    await append(results, rows, counts)
    return results
  }

  /** The row of a prefix that is computed, or is to be: of those that are kept the oldest goes. */
  function placeOf(key: string): { place: number; isNew: boolean } {
    const known = prefixes.get(key)
    const [oldest] = prefixes
    const place = known ?? (prefixes.size < keptPrefixes || !oldest ? batch + prefixes.size : oldest[1])
    if (known !== undefined) prefixes.delete(key)
    else if (oldest && prefixes.size >= keptPrefixes) prefixes.delete(oldest[0])
    return { place, isNew: known === undefined }
  }

  return {
    capacity,
    stride,
    truncate(lengths) {
      for (const [row, length] of lengths.entries()) cache.truncate(row, length)
    },
    async share(wanted) {
      for (const [row, ids] of wanted) {
        const key = ids.join()
        const { place, isNew } = placeOf(key)
        if (isNew) {
          cache.truncate(place, 0)
          for (let at = 0; at < ids.length; at += prefillTokens) await extend([place], [ids.slice(at, at + prefillTokens)])
        }
        prefixes.set(key, place)
        cache.copy(place, row, ids.length)
      }
    },
    known(ids) {
      const place = prefixes.get(ids.join())
      return place === undefined ? null : cache.positions(place, ids.length)
    },
    know(ids, values) {
      const key = ids.join()
      const { place } = placeOf(key)
      cache.fill(place, ids.length, values)
      prefixes.set(key, place)
    },
    reset() {
      prefixes.clear()
      cache.clear()
    },
    held: (row) => cache.bytes(row),
    release: (row) => { cache.release(row) },
    async prefill(added) {
      const lengthOf = (row: number) => added[row]?.length ?? 0
      let waiting = [...added.keys()].filter((row) => lengthOf(row) > 0).sort((a, b) => lengthOf(b) - lengthOf(a))
      while (waiting.length > 0) {
        const longest = lengthOf(waiting[0] ?? 0)
        const group = waiting.filter((row) => 2 * lengthOf(row) > longest).slice(0, Math.max(1, Math.floor(prefillTokens / longest)))
        waiting = waiting.filter((row) => !group.includes(row))
        await extend(group, group.map((row) => added[row] ?? []))
      }
    },
    async decode(first, uniform, steps, finished, settings, stopIds): Promise<DecodedStep[]> {
      const decoded = Array.from({ length: steps }, (): DecodedStep => ({ ids: new Int32Array(batch), logps: new Float32Array(batch), sampledLogps: new Float32Array(batch) }))
      let made = 0
      const open = finished.flatMap((done, row) => (done ? [] : [row]))
      for (const rows of inGroups(open, (row) => cache.lengths[row] ?? 0)) {
        const draws = new Float32Array(stride * rows.length)
        for (let step = 0; step < steps; step++) for (const [i, row] of rows.entries()) draws[step * rows.length + i] = uniform(step, row)
        const tokens = Int32Array.from(rows, (row) => first[row] ?? 0)
        const results = await programs.generate.run(asked(rows, tokens, 1, draws, settings, stopIds, steps))
        const ids = await read(results['made'], 'made')
        const logps = await readFloats(results, 'logps')
        const sampledLogps = await readFloats(results, 'sampled_logps')
        if (!(ids instanceof Int32Array)) throw new Error('ids are not int32.')
        const count = ids.length / rows.length
        made = Math.max(made, count)
        await append(results, rows, rows.map(() => count))
        for (const [step, into] of decoded.slice(0, count).entries()) {
          for (const [i, row] of rows.entries()) {
            into.ids[row] = ids[step * rows.length + i] ?? 0
            into.logps[row] = logps[step * rows.length + i] ?? 0
            into.sampledLogps[row] = sampledLogps[step * rows.length + i] ?? 0
          }
        }
      }
      return decoded.slice(0, made)
    },
    async logits(next) {
      const behind = new Map<number, Float32Array>()
      for (const rows of inGroups([...next.keys()], (row) => cache.lengths[row] ?? 0)) {
        const all = await readFloats(await extend(rows, rows.map((row) => [next.get(row) ?? 0])), 'logits')
        for (const [i, row] of rows.entries()) behind.set(row, all.subarray(i * config.vocabSize, (i + 1) * config.vocabSize))
      }
      return behind
    },
    async dispose() {
      return Promise.resolve()
    },
  }
}
