// The project itself as a lane: its programs on one of its runtimes.
import type { Program } from '../src/nn/program.ts'
import { parameterCount } from '../src/nn/transformer/config.ts'
import { readFloats, type Runtime, type Value, type Values } from '../src/runtime/runtime.ts'
import { decoding, loadGenerator, prefilling, type Generator } from './decoding.ts'
import type { Job, Lane, Run } from './lane.ts'
import { matmulChain } from './matmul.ts'
import { makeWeights, models, trainingFlops, type ModelSize } from './model.ts'
import { optimizerProgram, scoringProgram, trainingFeeds, trainingProgram } from './training.ts'

/** Milliseconds spent so far in creating sessions and in running them. */
interface Stopwatch {
  loading: number
  running: number
}

/** The same runtime, with its calls timed. */
function timed(runtime: Runtime, watch: Stopwatch): Runtime {
  return {
    ...runtime,
    async load(program, options) {
      const start = performance.now()
      const loaded = await runtime.load(program, options)
      watch.loading += performance.now() - start
      return {
        ...loaded,
        async run(feeds) {
          const begin = performance.now()
          const values = await loaded.run(feeds)
          watch.running += performance.now() - begin
          return values
        },
      }
    },
  }
}

interface Prepared {
  flops: number
  tokens: number
  run(): Promise<number>
}

export function runtimeLane(plain: Runtime): Lane {
  const watch: Stopwatch = { loading: 0, running: 0 }
  const runtime = timed(plain, watch)
  const generators = new Map<string, Generator>()
  const jobs: (() => Promise<Run>)[] = []

  /** Loads a program; makes what it is fed with only afterwards, so that this is not taken for its building. */
  async function single(program: Program, feeds: () => [string, Value][], result: string): Promise<() => Promise<number>> {
    const loaded = await runtime.load(program)
    let values: Values | null = null
    return async () => {
      values ??= Object.fromEntries(feeds())
      const [value = Number.NaN] = await readFloats(await loaded.run(values), result)
      return value
    }
  }

  async function generator(size: ModelSize, adapted = true): Promise<Generator> {
    const key = `${size}${adapted ? ', adapted' : ''}`
    const known = generators.get(key)
    if (known) return known
    const made = await loadGenerator(runtime, size, adapted)
    generators.set(key, made)
    return made
  }

  async function prepare(job: Job): Promise<Prepared> {
    const config = models[job.size]
    const parameters = parameterCount(config)
    switch (job.kind) {
      case 'matmul': {
        const { program, flops } = matmulChain(config, job.rows)
        const shape = [job.rows, config.hiddenSize]
        const x = { dtype: 'float32' as const, shape, data: new Float32Array(job.rows * config.hiddenSize).fill(1) }
        return { flops, tokens: 0, run: await single(program, () => [['x', x]], 'y') }
      }
      case 'training': {
        const { size, trainable, shape } = job
        const program = trainingProgram(size, trainable, shape)
        const run = await single(program, () => trainingFeeds(program, size, shape), 'loss')
        return { flops: trainingFlops(parameters, shape, trainable), tokens: shape.batch * ((shape.prefix ?? 0) + shape.length), run }
      }
      case 'optimizer': {
        const program = optimizerProgram(job.size, job.trainable)
        return { flops: 0, tokens: 0, run: await single(program, () => trainingFeeds(program, job.size, null), 'grad_norm') }
      }
      case 'score': {
        const { size, shape } = job
        const program = scoringProgram(size, shape)
        const tokens = shape.batch * shape.length
        return { flops: 2 * parameters * tokens, tokens, run: await single(program, () => trainingFeeds(program, size, shape), 'logps') }
      }
      case 'prefill':
        return { flops: 2 * parameters * job.tokens, tokens: job.tokens, run: prefilling(await generator(job.size), job.tokens) }
      case 'decode': {
        const tokens = job.batch * job.tokens
        return { flops: 2 * parameters * tokens, tokens, run: decoding(await generator(job.size, !job.greedy), job.batch, job.prompt, job.tokens, job.greedy === true) }
      }
    }
  }

  return {
    description: () => Promise.resolve(runtime.description),
    async open(job) {
      // Random numbers take a while, and are no part of what is measured.
      makeWeights(models[job.size])
      const [start, loading] = [performance.now(), watch.loading]
      const { flops, tokens, run } = await prepare(job)
      const sessionMs = watch.loading - loading
      const graphMs = performance.now() - start - sessionMs
      jobs.push(async () => {
        const [begin, running] = [performance.now(), watch.running]
        const value = await run()
        return { ms: performance.now() - begin, insideMs: watch.running - running, value }
      })
      return { job: jobs.length - 1, flops, tokens, graphMs, sessionMs }
    },
    async run(job) {
      const run = jobs[job]
      if (!run) throw new Error(`There is no job ${job}.`)
      return run()
    },
  }
}
