import { hostLanes } from '../host-lanes.ts'

hostLanes({
  'tfjs plain': (threads) => new Worker(new URL('./tfjs.worker.ts', import.meta.url), { type: 'module', name: `plain ${threads}` }),
  'tfjs tuned': (threads) => new Worker(new URL('./tfjs.worker.ts', import.meta.url), { type: 'module', name: `tuned ${threads}` }),
  jax: (threads) => new Worker(new URL('./jax.worker.ts', import.meta.url), { type: 'module', name: `${threads}` }),
})
