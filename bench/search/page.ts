// The page of the search benchmark: starts the worker and gives its answer to the driver.
import type { SearchReply, SearchRequest } from './messages.ts'

declare global {
  interface Window {
    measureSearch(request: SearchRequest): Promise<SearchReply>
  }
}

window.measureSearch = (request) =>
  new Promise((resolve) => {
    const worker = new Worker(new URL('./search.worker.ts', import.meta.url), { type: 'module' })
    const finish = (reply: SearchReply) => {
      worker.terminate()
      resolve(reply)
    }
    worker.addEventListener('message', ({ data }: MessageEvent<SearchReply>) => { finish(data) })
    worker.addEventListener('error', ({ message }) => { finish({ error: `The worker failed: ${message}` }) })
    worker.postMessage(request)
  })
