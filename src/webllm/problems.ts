// What the library, the browser and the network throw, as problems that the page has words for.
import { WebLlmError, type WebLlmProblem } from '../core/policy/webllm.ts'
import { messageOf } from '../core/error-message.ts'

/** What was being done when it was thrown. */
export interface Doing {
  model: string
  library: string
  /** The 32-bit form of the model. */
  twin: string | null
  window: number
}

/** The library's errors carry their class in `name`; TVM's and the driver's only words. */
export function problemOf(error: unknown, doing: Doing): WebLlmProblem {
  if (error instanceof WebLlmError) return error.problem
  const name = error instanceof Error || error instanceof DOMException ? error.name : ''
  const detail = messageOf(error)
  switch (name) {
    case 'AbortError':
      return { kind: 'aborted' }
    case 'WebGPUNotAvailableError':
    case 'WebGPUNotFoundError':
      return { kind: 'no-webgpu', reason: 'no-adapter', detail }
    case 'ShaderF16SupportError':
      return { kind: 'no-shader-f16', model: doing.model, twin: doing.twin }
    case 'FeatureSupportError':
      return detail.includes('shader-f16') ? { kind: 'no-shader-f16', model: doing.model, twin: doing.twin } : { kind: 'other', detail }
    case 'DeviceLostError':
      return { kind: 'device-lost', detail }
    case 'IntegrityError':
    case 'ArtifactManifestError':
      return { kind: 'integrity', url: null, detail }
    case 'ContextWindowSizeExceededError':
      return { kind: 'context-window', window: doing.window, detail }
    case 'ModelNotFoundError':
      return { kind: 'unknown-model', model: doing.model, detail }
    case 'QuotaExceededError':
      return { kind: 'quota', available: null, detail }
    case 'InvalidResponseFormatGrammarError':
    case 'GrammarMatcherInitError':
      return { kind: 'grammar', detail }
  }
  if (/device (was |is )?lost|mapAsync.*(lost|destroyed)|Instance dropped/i.test(detail)) return { kind: 'device-lost', detail }
  if (/out of memory|OOM|exceeds the max buffer size|larger than the maximum|allocation failed|createBuffer/i.test(detail)) return { kind: 'out-of-memory', detail }
  // A library for another runtime lacks its functions, or asks for ones that are gone.
  if (error instanceof WebAssembly.LinkError || error instanceof WebAssembly.CompileError || /LinkError|Cannot find function|Cannot find global function|import object field|global function .* not (found|registered)/i.test(detail)) {
    return { kind: 'library-version', library: doing.library, detail }
  }
  if (/quota/i.test(detail)) return { kind: 'quota', available: null, detail }
  if (/failed to fetch|networkerror|network error|load failed|Cannot fetch|request failed|ERR_/i.test(detail)) return { kind: 'network', url: /https?:\/\/\S+/.exec(detail)?.[0] ?? null, status: null, detail }
  return { kind: 'other', detail }
}
