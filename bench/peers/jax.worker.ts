// jax-js on its wasm device, as a lane. It takes as many threads as the machine has cores.
import { blockUntilReady, defaultDevice, init, jit, numpy as np, tree, valueAndGrad } from '@jax-js/jax'
import { expose } from 'comlink'
import { devDependencies } from '../package.json'
import { parameterCount } from '../../src/nn/transformer/config.ts'
import type { Lane, Run } from '../lane.ts'
import { lora, makeBatch, makeWeights, models, trainingFlops } from '../model.ts'
import { rotary } from './rotary.ts'
import { lossOf, type Arrays, type JaxBatch } from './jax-transformer.ts'

const ready = init('wasm').then(() => defaultDevice('wasm'))
const jobs: (() => Promise<Run>)[] = []

const lane: Lane = {
  description: () => Promise.resolve(`jax-js ${devDependencies['@jax-js/jax']}, wasm, ${navigator.hardwareConcurrency} threads`),
  async open(job) {
    await ready
    if (job.kind !== 'training') throw new Error(`jax-js does not do ${job.kind} here.`)
    const { shape, trainable } = job
    const config = models[job.size]
    const base: Arrays = {}
    const adapter: Arrays = {}
    for (const [name, { shape: dims, data }] of makeWeights(config)) {
      const isAdapter = name.includes('.lora_')
      if (isAdapter && trainable === 'all') continue
      const target = isAdapter ? adapter : base
      target[name] = np.array(data).reshape(dims)
    }
    const { ids, at, labels, weights } = makeBatch(config, shape)
    const { cos, sin } = rotary(config, shape.length)
    const table = [shape.length, 1, config.headDim / 2]
    const batch: JaxBatch = {
      ids: np.array(ids).reshape([shape.batch, shape.length]),
      at: np.array(at),
      labels: np.array(labels),
      weights: np.array(weights),
      cos: np.array(cos).reshape(table),
      sin: np.array(sin).reshape(table),
      one: np.array(Float32Array.of(1)),
    }
    const step = jit(valueAndGrad(lossOf(config, trainable === 'lora' ? lora : null, shape), { argnums: trainable === 'lora' ? 1 : 0 }))
    jobs.push(async () => {
      const start = performance.now()
      const [loss, gradients] = step(tree.ref(base), tree.ref(adapter), tree.ref(batch))
      await blockUntilReady(gradients)
      const [value = Number.NaN] = await loss.data()
      const ms = performance.now() - start
      tree.dispose(gradients)
      return { ms, insideMs: ms, value }
    })
    return {
      job: jobs.length - 1,
      flops: trainingFlops(parameterCount(config), shape, trainable),
      tokens: shape.batch * shape.length,
      graphMs: 0,
      sessionMs: 0,
    }
  },
  run(job) {
    const run = jobs[job]
    if (!run) throw new Error(`There is no job ${job}.`)
    return run()
  },
}

expose(lane)
