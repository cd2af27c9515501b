// What goes wrong on a device, by name, in words that say what to do.

type RuntimeErrorKind = 'device-lost' | 'out-of-memory' | 'no-webgpu' | 'software-adapter' | 'unsupported' | 'failed'

const advice: Record<RuntimeErrorKind, string> = {
  'device-lost': 'The graphics device was lost. Reload the page; if it happens again, choose the CPU (wasm).',
  'out-of-memory': 'There is not enough memory for this. Use fewer or shorter sequences in a micro-batch, recomputation, or a smaller model.',
  'no-webgpu': 'This browser offers no WebGPU here. The CPU (wasm) works everywhere.',
  'software-adapter': 'The only WebGPU adapter is emulated in software and would be slower than the CPU. Ask for it explicitly to use it all the same.',
  unsupported: 'onnxruntime cannot run this program on this device.',
  failed: 'onnxruntime reported an error.',
}

export class RuntimeError extends Error {
  override readonly name = 'RuntimeError'
  readonly kind: RuntimeErrorKind

  constructor(kind: RuntimeErrorKind, detail = '', options?: ErrorOptions) {
    super(detail === '' ? advice[kind] : `${advice[kind]} (${detail})`, options)
    this.kind = kind
  }
}

/** Gives an error of onnxruntime its name. */
export function namedError(error: unknown, doing: string): RuntimeError {
  if (error instanceof RuntimeError) return error
  const message = error instanceof Error ? error.message : String(error)
  const kind: RuntimeErrorKind = /device (was )?lost|device is lost|DXGI_ERROR_DEVICE/i.test(message)
    ? 'device-lost'
    : /out of memory|bad_alloc|memory access out of bounds|OOM|Failed to allocate|allocation failed|Array buffer allocation/i.test(message)
      ? 'out-of-memory'
      : /not implemented|NOT_IMPLEMENTED|Could not find an implementation|cpu_ep_fallback|fallback to CPU/i.test(message)
        ? 'unsupported'
        : 'failed'
  return new RuntimeError(kind, `${doing}: ${message}`, { cause: error })
}
