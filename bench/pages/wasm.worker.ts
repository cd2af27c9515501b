// The project on wasm, in a worker, as in the playground. The name of the worker is its number of threads.
import { expose } from 'comlink'
import { createWasmRuntime } from '../../src/runtime/wasm.ts'
import { runtimeLane } from '../runtime-lane.ts'

expose(runtimeLane(createWasmRuntime(Number(self.name))))
