import { hostLanes } from '../host-lanes.ts'

hostLanes({
  wasm: (threads) => new Worker(new URL('./wasm.worker.ts', import.meta.url), { type: 'module', name: `${threads}` }),
})
