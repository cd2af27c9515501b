// Entry of the page. The only place that picks implementations: which workers stand behind the contracts.
import type { LabApi, MemoryApi, ModelApi } from '../rpc/contracts.ts'
import { spawn, type Spawned } from '../rpc/spawn.ts'
import type { WebLlmWorkerApi } from '../rpc/live.ts'
import type { WeightsApi } from '../rpc/weights.ts'
import type { Backend, WorkerName } from './backend.ts'
import { isolate } from './service-worker.ts'
import { start } from './start.tsx'

const startMemory = (): Spawned<MemoryApi> => spawn<MemoryApi>(new Worker(new URL('../../workers/memory.worker.ts', import.meta.url), { type: 'module', name: 'memory' }), 'memory')
const startLab = (): Spawned<LabApi> => spawn<LabApi>(new Worker(new URL('../../workers/lab.worker.ts', import.meta.url), { type: 'module', name: 'lab' }), 'lab')
const startModel = (): Spawned<ModelApi> => spawn<ModelApi>(new Worker(new URL('../../workers/model.worker.ts', import.meta.url), { type: 'module', name: 'model' }), 'model')
const startWebLlm = (): Spawned<WebLlmWorkerApi> => spawn<WebLlmWorkerApi>(new Worker(new URL('../../workers/webllm.worker.ts', import.meta.url), { type: 'module', name: 'webllm' }), 'webllm')
const startWeights = (): Spawned<WeightsApi> => spawn<WeightsApi>(new Worker(new URL('../../workers/weights.worker.ts', import.meta.url), { type: 'module', name: 'weights' }), 'weights')

function createBackend(): Backend {
  const lostListeners: ((worker: WorkerName) => void)[] = []
  const restartListeners: (() => void)[] = []
  const gone = new Set<WorkerName>()
  const watched = <Api,>(name: WorkerName, spawned: Spawned<Api>): Spawned<Api> => {
    void spawned.lost.then(() => {
      gone.add(name)
      for (const listener of lostListeners) listener(name)
    })
    return spawned
  }
  let memory = watched('memory', startMemory())
  let model = watched('model', startModel())
  let lab = watched('lab', startLab())
  let webllm: Spawned<WebLlmWorkerApi> | null = null
  let weights: Spawned<WeightsApi> | null = null
  const introduce = () => {
    lab.send('memory', memory.openPort())
    lab.send('model', model.openPort())
    if (webllm) lab.send('webllm', webllm.openPort())
  }
  const wantWebLlm = (): Spawned<WebLlmWorkerApi> => {
    if (webllm) return webllm
    webllm = watched('webllm', startWebLlm())
    lab.send('webllm', webllm.openPort())
    return webllm
  }
  introduce()
  return {
    lab: () => lab.api,
    memory: () => memory.api,
    model: () => model.api,
    webllm: () => wantWebLlm().api,
    weights: () => (weights ??= watched('weights', startWeights())).api,
    onLost: (listener) => { lostListeners.push(listener) },
    onRestart: (listener) => { restartListeners.push(listener) },
    async restart() {
      if (gone.delete('memory')) memory = watched('memory', startMemory())
      if (gone.delete('model')) model = watched('model', startModel())
      if (gone.delete('weights')) weights = watched('weights', startWeights())
      if (gone.delete('webllm')) webllm = watched('webllm', startWebLlm())
      if (gone.delete('lab')) lab = watched('lab', startLab())
      introduce()
      await memory.api.status()
      for (const listener of restartListeners) listener()
    },
  }
}

const root = document.getElementById('root')
if (root) void isolate().then((mayStart) => (mayStart ? start(createBackend(), root) : undefined))
