// Entry of the lab worker: episodes and training. Reaches the memory and the model worker over ports that the page sends it,
// and starts further model workers itself.
import { createLab } from '../src/lab/lab.ts'
import type { ReplicaParts } from '../src/lab/models.ts'
import { connect, type Connection } from '../src/rpc/connect.ts'
import { encodingOf } from '../src/models/encoding.ts'
import type { MemoryApi, ModelApi } from '../src/rpc/contracts.ts'
import type { WebLlmWorkerApi } from '../src/rpc/live.ts'
import type { Served } from '../src/rpc/expose.ts'
import { onPort, serve } from '../src/rpc/ports.ts'
import { spawn } from '../src/rpc/spawn.ts'

/** The worker that is connected now, by way of the port that the page sends. A call may overtake the port: they come by different ways. */
function connected<Api extends Served<Api>>(name: string): () => Promise<Api> {
  let present: Connection<Api> | null = null
  let arrived: () => void = () => undefined
  const arrival = new Promise<void>((resolve) => (arrived = resolve))
  onPort(name, (port) => {
    present?.close()
    present = connect<Api>(port, name)
    arrived()
  })
  return async () => {
    await arrival
    if (!present) throw new Error(`The ${name} worker is not connected.`)
    return present.api
  }
}

/** With each a thread's work is done without waiting for other threads; beyond four there are no more shards of an update. */
const replicas: ReplicaParts = {
  count: Math.min(navigator.hardwareConcurrency, 4),
  start: () => spawn<ModelApi>(new Worker(new URL('./model.worker.ts', import.meta.url), { type: 'module', name: 'replica' }), 'replica', 'The next step or group starts another one.'),
}

const webllm = connected<WebLlmWorkerApi>('webllm')

serve(
  createLab({
    memory: connected<MemoryApi>('memory'),
    model: connected<ModelApi>('model'),
    webllm,
    live: async () => (await webllm()).live,
    encodingOf,
    replicas,
    clock: { wall: () => Date.now(), monotonic: () => performance.now() },
    locks: navigator.locks,
  }),
)
