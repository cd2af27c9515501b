// webllm.worker as the page has it, with the version of the library that its name says, and what looks at the weights on the card.
import { serve } from '../../src/rpc/ports.ts'
import type { WebLlmWorkerApi } from '../../src/rpc/live.ts'
import { LiveServer } from '../../src/live/live-server.ts'
import { Artifacts } from '../../src/webllm/artifacts.ts'
import { countCardBytes } from '../../src/webllm/card-bytes.ts'
import { cacheShelf } from '../../src/webllm/custom-models.ts'
import { WebLlmServer } from '../../src/webllm/server.ts'
import { mendShaders } from '../../src/webllm/shaders.ts'
import { weightHashes } from './hashes.ts'

export interface TestWorkerApi extends WebLlmWorkerApi {
  probe: {
    /** Of each weight of the loaded model, by its name. */
    hashes(): Promise<[name: string, hash: string][]>
  }
}

const old = self.name === '0.2.79'

const hasGpu = typeof GPUDevice !== 'undefined'
if (hasGpu) mendShaders(GPUDevice.prototype)
const cardBytes = hasGpu ? countCardBytes(GPUDevice.prototype, GPUBuffer.prototype) : () => 0

const engine = new WebLlmServer({
  library: () => (old ? import('web-llm-0.2.79') : import('../../src/webllm/library.ts')),
  browser: { gpu: navigator.gpu, secure: isSecureContext, storage: navigator.storage },
  artifacts: new Artifacts({ caches, fetch: (url, init) => fetch(url, init), room: () => Promise.resolve(null) }),
  shelf: cacheShelf(caches, location.origin),
  now: () => performance.now(),
})
// What trains comes when something is to be trained: 27 MB that most never need.
const runtime = async (device: GPUDevice) => (await import('../../src/runtime/webgpu.ts')).createWebGpuRuntime({ device })

const probe = { hashes: () => engine.withModel((loaded) => weightHashes(loaded)) }

serve<TestWorkerApi>(Object.assign(engine, { live: new LiveServer({ engine, runtime, cardBytes }), probe }))
