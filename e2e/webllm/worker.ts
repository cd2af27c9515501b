// webllm.worker as the page has it, with the version of the library that its name says.
import { serve } from '../../src/rpc/ports.ts'
import type { WebLlmApi } from '../../src/rpc/webllm.ts'
import { Artifacts } from '../../src/webllm/artifacts.ts'
import { cacheShelf } from '../../src/webllm/custom-models.ts'
import { WebLlmServer } from '../../src/webllm/server.ts'
import { mendShaders } from '../../src/webllm/shaders.ts'

const old = self.name === '0.2.79'

if (typeof GPUDevice !== 'undefined') mendShaders(GPUDevice.prototype)

serve<WebLlmApi>(
  new WebLlmServer({
    library: () => (old ? import('web-llm-0.2.79') : import('../../src/webllm/library.ts')),
    browser: { gpu: navigator.gpu, secure: isSecureContext, storage: navigator.storage },
    artifacts: new Artifacts({ caches, fetch: (url, init) => fetch(url, init), room: () => Promise.resolve(null) }),
    shelf: cacheShelf(caches, location.origin),
    now: () => performance.now(),
  }),
)
