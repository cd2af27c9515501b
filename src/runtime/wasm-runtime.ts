// onnxruntime-web on the CPU: WebAssembly with SIMD, and threads where the page is cross-origin isolated. The module is
// the caller's, who decides when it loads.
import type * as Ort from 'onnxruntime-web/wasm'
import { createRuntime, type Runtime } from './runtime.ts'

/** Bytes of a heap of 4 GiB that can be used: its free stretches are not all of use. */
export const wasmMemory = 0.9 * 2 ** 32

/** Threads that wasm can use here: one without cross-origin isolation. */
function wasmThreads(wanted?: number): number {
  if (!globalThis.crossOriginIsolated) return 1
  return Math.max(1, Math.min(wanted ?? navigator.hardwareConcurrency, 8))
}

/**
 * A runtime on wasm. The thread count is fixed by the first one of a worker; the module loads with the first program.
 * @param wasm address of onnxruntime's own file; undefined where it lies beside its script
 */
export function wasmRuntime(ort: typeof Ort, threads: number | undefined, wasm: string | undefined): Runtime {
  const count = wasmThreads(threads)
  ort.env.wasm.numThreads = count
  ort.env.wasm.wasmPaths = { wasm }
  ort.env.logLevel = 'error'
  return createRuntime(ort, {
    device: 'wasm',
    description: `WebAssembly on the CPU, ${count} ${count === 1 ? 'thread' : 'threads'}`,
    hardware: { kind: 'cpu', threads: count },
    memory: wasmMemory,
    // A memory pattern is a second copy of everything from the second run on: twice the memory, no time won (measured).
    // An arena keeps what each session once needed: two dozen shapes of a training were 5 GB, more than a heap can have.
    session: { executionProviders: ['wasm'], graphOptimizationLevel: 'all', enableMemPattern: false, enableCpuMemArena: false },
    gpu: null,
  })
}
