// A worker as the page holds it: its api, ports for others, and word of its end.
import { connectMonitored, type Connection } from './connect.ts'
import type { Served } from './expose.ts'
import { openServedPort, sendPort } from './ports.ts'

export interface Spawned<Api> extends Connection<Api> {
  /** A further port to the worker's api, to be sent to another worker. */
  openPort(): MessagePort
  /** Sends the worker a port, which it takes with `onPort(name, …)`; again after the other worker was replaced. */
  send(name: string, port: MessagePort): void
  /** Ends the worker. Pending calls reject with a WorkerLostError; `lost` stays as it is. */
  terminate(): void
}

/** Within this time a worker must have begun to serve, ms: nothing tells of one that ends before. */
const startLimit = 30_000
/** After it, what a page that slept has not heard yet is waited for, ms. */
const lastMoment = 500

/**
 * Connects to a worker that was just made and calls `serve`.
 * @param name for errors: `memory`, `lab` …
 * @param remedy what helps when it is lost; left out: that it is restarted
 * @param limit within which it must have begun to serve, ms
 */
export function spawn<Api extends Served<Api>>(worker: Worker, name: string, remedy?: string, limit = startLimit): Spawned<Api> {
  const { api, lost, lose, isAlive, close } = connectMonitored<Api>(openServedPort(worker), name, remedy)
  const giveUp = (reason: string) => {
    // A worker outlives an uncaught error, unless it comes before the worker has begun to serve.
    if (isAlive()) return
    lose(reason)
    worker.terminate()
  }
  worker.addEventListener('error', (event) => { giveUp(`it could not be started${event.message ? ` (${event.message})` : ''}`) })
  setTimeout(() => {
    setTimeout(() => { giveUp(`it did not start within ${limit / 1000} seconds`) }, lastMoment)
  }, limit)
  return {
    api,
    lost,
    close,
    openPort: () => openServedPort(worker),
    send: (to, port) => { sendPort(worker, to, port) },
    terminate() {
      close()
      worker.terminate()
    },
  }
}
