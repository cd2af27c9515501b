// The opt-in test's page: both versions of the worker, reachable from the script that drives the browser.
import { spawn } from '../../src/rpc/spawn.ts'
import type { WebLlmApi } from '../../src/rpc/webllm.ts'

declare global {
  interface Window {
    webllm: (version: '0.2.79' | '0.2.86') => WebLlmApi
  }
}

const apis = new Map<string, WebLlmApi>()

window.webllm = (version) => {
  const known = apis.get(version)
  if (known) return known
  const worker = version === '0.2.79' ? new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: '0.2.79' }) : new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: '0.2.86' })
  const { api } = spawn<WebLlmApi>(worker, version)
  apis.set(version, api)
  return api
}
