// Where a model runs. A small one on the CPU: it decodes faster there than a graphics card can be asked to. A larger
// one where it is measured to be faster, if there is a graphics card at all.
import { messageOf } from '../core/error-message.ts'
import { chooseDevice, type Probe } from '../runtime/choose.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { LocalModel } from './local-model.ts'
import { sayHello, type Place } from './model-server.ts'

/** Models of fewer parameters are not measured: on wasm they need under 5 ms a token. */
const measuredFrom = 20e6
/** Tokens that a measurement generates. */
const probed = 8

interface Runtimes {
  wasm: () => Runtime
  webgpu: () => Promise<Runtime>
}

export function placeModel({ wasm, webgpu }: Runtimes): Place {
  return async (model) => {
    if (model.parameters < measuredFrom) {
      const runtime = wasm()
      return { runtime, measured: [] }
    }
    // Measuring builds the model once more: of a large one that is seconds, and for nothing where there is no choice.
    const gpu = await webgpu().then((runtime) => ({ runtime }), (error: unknown) => ({ problem: messageOf(error) }))
    if ('problem' in gpu) {
      const runtime = wasm()
      return { runtime, measured: [{ device: 'webgpu', milliseconds: null, problem: gpu.problem }] }
    }
    const probe: Probe = async (runtime) => {
      const local = await LocalModel.create(runtime, 'probe', model)
      const generate = () => sayHello(local, { temperature: 1, maxTokens: probed })
      try {
        // The first run compiles.
        await generate()
        const started = performance.now()
        await generate()
        return (performance.now() - started) / probed
      } finally {
        await local.dispose()
      }
    }
    return chooseDevice([{ device: 'wasm', create: () => Promise.resolve(wasm()) }, { device: 'webgpu', create: () => Promise.resolve(gpu.runtime) }], probe)
  }
}
