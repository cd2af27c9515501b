// Entry of the WebLLM worker: one language model on the graphics card. The library comes with the first load.
import { serve } from '../src/rpc/ports.ts'
import type { WebLlmWorkerApi } from '../src/rpc/live.ts'
import { LiveServer } from '../src/live/live-server.ts'
import { Artifacts } from '../src/webllm/artifacts.ts'
import { countCardBytes } from '../src/webllm/card-bytes.ts'
import { cacheShelf } from '../src/webllm/custom-models.ts'
import { noCaches } from '../src/webllm/no-caches.ts'
import { WebLlmServer } from '../src/webllm/server.ts'
import { mendShaders } from '../src/webllm/shaders.ts'

const room = async () => {
  const { quota, usage } = await navigator.storage.estimate()
  return quota === undefined || usage === undefined ? null : quota - usage
}

/** Browsers give none to a page that came over plain http. */
const cache = typeof caches === 'undefined' ? noCaches : caches

const hasGpu = typeof GPUDevice !== 'undefined'
if (hasGpu) mendShaders(GPUDevice.prototype)
const cardBytes = hasGpu ? countCardBytes(GPUDevice.prototype, GPUBuffer.prototype) : () => 0

const engine = new WebLlmServer({
  library: () => import('../src/webllm/library.ts'),
  browser: { gpu: navigator.gpu, secure: isSecureContext, storage: navigator.storage },
  artifacts: new Artifacts({ caches: cache, fetch: (url, init) => fetch(url, init), room }),
  shelf: cacheShelf(cache, location.origin),
  now: () => performance.now(),
})
// What trains comes when something is to be trained: 27 MB that most never need.
const runtime = async (device: GPUDevice) => (await import('../src/runtime/webgpu.ts')).createWebGpuRuntime({ device })

serve<WebLlmWorkerApi>(Object.assign(engine, { live: new LiveServer({ engine, runtime, cardBytes }) }))
