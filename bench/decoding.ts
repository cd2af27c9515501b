// Generating as a job: the project's decoder over its programs, LoRA applied.
import { createRandom } from '../src/core/random.ts'
import { createHostEngine, loadHostPrograms, type HostPrograms } from '../src/models/sampling/host-engine.ts'
import { generateRows } from '../src/models/fixtures/generate-rows.ts'
import { Decoder, type CacheEngine } from '../src/models/sampling/decoder.ts'
import { loraShapes } from '../src/nn/transformer/weights.ts'
import type { Runtime, Values } from '../src/runtime/runtime.ts'
import { lora, makeWeights, models, type ModelSize } from './model.ts'

const capacity = 1024

/** A model ready to generate. */
export interface Generator {
  engine(batch: number): CacheEngine
  /** Token ids to start from, one row. */
  prompt(tokens: number, seed: string): number[]
}

/** @param adapted with an adapter, as while learning */
export async function loadGenerator(runtime: Runtime, size: ModelSize, adapted: boolean): Promise<Generator> {
  const config = models[size]
  const weights = makeWeights(config)
  const values = (name: string) => {
    const found = weights.get(name)
    if (!found) throw new Error(`The model has no ${name}.`)
    return found.data
  }
  const programs: HostPrograms = await loadHostPrograms(runtime, config, capacity, { layout: 'huggingface', dtype: 'float32', values, apart: size === '135M' }, adapted ? lora : null)
  const adapter: Values = Object.fromEntries([...(adapted ? loraShapes(config, lora) : [])].map(([name, shape]) => [name, { dtype: 'float32', shape, data: values(name) }]))
  return {
    engine: (batch) => createHostEngine(programs, config, capacity, batch, () => adapter),
    prompt(tokens, seed) {
      const random = createRandom(seed)
      return Array.from({ length: tokens }, () => random.int(config.vocabSize))
    },
  }
}

/** Appends a prompt to an empty cache, every time. */
export function prefilling(generator: Generator, tokens: number): () => Promise<number> {
  const engine = generator.engine(1)
  const prompt = generator.prompt(tokens, 'bench prompt')
  return async () => {
    engine.truncate([0])
    await engine.prefill([prompt])
    return tokens
  }
}

/** A number that tells which tokens were made, in which order. */
export const idsValue = (rows: readonly (readonly number[])[]): number => rows.reduce((sum, ids) => sum + ids.reduce((part, id, k) => part + id * (k + 1), 0), 0)

/** The same tokens every time, since the seeds are the same; the prompt stays in the cache. Returns Σ log π, of greedy ones idsValue(). */
export function decoding(generator: Generator, batch: number, prompt: number, tokens: number, greedy: boolean): () => Promise<number> {
  const decoder = new Decoder(generator.engine(batch), batch)
  const prompts = Array.from({ length: batch }, (_, row) => generator.prompt(prompt, `bench prompt ${row}`))
  const settings = { temperature: greedy ? 0 : 1, maxTokens: tokens, stopIds: [], seeds: prompts.map((_, row) => row) }
  return async () => {
    const rows = await generateRows(decoder, prompts, settings)
    if (rows.some(({ ids }) => ids.length !== tokens)) throw new Error('The decoder did not make all tokens.')
    if (greedy) return idsValue(rows.map(({ ids }) => ids))
    return rows.reduce((sum, { logps }) => sum + logps.reduce((total, logp) => total + logp, 0), 0)
  }
}
