// What stands in for the browser's cache where a page has none, as over plain http: nothing is there, and nothing can be put.
import { WebLlmError } from '../core/policy/webllm.ts'
import type { ArtifactHost } from './artifacts.ts'

export const noCaches: ArtifactHost['caches'] = {
  open: () =>
    Promise.resolve({
      match: () => Promise.resolve(undefined),
      put: () => Promise.reject(new WebLlmError({ kind: 'no-files', detail: '' })),
      keys: () => Promise.resolve([]),
      delete: () => Promise.resolve(false),
    }),
}
