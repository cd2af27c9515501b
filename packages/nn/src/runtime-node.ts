// The processor, in Node: what `@agemem/nn/runtime` is there.
import { createNodeRuntime } from '../../../src/runtime/node.ts'
import type { Runtime } from '../../../src/runtime/runtime.ts'

export interface RuntimeOptions {
  /** All cores when left out; in a browser one without cross-origin isolation, and eight at most. */
  threads?: number
  /** In a browser: the address of onnxruntime's `ort-wasm-simd-threaded.wasm`, where a bundler does not find it by itself. */
  wasm?: string
}

/** A runtime on the processor: onnxruntime-node in Node, onnxruntime-web in a browser. */
export function createRuntime({ threads }: RuntimeOptions = {}): Promise<Runtime> {
  return Promise.resolve(createNodeRuntime(threads))
}
