// Entry of the WebLLM worker: one language model on the graphics card. The library comes with the first load.
import { serve } from '../src/rpc/ports.ts'
import type { WebLlmApi } from '../src/rpc/webllm.ts'
import { Artifacts } from '../src/webllm/artifacts.ts'
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

if (typeof GPUDevice !== 'undefined') mendShaders(GPUDevice.prototype)

serve<WebLlmApi>(
  new WebLlmServer({
    library: () => import('../src/webllm/library.ts'),
    browser: { gpu: navigator.gpu, secure: isSecureContext, storage: navigator.storage },
    artifacts: new Artifacts({ caches: cache, fetch: (url, init) => fetch(url, init), room }),
    shelf: cacheShelf(cache, location.origin),
    now: () => performance.now(),
  }),
)
