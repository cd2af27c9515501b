import { expect, it } from 'vitest'
import { problemWords, WebLlmError } from '../core/policy/webllm.ts'
import { problemOf } from './problems.ts'

const doing = { model: 'm-q4f16_1', library: 'https://example.org/m.wasm', twin: 'm-q4f32_1', window: 4096 }
const named = (name: string, message: string) => Object.assign(new Error(message), { name })

it.each([
  [named('ShaderF16SupportError', 'This model requires WebGPU extension shader-f16'), 'no-shader-f16'],
  [named('WebGPUNotAvailableError', 'WebGPU is not supported'), 'no-webgpu'],
  [named('DeviceLostError', 'The WebGPU device was lost while loading'), 'device-lost'],
  [new Error('A valid external Instance reference no longer exists: Device was lost'), 'device-lost'],
  [new Error('Out of memory'), 'out-of-memory'],
  [new RangeError('createBuffer failed, size is larger than the maximum'), 'out-of-memory'],
  [named('IntegrityError', 'hash differs'), 'integrity'],
  [named('ContextWindowSizeExceededError', 'Prompt tokens exceed'), 'context-window'],
  [new DOMException('full', 'QuotaExceededError'), 'quota'],
  [new DOMException('stopped', 'AbortError'), 'aborted'],
  [new TypeError('Failed to fetch'), 'network'],
  [new Error('Cannot fetch https://example.org/a.bin err= NetworkError'), 'network'],
  [new WebAssembly.LinkError('WebAssembly.instantiate(): Import #3 "env": function import requires a callable'), 'library-version'],
  [new Error('Cannot find function TVMFuncCall'), 'library-version'],
  [named('GrammarMatcherInitError', 'bad rule'), 'grammar'],
  [new Error('Something else'), 'other'],
  [new WebLlmError({ kind: 'internals', missing: 'pipeline.params', detail: '' }), 'internals'],
])('names %s', (error, kind) => {
  const problem = problemOf(error, doing)
  expect(problem.kind).toBe(kind)
  expect(problemWords(problem)).not.toBe('')
})

it('says where a file was to come from, and which model would do', () => {
  expect(problemOf(new Error('Cannot fetch https://example.org/a.bin err= x'), doing)).toMatchObject({ url: 'https://example.org/a.bin' })
  expect(problemWords(problemOf(named('ShaderF16SupportError', ''), doing))).toContain('m-q4f32_1')
})
