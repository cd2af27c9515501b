// WebLLM's buffers as the trainer reads them, where they lie, and as an adapter is merged into them.
import type { DType } from '../nn/shape.ts'
import type { Value, Values } from '../runtime/runtime.ts'
import type { LiveLayout } from './layout.ts'
import type { SharedWeights } from './live-model.ts'
import { LiveWeights } from './live-weights.ts'

/** What of a runtime on a graphics card is needed: see WebGpuRuntime. */
interface CardRuntime {
  wrap(buffer: GPUBuffer, dtype: DType, shape: readonly number[]): Value
  bufferOf(value: Value): GPUBuffer
}

/** @returns with what frees the copies once WebLLM's buffers are gone */
export function sharedWeights(device: GPUDevice, layout: LiveLayout, runtime: CardRuntime): { weights: SharedWeights; abandon: () => void } {
  const live = new LiveWeights(device, layout)
  const weights: SharedWeights = {
    type: layout.type,
    get whole() {
      return live.whole
    },
    keep: (targets) => live.keep(targets),
    base() {
      const values: Values = {}
      for (const [name, { buffer, shape }] of live.base()) values[name] = runtime.wrap(buffer, layout.type, shape)
      return values
    },
    sync: (lora, parameters) =>
      live.sync(lora, (name) => {
        const value = parameters[name]
        if (!value) throw new Error(`The adapter has no ${name}.`)
        return runtime.bufferOf(value)
      }),
    release: () => live.release(),
  }
  return { weights, abandon: () => { live.abandon() } }
}
