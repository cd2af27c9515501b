// onnxruntime-web on the CPU for a page: the module is in a file of its own.
import type { Runtime } from './runtime.ts'
import { wasmRuntime } from './wasm-runtime.ts'

/**
 * A runtime on wasm. onnxruntime starts its threads from the file that it is in: where that is a page's, each thread would
 * run the page.
 */
export async function lateWasmRuntime(threads?: number, wasm?: string): Promise<Runtime> {
  return wasmRuntime(await import('onnxruntime-web/wasm'), threads, wasm)
}
