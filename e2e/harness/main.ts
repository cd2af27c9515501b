// The page that a driven browser opens: starts the worker and gives its answer to the driver.
import type { HarnessReply, HarnessRequest } from './messages.ts'

declare global {
  interface Window {
    ask(request: HarnessRequest): Promise<HarnessReply>
  }
}

function workerFor({ kind }: HarnessRequest): Worker {
  if (kind === 'merge') return new Worker(new URL('./merge.worker.ts', import.meta.url), { type: 'module' })
  if (kind === 'live') return new Worker(new URL('./live.worker.ts', import.meta.url), { type: 'module' })
  return new Worker(new URL('./golden.worker.ts', import.meta.url), { type: 'module' })
}

window.ask = (request) =>
  new Promise((resolve) => {
    const worker = workerFor(request)
    const finish = (reply: HarnessReply) => {
      worker.terminate()
      resolve(reply)
    }
    worker.addEventListener('message', ({ data }: MessageEvent<HarnessReply>) => { finish(data) })
    worker.addEventListener('error', ({ message }) => { finish({ error: `The worker failed: ${message}` }) })
    worker.postMessage(request)
  })
