// Decoding checked against scoring: the log-probabilities that a decoder reports for what it draws, step by step with
// a cache, must be those of one pass over the finished sequence. That pass is compared with recorded numbers elsewhere.
import type { ModelConfig } from '../nn/transformer/config.ts'
import type { LoraConfig } from '../nn/transformer/weights.ts'
import type { Runtime, Values } from '../runtime/runtime.ts'
import { generateRows } from '../models/fixtures/generate-rows.ts'
import { Decoder, type CacheEngine } from '../models/sampling/decoder.ts'
import { comparing, type Comparison } from './golden-compare.ts'
import { createHostEngine, loadHostPrograms } from '../models/sampling/host-engine.ts'
import { createResidentEngine } from '../models/sampling/resident-engine.ts'

interface GenerationSetting {
  runtime: Runtime
  config: ModelConfig
  lora: LoraConfig
  /** Base weights and adapter, on the device. */
  weights: Values
  adapter: Values
  /** Base weights, by name. */
  values: (name: string) => Float32Array
  /** [B, N] to take the prompts from. */
  ids: readonly (readonly number[])[]
  /** log p(ids[b][t+1]) at [b·N + t], with the adapter. */
  score(ids: readonly (readonly number[])[]): Promise<Float32Array>
}

interface Engine {
  name: string
  engine: CacheEngine
  dispose(): Promise<void>
}

const huggingFace = { layout: 'huggingface', dtype: 'float32' } as const

async function residentEngine({ runtime, config, lora, weights, ids }: GenerationSetting): Promise<Engine> {
  const [batch, capacity] = [ids.length, ids[0]?.length ?? 0]
  const engine = await createResidentEngine(runtime, config, { ...huggingFace, batch, capacity, chunk: 4, lora }, () => weights)
  return { name: 'cache on the device', engine, dispose: () => engine.dispose() }
}

async function loopEngine({ runtime, config, lora, adapter, values, ids }: GenerationSetting, apart = false): Promise<Engine> {
  const [batch, capacity] = [ids.length, ids[0]?.length ?? 0]
  const programs = await loadHostPrograms(runtime, config, capacity, { ...huggingFace, values, apart }, lora)
  const engine = createHostEngine(programs, config, capacity, batch, () => adapter)
  return { name: apart ? 'loop inside onnxruntime, matrices where they lie' : 'loop inside onnxruntime', engine, dispose: () => programs.dispose() }
}

/** Generates from prompts of different lengths with every form of decoding that the device is used with. */
export async function compareGeneration(setting: GenerationSetting, tolerance: number, rows: Comparison[]): Promise<void> {
  const { runtime, ids } = setting
  const length = ids[0]?.length ?? 0
  // Longer than a chunk, shorter than one, and of one token: nothing to bring in.
  const prompts = ids.map((row, i) => row.slice(0, [6, 3, 1][i % 3]))
  const maxTokens = length - 6
  const settings = { temperature: 1, maxTokens, stopIds: [], seeds: ids.map((_, i) => i) }
  const large = (each: GenerationSetting) => loopEngine(each, true)
  const makers = runtime.device === 'webgpu' ? [residentEngine] : [residentEngine, (each: GenerationSetting) => loopEngine(each), large]
  const compare = comparing('generation: log-probabilities', rows)
  for (const make of makers) {
    const { name, engine, dispose } = await make(setting)
    const drawn = await generateRows(new Decoder(engine, ids.length), prompts, settings)
    await dispose()
    const finished = drawn.map((row, i) => [...(prompts[i] ?? []), ...row.ids])
    const scores = await setting.score(finished.map((row) => [...row, ...Array.from({ length: length - row.length }, () => 0)]))
    const expected = prompts.flatMap((prompt, i) => Array.from({ length: maxTokens }, (_, t) => scores[i * length + prompt.length - 1 + t] ?? NaN))
    compare.close(name, drawn.flatMap(({ logps }) => logps), expected, tolerance)
  }
}
