// Decoding with the cache on the device, step by step: for WebGPU. One program for decoding, one for each prompt size.
import { residentProgram } from '../../nn/inference/resident-program.ts'
import { cacheNames, nextCacheNames } from '../../nn/inference/cache.ts'
import type { ModelConfig } from '../../nn/transformer/config.ts'
import type { LoraConfig, WeightOptions } from '../../nn/transformer/weights.ts'
import { isOnDevice, readFloats, type HostTensor, type LoadedProgram, type Runtime, type Value, type Values } from '../../runtime/runtime.ts'
import type { CacheEngine, DecodedStep } from './decoder.ts'
import { drawToken } from './sampler.ts'

interface ResidentOptions {
  batch: number
  /** Positions of a row. */
  capacity: number
  /** Prompts are brought in by stretches of this many tokens. */
  chunk: number
  layout: WeightOptions['layout']
  dtype: WeightOptions['dtype']
  lora: LoraConfig | null
}

const ints = (values: Iterable<number>, shape: number[]): HostTensor => ({ dtype: 'int32', shape, data: Int32Array.from(values) })

/**
 * An engine whose weights are fed at each run: tensors on the device, also ones that somebody else owns.
 * @param weights the base weights by the layout's names, and the adapter; read at each run
 */
export async function createResidentEngine(runtime: Runtime, config: ModelConfig, options: ResidentOptions, weights: () => Values): Promise<CacheEngine> {
  const { batch, capacity, chunk } = options
  const make = (length: number): Promise<LoadedProgram> =>
    runtime.load(
      residentProgram(`resident-${length}`, config, { batch, length, capacity, lora: options.lora, weights: { layout: options.layout, dtype: options.dtype } }),
      { keep: (output) => output !== 'logits' },
    )
  const step = await make(1)
  const prefill = await make(chunk)

  const lengths = new Array<number>(batch).fill(0)
  const shape = [batch, config.kvHeads, capacity, config.headDim]
  const cache: Values = {}
  for (let layer = 0; layer < config.layers; layer++) {
    for (const name of Object.values(cacheNames(layer))) {
      cache[name] = await runtime.upload({ dtype: 'float32', shape, data: new Float32Array(batch * config.kvHeads * capacity * config.headDim) })
    }
  }
  const free = (value: Value | undefined) => {
    if (value && isOnDevice(value)) value.dispose()
  }

  /** Runs new tokens through a program; returns the logits behind each row's last one. */
  async function advance(program: LoadedProgram, length: number, rows: readonly (readonly number[])[]): Promise<Float32Array> {
    const ids = new Int32Array(batch * length)
    for (const [i, row] of rows.entries()) ids.set(row, i * length)
    const counts = rows.map((row) => row.length)
    const results = await program.run({
      ids: { dtype: 'int32', shape: [batch, length], data: ids },
      counts: ints(counts, [batch]),
      past_lengths: ints(lengths, [batch]),
      last: ints(counts.map((count, row) => row * length + Math.max(0, count - 1)), [batch]),
      ...cache,
      ...weights(),
    })
    for (let layer = 0; layer < config.layers; layer++) {
      const [old, next] = [cacheNames(layer), nextCacheNames(layer)]
      for (const kind of ['keys', 'values'] as const) {
        const updated = results[next[kind]]
        if (!updated) throw new Error(`The program gives no ${next[kind]}.`)
        free(cache[old[kind]])
        cache[old[kind]] = updated
      }
    }
    for (const [row, count] of counts.entries()) lengths[row] = (lengths[row] ?? 0) + count
    return readFloats(results, 'logits')
  }

  return {
    capacity,
    stride: 1,
    truncate(to) {
      for (const [row, length] of to.entries()) lengths[row] = Math.min(lengths[row] ?? 0, length)
    },
    reset() {
      lengths.fill(0)
    },
    async prefill(rows) {
      const longest = Math.max(...rows.map((row) => row.length))
      for (let at = 0; at < longest; at += chunk) await advance(prefill, chunk, rows.map((row) => row.slice(at, at + chunk)))
    },
    async decode(first, uniform, _steps, finished, settings): Promise<DecodedStep[]> {
      const logits = await advance(step, 1, Array.from(first, (id, row) => (finished[row] ? [] : [id])))
      const draws = finished.map((done, row) =>
        done ? { id: 0, logp: 0, sampledLogp: 0 } : drawToken(logits.slice(row * config.vocabSize, (row + 1) * config.vocabSize), uniform(0, row), settings),
      )
      return [
        {
          ids: Int32Array.from(draws, (draw) => draw.id),
          logps: Float32Array.from(draws, (draw) => draw.logp),
          sampledLogps: Float32Array.from(draws, (draw) => draw.sampledLogp),
        },
      ]
    },
    async logits(next) {
      const logits = await advance(step, 1, Array.from({ length: batch }, (_, row) => (next.has(row) ? [next.get(row) ?? 0] : [])))
      return new Map([...next.keys()].map((row) => [row, logits.slice(row * config.vocabSize, (row + 1) * config.vocabSize)]))
    },
    async dispose() {
      for (const value of Object.values(cache)) free(value)
      await step.dispose()
      await prefill.dispose()
    },
  }
}
