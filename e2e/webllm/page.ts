// The opt-in test's page: both versions of the worker, reachable from the script that drives the browser.
import type { WebLlmSource } from '../../src/core/policy/webllm.ts'
import { spawn } from '../../src/rpc/spawn.ts'
import type { WebLlmWorkerApi } from '../../src/rpc/live.ts'
import { checkLearning, type Tell } from './learning.ts'

declare global {
  interface Window {
    /** Of the script that drives the browser. */
    check: Tell['check']
    say: Tell['say']
    learning: (version: '0.2.79' | '0.2.86', source: Extract<WebLlmSource, { kind: 'custom' }>, brief: boolean) => Promise<void>
    webllm: (version: '0.2.79' | '0.2.86') => WebLlmWorkerApi
  }
}

const apis = new Map<string, WebLlmWorkerApi>()

window.webllm = (version) => {
  const known = apis.get(version)
  if (known) return known
  const worker = version === '0.2.79' ? new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: '0.2.79' }) : new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: '0.2.86' })
  const { api } = spawn<WebLlmWorkerApi>(worker, version)
  apis.set(version, api)
  return api
}

window.learning = (version, source, brief) => checkLearning(window.webllm(version).live, source, brief, { check: window.check, say: window.say })
