// Entry of the lab worker: episodes. Reaches the memory worker over the port that the page sends it.
import { createLab } from '../src/lab/lab.ts'
import { connect, type Connection } from '../src/rpc/connect.ts'
import type { MemoryApi } from '../src/rpc/contracts.ts'
import { onPort, serve } from '../src/rpc/ports.ts'

let memory: Connection<MemoryApi> | null = null
/** A call may overtake the port to the memory: they come by different ways. */
const connected = new Promise<void>((resolve) => {
  onPort('memory', (port) => {
    memory?.close()
    memory = connect<MemoryApi>(port, 'memory')
    resolve()
  })
})
serve(
  createLab(
    async () => {
      await connected
      if (!memory) throw new Error('The memory is not connected.')
      return memory.api
    },
    { wall: () => Date.now(), monotonic: () => performance.now() },
  ),
)
