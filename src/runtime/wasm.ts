// onnxruntime-web on the CPU, as the workers have it: the module is in their own file.
import * as ort from 'onnxruntime-web/wasm'
import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url'
import type { Runtime } from './runtime.ts'
import { wasmRuntime } from './wasm-runtime.ts'

/** A runtime on wasm. The thread count is fixed by the first one of a worker; the module loads with the first program. */
export function createWasmRuntime(threads?: number): Runtime {
  return wasmRuntime(ort, threads, wasmUrl)
}
