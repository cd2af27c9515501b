// WebLLM's buffers as the trainer reads them, where they lie, and as an adapter is merged into them.
import type { Values } from '../runtime/runtime.ts'
import type { WebGpuRuntime } from '../runtime/webgpu.ts'
import type { LiveLayout } from './layout.ts'
import type { SharedWeights } from './live-model.ts'
import { LiveWeights } from './live-weights.ts'

/** @returns with what frees the copies once WebLLM's buffers are gone */
export function sharedWeights(device: GPUDevice, layout: LiveLayout, runtime: WebGpuRuntime): { weights: SharedWeights; abandon: () => void } {
  const live = new LiveWeights(device, layout)
  const weights: SharedWeights = {
    type: layout.type,
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
