// Entry of the weights worker: fetches models' weights into the origin's private files. It alone may reach their hosts.
import { weightsFolder } from '../src/models/kept/folder.ts'
import { KeptModels } from '../src/models/kept/kept-models.ts'
import { serve } from '../src/rpc/ports.ts'
import type { WeightsApi } from '../src/rpc/weights.ts'

const room = async () => {
  const { quota, usage } = await navigator.storage.estimate()
  return quota === undefined || usage === undefined ? null : quota - usage
}

const wait = (ms: number, signal: AbortSignal | undefined) =>
  new Promise<void>((resolve) => {
    if (signal?.aborted) resolve()
    const timer = setTimeout(resolve, ms)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    }, { once: true })
  })

serve<WeightsApi>(
  new KeptModels({
    root: () => weightsFolder(navigator.storage),
    fetch: (url, init) => fetch(url, init),
    room,
    wait,
    own: location.origin,
  }),
)
