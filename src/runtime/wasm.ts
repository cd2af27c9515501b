// onnxruntime-web on the CPU: WebAssembly with SIMD, and threads where the page is cross-origin isolated.
import * as ort from 'onnxruntime-web/wasm'
import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url'
import { createRuntime, type Runtime } from './runtime.ts'

/** Threads that wasm can use here: one without cross-origin isolation. */
function wasmThreads(wanted?: number): number {
  if (!globalThis.crossOriginIsolated) return 1
  return Math.max(1, Math.min(wanted ?? navigator.hardwareConcurrency, 8))
}

/** A runtime on wasm. The thread count is fixed by the first one of a worker; the module loads with the first program. */
export function createWasmRuntime(threads?: number): Runtime {
  const count = wasmThreads(threads)
  ort.env.wasm.numThreads = count
  ort.env.wasm.wasmPaths = { wasm: wasmUrl }
  ort.env.logLevel = 'error'
  return createRuntime(ort, {
    device: 'wasm',
    description: `WebAssembly on the CPU, ${count} ${count === 1 ? 'thread' : 'threads'}`,
    // Of a heap of 4 GiB, whose free stretches are not all of use.
    memory: 0.9 * 2 ** 32,
    // A memory pattern is a second copy of everything from the second run on: twice the memory, no time won (measured).
    // An arena keeps what each session once needed: two dozen shapes of a training were 5 GB, more than a heap can have.
    session: { executionProviders: ['wasm'], graphOptimizationLevel: 'all', enableMemPattern: false, enableCpuMemArena: false },
    gpu: null,
  })
}
