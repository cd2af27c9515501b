// onnxruntime-node: all CPU cores, no browser.
import { availableParallelism, totalmem } from 'node:os'
import * as ort from 'onnxruntime-node'
import { createRuntime, type Runtime } from './runtime.ts'

/** A runtime on the CPU of this process. @param threads all cores when left out */
export function createNodeRuntime(threads = availableParallelism()): Runtime {
  return createRuntime(ort, {
    device: 'node',
    description: `onnxruntime-node on the CPU, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    hardware: { kind: 'cpu', threads },
    memory: 0.8 * totalmem(),
    // A memory pattern is a second copy of everything from the second run on: twice the memory, no time won (measured).
    // An arena keeps what each session once needed, and never gives it back: two rollouts of a real model were 14 GB.
    session: { executionProviders: ['cpu'], intraOpNumThreads: threads, graphOptimizationLevel: 'all', enableMemPattern: false, enableCpuMemArena: false, logSeverityLevel: 3 },
    gpu: null,
  })
}
