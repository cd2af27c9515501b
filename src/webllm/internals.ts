// The one file that reaches into WebLLM's private fields: the model's tokenizer, its GPU device and its parameters, in
// the worker where it runs. Every field is checked; what is not there is a WebLlmError that names it.
import { WebLlmError } from '../core/policy/webllm.ts'

type Method = (...args: unknown[]) => unknown

const isMethod = (value: unknown): value is Method => typeof value === 'function'

function missing(what: string): WebLlmError {
  return new WebLlmError({ kind: 'internals', missing: what, detail: 'Another version of the library may have it under another name.' })
}

function field(owner: unknown, name: string, path: string): unknown {
  const value: unknown = typeof owner === 'object' && owner !== null ? Reflect.get(owner, name) : undefined
  if (value === undefined || value === null) throw missing(`${path}.${name}`)
  return value
}

/** A method bound to its owner. */
function method(owner: unknown, name: string, path: string): Method {
  const value = field(owner, name, path)
  if (!isMethod(value)) throw missing(`${path}.${name}()`)
  return (...args) => Reflect.apply(value, owner, args) as unknown
}

function whole(value: unknown, path: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value)) throw missing(path)
  return value
}

/** One parameter on the graphics card. */
export interface GpuParameter {
  shape: readonly number[]
  dtype: string
  /** Its buffer, on the model's own device: it can be an input of other programs there without a copy. */
  buffer(): GPUBuffer
  /** Rewrites it; counts must agree. float32 parameters only. */
  write(values: Float32Array): void
}

export interface ModelInternals {
  /** Text as ids, nothing put before or behind it. */
  encode(text: string): number[]
  decode(ids: readonly number[]): string
  /** From now on the library, too, encodes text piece by piece as this cuts it. */
  encodeInPieces(cut: (text: string) => readonly string[]): void
  /** What stands behind message `i` of a conversation. */
  separator(i: number): string
  /** The device that weights and programs live on. */
  device(): GPUDevice
  /** How many parameters there are, one by its place in the library's list, and the names that the compiled library has for them, in its order. */
  parameters(): { count: number; at(index: number): GpuParameter; names(): string[] }
}

/**
 * What lies inside a loaded chat model.
 * @throws WebLlmError with problem `internals`
 */
export function internalsOf(engine: object, id: string): ModelInternals {
  const pipelines = field(engine, 'loadedModelIdToPipeline', 'engine')
  if (!(pipelines instanceof Map)) throw missing('engine.loadedModelIdToPipeline as a Map')
  const pipeline: unknown = pipelines.get(id)
  if (typeof pipeline !== 'object' || pipeline === null) throw missing(`pipeline of ${id}`)
  const tokenizer = field(pipeline, 'tokenizer', 'pipeline')
  const encode = method(tokenizer, 'encode', 'tokenizer')
  const decode = method(tokenizer, 'decode', 'tokenizer')
  const conversation = method(pipeline, 'getConversationObject', 'pipeline')
  return {
    encode(text) {
      const ids = encode(text)
      if (!(ids instanceof Int32Array)) throw missing('tokenizer.encode() to Int32Array')
      return [...ids]
    },
    encodeInPieces(cut) {
      const inPieces = (text: unknown): unknown => {
        const pieces = typeof text === 'string' ? cut(text) : []
        return pieces.length < 2 ? encode(pieces[0] ?? text) : Int32Array.from(pieces.flatMap((piece) => this.encode(piece)))
      }
      if (!(typeof tokenizer === 'object' && tokenizer !== null && Reflect.set(tokenizer, 'encode', inPieces))) throw missing('tokenizer.encode() to put another in its place')
    },
    decode(ids) {
      const text = decode(new Int32Array(ids))
      if (typeof text !== 'string') throw missing('tokenizer.decode() to text')
      return text
    },
    separator(i) {
      const seps = field(field(conversation(), 'config', 'conversation'), 'seps', 'conversation.config')
      const sep: unknown = Array.isArray(seps) && seps.length > 0 ? seps[i % seps.length] : undefined
      if (typeof sep !== 'string') throw missing('conversation.config.seps')
      return sep
    },
    device() {
      const device = field(gpuContext(pipeline), 'device', 'lib.webGPUContext')
      if (!isDevice(device)) throw missing('lib.webGPUContext.device as a GPUDevice')
      return device
    },
    parameters() {
      const params = field(pipeline, 'params', 'pipeline')
      const size = method(params, 'size', 'params')
      const get = method(params, 'get', 'params')
      const tvm = field(pipeline, 'tvm', 'pipeline')
      const scope = { begin: method(tvm, 'beginScope', 'tvm'), end: method(tvm, 'endScope', 'tvm') }
      const bufferAt = method(gpuContext(pipeline), 'gpuBufferFromPtr', 'lib.webGPUContext')
      /** What `use` makes of the parameter; TVM's handles are released behind it. */
      const within = <T>(index: number, use: (tensor: unknown) => T): T => {
        scope.begin()
        try {
          return use(get(index))
        } finally {
          scope.end()
        }
      }
      const count = whole(size(), 'params.size() as a number')
      return {
        count,
        names: () => {
          scope.begin()
          try {
            const metadata = method(field(pipeline, 'vm', 'pipeline'), 'getFunction', 'vm')('_metadata')
            if (!isMethod(metadata)) throw missing('vm.getFunction("_metadata") as a function')
            const names = namesIn(String(metadata()))
            if (names?.length !== count) throw missing('the names of its parameters in _metadata')
            return names
          } finally {
            scope.end()
          }
        },
        at: (index) =>
          within(index, (tensor) => {
            const shape = field(tensor, 'shape', 'parameter')
            const dtype = field(tensor, 'dtype', 'parameter')
            if (!Array.isArray(shape) || typeof dtype !== 'string') throw missing('parameter.shape and .dtype')
            return {
              shape: shape.map((size: unknown) => whole(size, 'parameter.shape')),
              dtype,
              buffer: () =>
                within(index, (present) => {
                  const buffer = bufferAt(method(present, 'getDataPtr', 'parameter')())
                  if (!isBuffer(buffer)) throw missing('lib.webGPUContext.gpuBufferFromPtr() to a GPUBuffer')
                  return buffer
                }),
              write: (values) => {
                if (dtype !== 'float32') throw new RangeError(`The parameter is ${dtype}: only float32 can be written here.`)
                within(index, (present) => method(present, 'copyFrom', 'parameter')(values))
              },
            }
          }),
      }
    },
  }
}

/** What _metadata says of the parameters' names; null: it says nothing. */
function namesIn(metadata: string): string[] | null {
  try {
    const read: unknown = JSON.parse(metadata)
    const params = field(read, 'params', '_metadata')
    if (!Array.isArray(params)) return null
    const names = params.map((each: unknown) => field(each, 'name', '_metadata.params'))
    return names.every((name) => typeof name === 'string') ? names : null
  } catch {
    return null
  }
}

function gpuContext(pipeline: object): unknown {
  return field(field(field(pipeline, 'tvm', 'pipeline'), 'lib', 'tvm'), 'webGPUContext', 'tvm.lib')
}

const isDevice = (value: unknown): value is GPUDevice => typeof value === 'object' && value !== null && 'queue' in value && 'limits' in value

const isBuffer = (value: unknown): value is GPUBuffer => typeof value === 'object' && value !== null && 'mapAsync' in value
