// A library of Python as a lane of the benchmark: a process that answers line by line, and the model in files that it reads.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { mustFit } from '../../src/core/fit.ts'
import { createRandom } from '../../src/core/random.ts'
import { writeSafetensors } from '../../src/models/files/safetensors.ts'
import { parameterCount, writeModelConfig } from '../../src/nn/transformer/config.ts'
import type { Job, RemoteLane } from '../lane.ts'
import { lora, makeBatch, makeWeights, models, trainingFlops, type ModelSize } from '../model.ts'

export type PythonKind = 'pytorch' | 'transformers' | 'onnxsim' | 'llama.cpp'

const answerSchema = z.union([
  z.object({ problem: z.string() }),
  z.object({ description: z.string() }),
  z.object({ job: z.number() }),
  z.object({ ms: z.number(), value: z.number() }),
])

/** The model of this size as transformers reads one, and its adapter; written once. */
function writeModel(folder: string, size: ModelSize): void {
  const place = join(folder, size)
  if (existsSync(join(place, 'adapter.safetensors'))) return
  mkdirSync(place, { recursive: true })
  const config = models[size]
  writeFileSync(join(place, 'config.json'), JSON.stringify(writeModelConfig(config)))
  const tensors = [...makeWeights(config)].map(([name, { shape, data }]) => [name, { shape, values: data }] as const)
  writeFileSync(join(place, 'model.safetensors'), writeSafetensors(new Map(tensors.filter(([name]) => !name.includes('.lora_'))), 'F32'))
  writeFileSync(join(place, 'adapter.safetensors'), writeSafetensors(new Map(tensors.filter(([name]) => name.includes('.lora_'))), 'F32'))
}

/** The same prompts as bench/decoding.ts makes. */
const promptsOf = (size: ModelSize, batch: number, tokens: number) =>
  Array.from({ length: batch }, (_, row) => {
    const random = createRandom(`bench prompt ${row}`)
    return Array.from({ length: tokens }, () => random.int(models[size].vocabSize))
  })

function described(job: Job, stored: 'F32' | 'Q8_0'): { call: object; flops: number; tokens: number } {
  const config = models[job.size]
  switch (job.kind) {
    case 'training': {
      const { ids, at, labels, weights } = makeBatch(config, job.shape)
      const batch = { ids: [...ids], at: [...at], labels: [...labels], weights: [...weights] }
      return { call: { ...job, lora, batch }, flops: trainingFlops(parameterCount(config), job.shape, job.trainable), tokens: job.shape.batch * job.shape.length }
    }
    case 'decode': {
      const tokens = job.batch * job.tokens
      return { call: { ...job, stored, prompts: promptsOf(job.size, job.batch, job.prompt) }, flops: 2 * parameterCount(config) * tokens, tokens }
    }
    default:
      throw new Error(`A library of Python is not asked for ${job.kind}.`)
  }
}

/**
 * Starts the process.
 * @param folder for the models' files
 * @param stored the type that llama.cpp has its matrices in
 */
export function pythonLane(python: string, kind: PythonKind, folder: string, threads: number, stored: 'F32' | 'Q8_0' = 'F32'): RemoteLane {
  const child = spawn(python, [join(import.meta.dirname, 'python/lane.py'), kind, folder, String(threads)], { stdio: ['pipe', 'pipe', 'pipe'] })
  let errors = ''
  child.stderr.on('data', (text: Buffer) => { errors = `${errors}${text.toString()}`.slice(-2000) })
  // A process that ended is told by the answer that never comes.
  child.stdin.on('error', () => undefined)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const answer = async () => {
    const { done, value } = await lines.next()
    if (done === true) throw new Error(`${kind} ended: ${errors.trim().split('\n').at(-1) ?? ''}`)
    const found = mustFit(answerSchema, JSON.parse(value))
    if ('problem' in found) throw new Error(found.problem)
    return found
  }
  const ask = (call: object) => {
    child.stdin.write(`${JSON.stringify(call)}\n`)
    return answer()
  }
  const started = answer()
  started.catch(() => undefined)
  return {
    async description() {
      const found = await started
      return 'description' in found ? found.description : kind
    },
    async open(job) {
      await started
      writeModel(folder, job.size)
      const { call, flops, tokens } = described(job, stored)
      const found = await ask({ open: call })
      if (!('job' in found)) throw new Error(`${kind} gave no job.`)
      return { job: found.job, flops, tokens, graphMs: 0, sessionMs: 0 }
    },
    async run(job) {
      const found = await ask({ run: job })
      if (!('ms' in found)) throw new Error(`${kind} gave no time.`)
      return { ms: found.ms, insideMs: found.ms, value: found.value }
    },
    stop() {
      child.kill()
      return Promise.resolve()
    },
  }
}
