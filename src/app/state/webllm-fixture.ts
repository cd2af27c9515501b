// Models as WebLLM lists them, for tests.
import type { WebLlmModel } from '../../core/policy/webllm.ts'

export function listed(id: string, more: Partial<WebLlmModel> = {}): WebLlmModel {
  const quantisation = /-(q\d+f\d+(?:_\d)?)-MLC/.exec(id)?.[1] ?? 'q0f32'
  return {
    id,
    kind: 'chat',
    family: 'Qwen3',
    parameters: null,
    quantisation,
    trainable: quantisation.startsWith('q0'),
    needsF16: false,
    f32Twin: null,
    vram: 2 ** 30,
    download: { bytes: 2 ** 29, exact: false },
    window: 4096,
    licence: null,
    url: `https://models.test/${id}/`,
    library: 'https://models.test/library.wasm',
    custom: false,
    ...more,
  }
}
