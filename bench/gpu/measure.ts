// What is measured on a graphics card, with the project's own programs, decoder and trainer. Knows no page and no worker.
import { createRandom } from '../../src/core/random.ts'
import type { TrainSequence } from '../../src/core/policy/sequence.ts'
import { generateRows } from '../../src/models/fixtures/generate-rows.ts'
import { Decoder } from '../../src/models/sampling/decoder.ts'
import { createResidentEngine } from '../../src/models/sampling/resident-engine.ts'
import { Trainer } from '../../src/models/training/trainer.ts'
import { Graph, type Tensor } from '../../src/nn/graph.ts'
import { matmul } from '../../src/nn/ops/linear.ts'
import { reduceSum } from '../../src/nn/ops/reduce.ts'
import { toProgram } from '../../src/nn/program.ts'
import { parameterCount, parameterShapes, projections, type ModelConfig } from '../../src/nn/transformer/config.ts'
import { loraShapes, type LoraConfig } from '../../src/nn/transformer/weights.ts'
import { readFloats, type Runtime, type Values } from '../../src/runtime/runtime.ts'

/** How much work one measurement is. */
export interface Sizes {
  /** Tokens of a prompt. */
  prompt: number
  /** New tokens of each row. */
  reply: number
  /** Rollouts of the GRPO step. */
  rollouts: number
  /** Side of the square matrices of the card's own rate. */
  side: number
  /** Measured runs of each; one more warms up. */
  runs: number
}

export interface GpuRow {
  what: 'matmul' | 'prefill' | 'decode 1' | 'decode 8' | 'LoRA step' | 'GRPO step' | 'GRPO step, WebLLM samples' | 'rollouts, WebLLM samples'
  /** Milliseconds of each measured run. */
  milliseconds: number[]
  /** Of one run; 0 where there are none. */
  tokens: number
  /** Floating-point operations of one run by the usual count: 2·N a token, 4·N where an adapter learns. */
  flops: number
}

const lora: LoraConfig = { rank: 16, alpha: 32, targets: projections }
const weightOptions = { layout: 'huggingface', dtype: 'float32' } as const
const adamW = { betas: [0.9, 0.999], epsilon: 1e-8, weightDecay: 0.01 } as const

const sizeOf = (shape: readonly number[]) => shape.reduce((product, dim) => product * dim, 1)

/** Numbers of the size that trained weights have, a stretch of them over and over: a billion drawn ones would take minutes. */
function filled(shape: readonly number[], stretch: Float32Array): Float32Array {
  const data = new Float32Array(sizeOf(shape))
  if (shape.length === 1) return data.fill(1)
  const scale = Math.sqrt(3 / (shape.at(-1) ?? 1))
  for (let i = 0; i < data.length; i++) data[i] = scale * (stretch[i % stretch.length] ?? 0)
  return data
}

/** One tensor after the other, so that the page never holds them all. */
async function upload(runtime: Runtime, shapes: Iterable<readonly [string, readonly number[]]>, stretch: Float32Array): Promise<Values> {
  const values: Values = {}
  for (const [name, shape] of shapes) values[name] = await runtime.upload({ dtype: 'float32', shape, data: filled(shape, stretch) })
  return values
}

/** @throws Error when a number that depends on the whole computation is none */
function finite(value: number, what: string): number {
  if (!Number.isFinite(value)) throw new Error(`${what} gives ${value}: the result is wrong, so its time means nothing.`)
  return value
}

async function timed(runs: number, work: () => Promise<unknown>): Promise<number[]> {
  await work()
  const times: number[] = []
  for (let run = 0; run < runs; run++) {
    const from = performance.now()
    await work()
    times.push(performance.now() - from)
  }
  return times
}

/** The card's own rate: sixteen products of square matrices, each fed by the last. */
export async function measureMatmul(runtime: Runtime, { side, runs }: Sizes): Promise<GpuRow> {
  const links = 16
  const graph = new Graph('matmul')
  const w = graph.input('w', 'float32', [side, side])
  let x: Tensor = graph.input('x', 'float32', [side, side])
  for (let link = 0; link < links; link++) x = matmul(x, w)
  graph.output('sum', reduceSum(x, [0, 1]))
  const program = await runtime.load(toProgram(graph, 'products of square matrices'))
  const square = (value: number) => runtime.upload({ dtype: 'float32', shape: [side, side], data: new Float32Array(side * side).fill(value) })
  const feeds = { x: await square(1), w: await square(1 / side) }
  const milliseconds = await timed(runs, async () => finite((await readFloats(await program.run(feeds), 'sum'))[0] ?? NaN, 'The product'))
  await program.dispose()
  return { what: 'matmul', milliseconds, tokens: 0, flops: links * 2 * side ** 3 }
}

/** Sequences of a prompt and a reply; the reply carries loss. */
function sequencesOf(config: ModelConfig, { prompt, reply, rollouts }: Sizes, logps: readonly Float32Array[] | null): TrainSequence[] {
  const random = createRandom('bench sequences')
  return Array.from({ length: rollouts }, (_, row) => {
    const ids = Array.from({ length: prompt + reply }, () => random.int(config.vocabSize))
    const targets = Array.from({ length: reply }, (_, i) => {
      const logp = logps?.[row]?.[i] ?? 0
      return { index: prompt + i, weight: 1 / (rollouts * reply), oldLogp: logp, refLogp: logp, advantage: row % 2 === 0 ? 1 : -1 }
    })
    return { ids, targets }
  })
}

/** @param tell what is being done, in words */
export async function measureModel(runtime: Runtime, config: ModelConfig, sizes: Sizes, tell: (doing: string) => void): Promise<GpuRow[]> {
  const { prompt, reply, rollouts, runs } = sizes
  const parameters = parameterCount(config)
  const random = createRandom('bench weights')
  const stretch = Float32Array.from({ length: 65_537 }, () => 2 * random.next() - 1)
  tell('weights')
  const base = await upload(runtime, parameterShapes(config), stretch)
  const rows: GpuRow[] = []

  const capacity = prompt + reply + 64
  for (const batch of [1, 8] as const) {
    tell(`decoding, ${batch} ${batch === 1 ? 'row' : 'rows'}`)
    const adapter = await upload(runtime, loraShapes(config, lora), stretch)
    const engine = await createResidentEngine(runtime, config, { batch, capacity, chunk: 64, ...weightOptions, lora }, () => ({ ...base, ...adapter }))
    const prompts = Array.from({ length: batch }, () => Array.from({ length: prompt }, () => random.int(config.vocabSize)))
    if (batch === 1) {
      const milliseconds = await timed(runs, async () => {
        engine.truncate([0])
        await engine.prefill(prompts)
      })
      rows.push({ what: 'prefill', milliseconds, tokens: prompt, flops: 2 * parameters * prompt })
    }
    const decoder = new Decoder(engine, batch)
    const milliseconds = await timed(runs, async () => {
      const made = await generateRows(decoder, prompts, { temperature: 1, maxTokens: reply, stopIds: [], seeds: prompts.map((_, row) => row) })
      finite(made.reduce((sum, { logps }) => sum + logps.reduce((total, logp) => total + logp, 0), 0), 'Decoding')
      if (made.some(({ ids }) => ids.length !== reply)) throw new Error('The decoder did not make all tokens.')
    })
    rows.push({ what: batch === 1 ? 'decode 1' : 'decode 8', milliseconds, tokens: batch * reply, flops: 2 * parameters * batch * reply })
    await decoder.dispose()
  }

  tell('a LoRA step')
  const initial = new Map([...loraShapes(config, lora)].map(([name, shape]) => [name, filled(shape, stretch)]))
  const length = prompt + reply
  const trainer = await Trainer.create(
    runtime,
    config,
    {
      loss: { kind: 'grpo', grpo: { clip: { low: 0.2, high: 0.2 }, kl: 'k3' } }, trainable: 'lora', lora, weights: weightOptions, recompute: config.layers, adamW,
      batching: { tokens: length, lengths: [length] }, 
    },
    base,
    initial,
  )
  const update = { learningRate: 1e-5, maxNorm: 1, beta: 0.04 }
  const one = sequencesOf(config, { ...sizes, rollouts: 1 }, null)
  const stepped = await timed(runs, async () => finite((await trainer.update(one, update)).grad_norm, 'The gradient'))
  rows.push({ what: 'LoRA step', milliseconds: stepped, tokens: length, flops: 4 * parameters * length })

  tell(`a GRPO step of ${rollouts} rollouts`)
  const engine = await createResidentEngine(runtime, config, { batch: rollouts, capacity, chunk: 64, ...weightOptions, lora }, () => ({ ...base, ...trainer.parameters }))
  const decoder = new Decoder(engine, rollouts)
  const prompts = sequencesOf(config, sizes, null).map(({ ids }) => ids.slice(0, prompt))
  const group = await timed(runs, async () => {
    decoder.reset()
    const made = await generateRows(decoder, prompts, { temperature: 1, maxTokens: reply, stopIds: [], seeds: prompts.map((_, row) => row) })
    const old = made.map(({ logps }) => Float32Array.from(logps))
    const played = sequencesOf(config, sizes, old).map((sequence, row) => ({ ...sequence, ids: [...(prompts[row] ?? []), ...(made[row]?.ids ?? [])] }))
    const reference = await trainer.score(played, true)
    const learnt = played.map(({ ids, targets }, row) => ({ ids, targets: targets.map((target, i) => ({ ...target, refLogp: reference[row]?.[i] ?? 0 })) }))
    finite((await trainer.update(learnt, update)).grad_norm, 'The gradient')
  })
  rows.push({ what: 'GRPO step', milliseconds: group, tokens: rollouts * (prompt + reply), flops: (2 + 2 + 4) * parameters * rollouts * (prompt + reply) })
  await decoder.dispose()
  await trainer.dispose()
  for (const value of Object.values(base)) if ('dispose' in value) value.dispose()
  return rows
}
