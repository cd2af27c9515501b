// The rows that a model decodes side by side, on the device that it runs on, and whose thread each of them holds.
import type { ModelConfig } from '../../nn/transformer/config.ts'
import type { LoraConfig } from '../../nn/transformer/weights.ts'
import type { Runtime, Values } from '../../runtime/runtime.ts'
import { Decoder } from './decoder.ts'
import { packsWeights } from '../playing-needs.ts'
import { createHostEngine, loadHostPrograms, type HostPrograms } from './host-engine.ts'
import { createResidentEngine } from './resident-engine.ts'

/** Conversations that are decoded side by side: at most. */
export const sideBySide = { cpu: 64, gpu: 8 } as const

/** Bytes of cache that all rows on a CPU take, with what is fed beside it, when each has an episode of a small window. */
const cacheBudget = 0.75 * 2 ** 30
const episodePositions = 1024
/** As many rollouts as a group has go side by side, whatever that takes. */
const leastRows = 8

/** Rows that a model decodes side by side: fewer of a large one on a CPU, whose products gain little from more than these. */
export function rowsFor(device: Runtime['device'], { layers, kvHeads, headDim }: Pick<ModelConfig, 'layers' | 'kvHeads' | 'headDim'>): number {
  if (device === 'webgpu') return sideBySide.gpu
  const row = 2 * layers * kvHeads * headDim * Float32Array.BYTES_PER_ELEMENT * episodePositions
  return Math.max(leastRows, Math.min(sideBySide.cpu, Math.floor(cacheBudget / (2 * row))))
}

/** Parameters from which on a model's matrices stay where they are: of a small one a copy, transposed, is a little faster. */
const large = 20e6
/** New tokens of one run of a large model at most: 2,400 of SmolLM2 made the heap 230 MB larger (measured), and are no faster. */
const runOfLarge = 1024

export const weightOptions = { layout: 'huggingface', dtype: 'float32' } as const

export interface Decoding {
  decoder: Decoder
  /** The thread that each row holds. */
  owners: (string | null)[]
  dispose(): Promise<void>
}

interface DecodingParts {
  runtime: Runtime
  config: ModelConfig
  /** Positions of a row. */
  window: number
  /** Base weights by name: on a CPU they are built into the programs. */
  weights: ReadonlyMap<string, Float32Array>
  /** The same as inputs, for a GPU. */
  base: () => Promise<Values>
  lora: LoraConfig | null
  /** The adapter's tensors as inputs; read at each run. */
  adapter: () => Values
}

/** Nothing that outlives this refers to the weights: whoever lent them may let go of them. */
async function builtPrograms({ runtime, config, window, weights, lora }: DecodingParts): Promise<{ programs: HostPrograms; apart: boolean }> {
  const apart = [...weights.values()].reduce((sum, { length }) => sum + length, 0) >= large
  const built = { ...weightOptions, apart, values: (name: string) => weights.get(name) ?? new Float32Array(0) }
  return { programs: await loadHostPrograms(runtime, config, window, built, lora, packsWeights(config, runtime.memory)), apart }
}

export async function createDecoding(parts: DecodingParts): Promise<Decoding> {
  const { runtime, config, window, lora, adapter } = parts
  const rows = rowsFor(runtime.device, config)
  const owners = Array.from({ length: rows }, () => null)
  if (runtime.device === 'webgpu') {
    const fed = await parts.base()
    const options = { batch: rows, capacity: window, chunk: 64, ...weightOptions, lora }
    const engine = await createResidentEngine(runtime, config, options, () => ({ ...fed, ...adapter() }))
    const decoder = new Decoder(engine, rows)
    return { decoder, owners, dispose: () => decoder.dispose() }
  }
  const { programs, apart } = await builtPrograms(parts)
  const decoder = new Decoder(createHostEngine(programs, config, window, rows, adapter, apart ? runOfLarge : undefined), rows)
  return {
    decoder,
    owners,
    dispose: async () => {
      await decoder.dispose()
      await programs.dispose()
    },
  }
}

interface Begun {
  /** Place among those who wait. */
  at: number
  row: number
}

/**
 * Which of those who wait begin now, and in which rows: first whoever has a row, in the order in which they wait, then others
 * in rows that nobody who waits has. Who lost a row would be read anew from the beginning, at every turn where there are more
 * conversations than rows. Changes `owners`.
 * @param waiting their threads. @param most that may begin
 */
export function beginRows({ decoder, owners }: Decoding, waiting: readonly string[], most: number): Begun[] {
  const free = new Set([...owners.keys()].filter((row) => decoder.isFree(row)))
  const begun: Begun[] = []
  const begin = (at: number, row: number) => {
    free.delete(row)
    owners[row] = waiting[at] ?? null
    begun.push({ at, row })
  }
  for (const [at, thread] of waiting.entries()) {
    const own = owners.indexOf(thread)
    if (begun.length < most && free.has(own)) begin(at, own)
  }
  const kept = new Set<string | null>(waiting)
  for (const at of waiting.keys()) {
    if (begun.some((each) => each.at === at)) continue
    const open = [...free].filter((row) => !kept.has(owners[row] ?? null))
    const row = open.find((each) => owners[each] === null) ?? open[0]
    if (begun.length >= most || row === undefined) break
    begin(at, row)
  }
  return begun.sort((a, b) => a.at - b.at)
}
