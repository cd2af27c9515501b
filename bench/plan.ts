// What is measured together: the jobs of a group take turns, so that their ratios hold whatever the machine does.
import type { Job } from './lane.ts'
import { tokensOf, type BatchShape, type ModelSize, type Trainable } from './model.ts'
import type { Rounds } from './timing.ts'

export interface Group {
  title: string
  size: ModelSize
  jobs: Job[]
  rounds: Rounds
  /** All its training steps compute the same loss, in several ways. */
  sameLoss?: boolean
}

export const shapes: readonly BatchShape[] = [
  { batch: 8, length: 256, positions: 512 },
  { batch: 4, length: 512, positions: 512 },
]
const [usual = { batch: 8, length: 256, positions: 512 }] = shapes

/** The larger model takes half a minute a round on wasm, so it gets fewer, and one shape. */
const roundsOf: Readonly<Record<ModelSize, Rounds>> = { '4M': { warmUps: 2, rounds: 9 }, '30M': { warmUps: 1, rounds: 3 }, '135M': { warmUps: 1, rounds: 3 } }

/** Of the larger ones a sequence is enough: a step of eight would take half a minute. */
const usualOf = (size: ModelSize): BatchShape => (size === '135M' ? { batch: 1, length: 256, positions: 64 } : usual)

const matmul = (size: ModelSize): Job => ({ kind: 'matmul', size, rows: tokensOf(usualOf(size)) })

export function matmulAlone(size: ModelSize): Group {
  return { title: 'matrix products', size, jobs: [matmul(size)], rounds: roundsOf[size] }
}

export function training(size: ModelSize, trainable: Trainable): Group {
  const steps = (size === '4M' ? shapes : [usualOf(size)]).map((shape): Job => ({ kind: 'training', size, trainable, shape }))
  const score: Job[] = trainable === 'lora' ? [{ kind: 'score', size, shape: usualOf(size) }] : []
  return {
    title: trainable === 'lora' ? 'training an adapter' : 'training all parameters',
    size,
    jobs: [matmul(size), ...steps, ...score, { kind: 'optimizer', size, trainable }],
    rounds: roundsOf[size],
  }
}

/** Four replies to one prompt: the prompt's tokens in every row, and once before all rows. */
export function sharing(size: ModelSize): Group {
  const step = (shape: BatchShape): Job => ({ kind: 'training', size, trainable: 'lora', shape })
  const [prefix, length, batch] = [256, 64, 4]
  const jobs = [step({ batch, length: prefix + length, positions: batch * 40, alike: prefix }), step({ batch, length, positions: batch * 40, prefix })]
  return { title: 'a prompt that rows share', size, jobs, rounds: roundsOf[size], sameLoss: true }
}

export function generation(size: ModelSize): Group {
  const decode = (batch: number): Job => ({ kind: 'decode', size, batch, prompt: 64, tokens: 64 })
  return { title: 'generating', size, jobs: [matmul(size), { kind: 'prefill', size, tokens: 512 }, decode(1), decode(8), decode(32)], rounds: roundsOf[size] }
}

/** Everything that a playground with this model needs, from nothing. */
export function starting(size: ModelSize): Group {
  const jobs: Job[] = [
    { kind: 'training', size, trainable: 'lora', shape: usualOf(size) },
    { kind: 'score', size, shape: usualOf(size) },
    { kind: 'optimizer', size, trainable: 'lora' },
    { kind: 'prefill', size, tokens: 64 },
  ]
  return { title: 'starting', size, jobs, rounds: { warmUps: 0, rounds: 1 } }
}

/** One training step, for every library that can do it. */
export function comparison(trainable: Trainable): Group {
  return {
    title: trainable === 'lora' ? 'training an adapter, beside others' : 'training all parameters, beside others',
    size: '4M',
    jobs: [{ kind: 'training', size: '4M', trainable, shape: usual }],
    rounds: { warmUps: 1, rounds: 5 },
  }
}

function describeShape({ batch, length, alike, prefix }: BatchShape): string {
  if (prefix !== undefined) return `${prefix} + ${batch}×${length}`
  return `${batch}×${length}${alike === undefined ? '' : `, ${alike} of them alike`}`
}

export function describeJob(job: Job): string {
  switch (job.kind) {
    case 'matmul':
      return `MatMul chain, ${job.rows} rows`
    case 'training':
      return `${job.trainable === 'lora' ? 'LoRA' : 'full'} training ${describeShape(job.shape)}`
    case 'optimizer':
      return `AdamW, ${job.trainable === 'lora' ? 'adapter' : 'all parameters'}`
    case 'score':
      return `scoring ${job.shape.batch}×${job.shape.length}`
    case 'prefill':
      return `prefill ${job.tokens}`
    case 'decode':
      return `decode, batch ${job.batch}${job.greedy ? ', greedy' : ''}`
  }
}
