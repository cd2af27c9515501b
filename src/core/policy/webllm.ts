// WebLLM's models as the rest of the project speaks of them: what they are, what this machine can do, what can go
// wrong. Plain data that crosses threads; knows neither the library nor a browser.

/** A model that WebLLM can run, from its own list or somebody's address. */
export interface WebLlmModel {
  /** As WebLLM names it, for example `SmolLM2-360M-Instruct-q0f16-MLC`. */
  id: string
  kind: 'chat' | 'embedding'
  /** Qwen3, Llama 3.2, SmolLM2 … */
  family: string
  /** By its name, so to two or three digits; null when the name does not say. */
  parameters: number | null
  /** How weights are stored and calculated with: q0f16, q4f32_1 … */
  quantisation: string
  /** Its weights are not quantised, so a training can move them. */
  trainable: boolean
  /** Needs the WebGPU feature shader-f16. */
  needsF16: boolean
  /** Id of the same model that calculates in 32 bits; null when it is that one, or there is none. */
  f32Twin: string | null
  /** Graphics memory in use with WebLLM's own window, mostly of 4,096, bytes; null for a model that it does not list. */
  vram: number | null
  /** What is fetched, bytes; `exact` once the model's manifest was read. */
  download: { bytes: number | null; exact: boolean }
  /** Tokens that it takes at once at most, memory permitting: a loaded one says (ModelInfo). null when only its configuration says. */
  window: number | null
  licence: { name: string; url: string } | null
  /** Folder of mlc-chat-config.json, tokenizer and weights. */
  url: string
  /** The compiled library, .wasm. */
  library: string
  /** Somebody gave its addresses; not in WebLLM's list. */
  custom: boolean
}

/** A model by address. */
export interface CustomModel {
  name: string
  /** Folder of mlc-chat-config.json, tokenizer.json and the weights' manifest. */
  url: string
  /** The compiled library, .wasm. */
  library: string
}

/** Which model: one of the catalogue by its id, or one by address. */
export type WebLlmSource = { kind: 'listed'; id: string } | ({ kind: 'custom' } & CustomModel)

/** How it replies. Recorded with an episode's choice. */
export interface WebLlmOptions {
  /** Only replies in the protocol can be sampled (XGrammar); false: whatever the model says. */
  constrained: boolean
}

/** Why there is no WebGPU. */
export type NoWebGpu =
  /** The page came over plain http, where browsers hide WebGPU. */
  | 'insecure'
  /** The browser does not know WebGPU, or it is switched off. */
  | 'no-api'
  /** It knows it, and found no graphics card that it would use. */
  | 'no-adapter'
  /** There is an adapter, and it gave no device. */
  | 'no-device'

export interface GpuLimits {
  maxBufferSize: number
  maxStorageBufferBindingSize: number
  maxComputeWorkgroupStorageSize: number
  maxStorageBuffersPerShaderStage: number
}

export type GpuState =
  | { available: false; reason: NoWebGpu; detail: string }
  | {
      available: true
      /** What the browser tells; empty strings where it keeps quiet. */
      adapter: { vendor: string; architecture: string; device: string; description: string }
      /** A CPU that plays graphics card: correct, and far too slow for a language model. */
      fallback: boolean
      shaderF16: boolean
      limits: GpuLimits
    }

/** What this machine can do. */
export interface Capabilities {
  gpu: GpuState
  /** Bytes; null where the browser does not tell. */
  storage: { quota: number; usage: number; persisted: boolean } | null
}

/** What went wrong, as data: the words for it are the page's. `detail` is the library's or the browser's own message. */
export type WebLlmProblem =
  | { kind: 'no-webgpu'; reason: NoWebGpu; detail: string }
  | { kind: 'no-shader-f16'; model: string; twin: string | null }
  | { kind: 'device-lost'; detail: string }
  | { kind: 'out-of-memory'; detail: string }
  /** Storage is full. */
  | { kind: 'quota'; available: number | null; detail: string }
  /** A file did not come; what came before it stays, and a retry goes on there. */
  | { kind: 'network'; url: string | null; status: number | null; detail: string }
  /** The compiled library was made for another version of WebLLM. */
  | { kind: 'library-version'; library: string; detail: string }
  /** A file is not what its checksum or its manifest says. */
  | { kind: 'integrity'; url: string | null; detail: string }
  /** The prompt does not fit. */
  | { kind: 'context-window'; window: number; detail: string }
  /** Not in the catalogue, or its configuration cannot be read. */
  | { kind: 'unknown-model'; model: string; detail: string }
  /** The library does not have inside it what this project reaches for. */
  | { kind: 'internals'; missing: string; detail: string }
  /** It cannot learn here: its weights do not lie as this project knows them. */
  | { kind: 'layout'; detail: string }
  /** It cannot learn: small changes would be rounded away. `unquantised`: the same model as it can, and bytes of its download. */
  | { kind: 'quantised'; model: string; unquantised: { id: string; bytes: number | null } | null }
  /** The graphics card allows less than learning takes. */
  | { kind: 'device-limit'; limit: string; needed: number; available: number }
  /** Writing an adapter into its weights was begun and did not end, and they could not be put back: they are no checkpoint's. */
  | { kind: 'torn-weights'; detail: string }
  | { kind: 'grammar'; detail: string }
  /** Another tab is at these files. */
  | { kind: 'elsewhere' }
  /** The browser keeps no files for this page. */
  | { kind: 'no-files'; detail: string }
  | { kind: 'aborted' }
  | { kind: 'other'; detail: string }

/** A model that left the card though nobody asked for it. */
export interface GoneModel {
  id: string
  problem: WebLlmProblem
}

/** A result that crosses threads with its problem as data: errors would arrive as words. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; problem: WebLlmProblem }

/** Carries the problem inside one thread. */
export class WebLlmError extends Error {
  override readonly name = 'WebLlmError'
  readonly problem: WebLlmProblem
  constructor(problem: WebLlmProblem, options?: ErrorOptions) {
    super(problemWords(problem), options)
    this.problem = problem
  }
}

/** One plain sentence, for logs and for the record of a failed episode. */
export function problemWords(problem: WebLlmProblem): string {
  switch (problem.kind) {
    case 'no-webgpu':
      return `WebGPU is not available here (${problem.reason}). ${problem.detail}`.trim()
    case 'no-shader-f16':
      return `${problem.model} calculates in 16 bits, which this graphics card does not offer${problem.twin ? `; ${problem.twin} does the same in 32` : ''}.`
    case 'device-lost':
      return `The graphics card was lost. ${problem.detail}`.trim()
    case 'out-of-memory':
      return `The graphics card has too little memory for this model. ${problem.detail}`.trim()
    case 'quota':
      return `The browser gives this page no more storage. ${problem.detail}`.trim()
    case 'network':
      return `${problem.url ?? 'A file'} could not be fetched${problem.status === null ? '' : ` (${problem.status})`}. ${problem.detail}`.trim()
    case 'library-version':
      return `${problem.library} was compiled for another version of WebLLM. ${problem.detail}`.trim()
    case 'integrity':
      return `${problem.url ?? 'A file'} is not what it should be. ${problem.detail}`.trim()
    case 'context-window':
      return `The prompt is longer than the ${problem.window} tokens that the model takes.`
    case 'unknown-model':
      return `${problem.model} is not a model that WebLLM can load. ${problem.detail}`.trim()
    case 'internals':
      return `This version of WebLLM has no ${problem.missing}. ${problem.detail}`.trim()
    case 'layout':
      return `The weights of this model do not lie as they must to be learnt on. ${problem.detail}`.trim()
    case 'quantised':
      return `${problem.model} is quantised: the small changes of a training would be rounded away${problem.unquantised ? `; ${problem.unquantised.id} is the same model with its weights whole${problem.unquantised.bytes === null ? '' : `, a download of ${(problem.unquantised.bytes / 1e9).toFixed(2)} GB`}` : ''}.`
    case 'device-limit':
      return `This graphics card allows ${problem.available} of ${problem.limit}, and learning needs ${problem.needed}.`
    case 'torn-weights':
      return `The weights of this model are those of no checkpoint: writing an adapter into them did not end, and they could not be put back. Load the model again. ${problem.detail}`.trim()
    case 'grammar':
      return `The grammar of replies was refused. ${problem.detail}`.trim()
    case 'elsewhere':
      return 'Another tab is fetching or reading these files.'
    case 'no-files':
      return `This browser keeps no files for this page. ${problem.detail}`.trim()
    case 'aborted':
      return 'Stopped.'
    case 'other':
      return problem.detail
  }
}
