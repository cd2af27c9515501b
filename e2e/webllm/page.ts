// The opt-in test's page: both versions of the worker, reachable from the script that drives the browser.
import type { WebLlmSource } from '../../src/core/policy/webllm.ts'
import { spawn } from '../../src/rpc/spawn.ts'
import { checkLearning, type Tell } from './learning.ts'
import { checkPart } from './parts.ts'
import type { TestWorkerApi } from './worker.ts'

type Version = '0.2.79' | '0.2.86'
type Short = Extract<WebLlmSource, { kind: 'custom' }>

declare global {
  interface Window {
    /** Of the script that drives the browser. */
    check: Tell['check']
    say: Tell['say']
    learning: (version: Version, source: Short, brief: boolean) => Promise<void>
    part: (version: Version, source: Short, part: Parameters<typeof checkPart>[0], options: Parameters<typeof checkPart>[3]) => Promise<void>
    webllm: (version: Version) => TestWorkerApi
  }
}

const apis = new Map<string, TestWorkerApi>()

window.webllm = (version) => {
  const known = apis.get(version)
  if (known) return known
  const worker = version === '0.2.79' ? new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: '0.2.79' }) : new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: '0.2.86' })
  const { api } = spawn<TestWorkerApi>(worker, version)
  apis.set(version, api)
  return api
}

window.learning = (version, source, brief) => checkLearning(window.webllm(version).live, source, brief, { check: window.check, say: window.say })
window.part = (version, source, part, options) => checkPart(part, window.webllm(version), source, options, { check: window.check, say: window.say })
