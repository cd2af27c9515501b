// TensorFlow.js on its wasm backend, with SIMD and threads, as a lane. The name of the worker says how: "plain 2".
import * as tf from '@tensorflow/tfjs'
import { setThreadsCount, setWasmPaths, version_wasm } from '@tensorflow/tfjs-backend-wasm'
import plainUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'
import simdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
import threadedUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url'
import { expose } from 'comlink'
import { parameterCount } from '../../src/nn/transformer/config.ts'
import type { Lane, Run } from '../lane.ts'
import { lora, makeBatch, makeWeights, models, trainingFlops } from '../model.ts'
import { rotary } from './rotary.ts'
import { plain, tuned } from './tfjs-products.ts'
import { lossOf, type TfBatch } from './tfjs-transformer.ts'

const [form, threadCount] = self.name.split(' ')
setThreadsCount(Number(threadCount))
setWasmPaths({ 'tfjs-backend-wasm.wasm': plainUrl, 'tfjs-backend-wasm-simd.wasm': simdUrl, 'tfjs-backend-wasm-threaded-simd.wasm': threadedUrl })
const ready = tf.setBackend('wasm')
const jobs: (() => Promise<Run>)[] = []

const lane: Lane = {
  async description() {
    if (!(await ready)) throw new Error('TensorFlow.js did not start its wasm backend.')
    const [simd, threads] = [await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'), await tf.env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT')]
    return `TensorFlow.js ${version_wasm}, wasm${simd === true ? ', SIMD' : ''}, ${threads === true ? threadCount : '1'} threads${form === 'tuned' ? ', products rewritten for XNNPACK' : ''}`
  },
  async open(job) {
    await ready
    if (job.kind !== 'training') throw new Error(`TensorFlow.js does not do ${job.kind} here.`)
    const { shape, trainable } = job
    const config = models[job.size]
    const trained: tf.Variable[] = []
    const parameters: Record<string, tf.Tensor> = {}
    for (const [name, { shape: dims, data }] of makeWeights(config)) {
      const isAdapter = name.includes('.lora_')
      if (isAdapter && trainable === 'all') continue
      const stored = tf.tensor(data, dims)
      const value = dims.length === 2 && name !== 'model.embed_tokens.weight' ? stored.transpose() : stored
      if (isAdapter || trainable === 'all') {
        const variable = tf.variable(value)
        trained.push(variable)
        parameters[name] = variable
      } else {
        parameters[name] = value
      }
    }
    const { ids, at, labels, weights } = makeBatch(config, shape)
    const { cos, sin } = rotary(config, shape.length)
    const { length } = shape
    const table: [number, number] = [length, config.headDim / 2]
    const batch: TfBatch = {
      ids: tf.tensor1d(ids, 'int32'),
      at: tf.tensor1d(at, 'int32'),
      labels: tf.tensor1d(labels, 'int32'),
      weights: tf.tensor1d(weights),
      cos: tf.tensor2d(cos, table),
      sin: tf.tensor2d(sin, table),
      mask: tf.tensor2d(Float32Array.from({ length: length * length }, (_, i) => (i % length > Math.floor(i / length) ? -1e9 : 0)), [length, length]),
    }
    const loss = lossOf(form === 'tuned' ? tuned : plain, config, trainable === 'lora' ? lora : null, shape)
    jobs.push(async () => {
      const start = performance.now()
      const { value, grads } = tf.variableGrads(() => loss(parameters, batch), trained)
      const [first = Number.NaN] = await value.data()
      const ms = performance.now() - start
      tf.dispose([value, grads])
      return { ms, insideMs: ms, value: first }
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
