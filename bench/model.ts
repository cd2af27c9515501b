// The transformers that the benchmark trains, with weights and batches: the same numbers for us and for the peers.
import { createRandom } from '../src/core/random.ts'
import { parameterShapes, projections, type ModelConfig } from '../src/nn/transformer/config.ts'
import { loraShapes, type LoraConfig } from '../src/nn/transformer/weights.ts'

/** 135M has the shapes of SmolLM2-135M. */
export type ModelSize = '4M' | '30M' | '135M'

const shared = { family: 'llama', headDim: 64, ropeTheta: 10_000, ropeScaling: null, rmsNormEps: 1e-6, tiedEmbeddings: true, maxPositions: 2048, attentionBias: false, queryKeyNorm: false } as const

export const models: Readonly<Record<ModelSize, ModelConfig>> = {
  '4M': { ...shared, vocabSize: 4096, hiddenSize: 256, layers: 4, heads: 4, kvHeads: 2, intermediateSize: 688 },
  '30M': { ...shared, vocabSize: 8192, hiddenSize: 512, layers: 9, heads: 8, kvHeads: 4, intermediateSize: 1376 },
  '135M': { ...shared, vocabSize: 49_152, hiddenSize: 576, layers: 30, heads: 9, kvHeads: 3, intermediateSize: 1536, ropeTheta: 100_000, rmsNormEps: 1e-5, maxPositions: 8192 },
}

export const lora: LoraConfig = { rank: 8, alpha: 16, targets: projections }

/** Sequences, their length, and how many positions carry loss: a quarter of the tokens. */
export interface BatchShape {
  batch: number
  length: number
  positions: number
  /** So many first tokens of every sequence are those of the first one. */
  alike?: number
  /** So many more stand before every sequence, the same in all, and are computed once. */
  prefix?: number
}

/** Tokens that go through the layers. */
export const tokensOf = ({ batch, length, prefix = 0 }: BatchShape) => prefix + batch * length

export type Trainable = 'lora' | 'all'

/** The usual count of a training step: 6·N·T, and 4·N·T where the base weights need no gradient. */
export function trainingFlops(parameters: number, shape: BatchShape, trainable: Trainable): number {
  return (trainable === 'all' ? 6 : 4) * parameters * tokensOf(shape)
}

export type NamedWeights = ReadonlyMap<string, { shape: number[]; data: Float32Array<ArrayBuffer> }>
const made = new Map<ModelConfig, NamedWeights>()

/** Every parameter and the adapter, by name; always the same for the same model. B is not zero, so that the adapter counts in the loss. */
export function makeWeights(config: ModelConfig): NamedWeights {
  const known = made.get(config)
  if (known) return known
  const random = createRandom('bench weights')
  const weights = new Map<string, { shape: number[]; data: Float32Array<ArrayBuffer> }>()
  for (const [name, shape] of [...parameterShapes(config), ...loraShapes(config, lora)]) {
    const length = shape.reduce((product, dim) => product * dim, 1)
    const scale = Math.sqrt(3 / (shape.at(-1) ?? 1))
    weights.set(name, { shape, data: Float32Array.from({ length }, () => (shape.length === 1 ? 1 : (random.next() - 0.5) * scale)) })
  }
  made.set(config, weights)
  return weights
}

/** Token ids [B·N], [P + B·N] behind a common prefix, and the places, labels and weights [M] of the positions that carry loss. */
export interface Batch {
  ids: Int32Array<ArrayBuffer>
  at: Int32Array<ArrayBuffer>
  labels: Int32Array<ArrayBuffer>
  weights: Float32Array<ArrayBuffer>
}

export function makeBatch(config: ModelConfig, { batch, length, positions, alike = 0, prefix = 0 }: BatchShape): Batch {
  const random = createRandom('bench batch')
  const whole = prefix + length
  const rows = Array.from({ length: batch }, () => Int32Array.from({ length: whole }, () => random.int(config.vocabSize)))
  const [first = new Int32Array(0)] = rows
  for (const row of rows) row.set(first.subarray(0, prefix + alike))
  // The last tokens of each sequence, as where the policy's own reply stands behind its prompt.
  const scored = positions / batch
  const places = Array.from({ length: positions }, (_, i) => ({ row: Math.floor(i / scored), place: whole - 1 - scored + (i % scored) }))
  return {
    ids: Int32Array.from([...first.subarray(0, prefix), ...rows.flatMap((row) => [...row.subarray(prefix)])]),
    at: Int32Array.from(places, ({ row, place }) => row * length + place),
    labels: Int32Array.from(places, ({ row, place }) => rows[row]?.[place + 1] ?? 0),
    weights: new Float32Array(positions).fill(1 / positions),
  }
}
