// The processor, in a browser: what `@agemem/nn/runtime` is there.
import type { Runtime } from '../../../src/runtime/runtime.ts'
import { lateWasmRuntime } from '../../../src/runtime/late-wasm.ts'
import type { RuntimeOptions } from './runtime-node.ts'

export type { RuntimeOptions }

/** The same function as in Node. */
export function createRuntime({ threads, wasm }: RuntimeOptions = {}): Promise<Runtime> {
  return lateWasmRuntime(threads, wasm)
}
