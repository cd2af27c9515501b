// Programs on a device. The values that go in and come out are typed arrays, or tensors that stay on the device.
// With its neighbours in this folder the only importer of onnxruntime.
import type { InferenceSession, Tensor as OrtTensor, TensorConstructor } from 'onnxruntime-common'
import type { TensorData } from '../nn/graph.ts'
import type { Program, TensorSpec } from '../nn/program.ts'
import type { DType } from '../nn/shape.ts'
import { namedError } from './errors.ts'
import { createQueue, type RunQueue } from './queue.ts'

export type DeviceKind = 'node' | 'wasm' | 'webgpu'

/** Values in JavaScript's memory. The array is read, not kept. */
export interface HostTensor {
  dtype: DType
  shape: readonly number[]
  data: TensorData
}

/** Values on the device, owned by whoever holds this. */
export interface DeviceTensor {
  dtype: DType
  shape: readonly number[]
  /** Copies the values to JavaScript. */
  download(): Promise<TensorData>
  /** Frees the memory, unless somebody else owns it. */
  dispose(): void
}

export type Value = HostTensor | DeviceTensor
export type Values = Record<string, Value>

interface LoadOptions {
  /** Outputs that stay on the device, where it has memory of its own. */
  keep?: (output: string) => boolean
  /** onnxruntime looks for nothing that it could make better: its search takes the square of the nodes. */
  asItIs?: boolean
  /** Matrices are not packed for their products: slower, and no second copy of those that stand in a loop. */
  unpacked?: boolean
}

export interface LoadedProgram {
  readonly program: Program
  /**
   * Runs once, behind everything queued before.
   * @param feeds every input by name; @throws Error naming one that is missing or does not fit
   * @throws RuntimeError when onnxruntime fails
   */
  run(feeds: Readonly<Values>): Promise<Values>
  /** Frees the session, as soon as every tensor that it left on the device is freed: they live in its memory. */
  dispose(): Promise<void>
}

export type Hardware = { kind: 'cpu'; threads: number } | { kind: 'gpu'; name: string | null; software: boolean }

export interface Runtime {
  readonly device: DeviceKind
  /** Which device it is, in words. */
  readonly description: string
  /** The same as data. `name` of a graphics card; null: it has none. */
  readonly hardware: Hardware
  /** Bytes that weights, programs and what they compute may take at most. */
  readonly memory: number
  load(program: Program, options?: LoadOptions): Promise<LoadedProgram>
  /** Moves values to the device once, for programs that are fed with them often; on a CPU they stay where they are. */
  upload(tensor: HostTensor): Promise<Value>
  /** Waits for what runs, then frees every session and what it left on the device. */
  dispose(): Promise<void>
}

export function isOnDevice(value: Value): value is DeviceTensor {
  return 'download' in value
}

/** The values as a typed array, from wherever they are. */
export async function read(value: Value | undefined, name: string): Promise<TensorData> {
  if (!value) throw new Error(`There is no value ${name}.`)
  return isOnDevice(value) ? value.download() : value.data
}

/** The values as float32. @throws Error when they are not */
export async function readFloats(values: Readonly<Values>, name: string): Promise<Float32Array> {
  const data = await read(values[name], name)
  if (!(data instanceof Float32Array)) throw new Error(`${name} is not float32.`)
  return data
}

/** What differs between the modules of onnxruntime. */
interface OrtModule {
  InferenceSession: { create(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession> }
  Tensor: TensorConstructor
}

interface RuntimeConfig {
  device: DeviceKind
  description: string
  hardware: Hardware
  memory: number
  session: InferenceSession.SessionOptions
  /** Set where the device has memory of its own. */
  gpu: { upload(tensor: HostTensor): Promise<DeviceTensor> } | null
}

/** A tensor of onnxruntime behind a DeviceTensor. */
const held = new WeakMap<DeviceTensor, OrtTensor>()

/** What onnxruntime holds for it; undefined: it is another runtime's. */
export function heldTensor(value: DeviceTensor): OrtTensor | undefined {
  return held.get(value)
}

/** Wraps a tensor over memory that no session owns. @param owned frees it on dispose(). @param download copies its values: onnxruntime cannot */
export function holdTensor(tensor: OrtTensor, dtype: DType, owned: () => void, download: () => Promise<TensorData>): DeviceTensor {
  const value: DeviceTensor = {
    dtype,
    shape: tensor.dims,
    download,
    dispose: () => {
      tensor.dispose()
      owned()
    },
  }
  held.set(value, tensor)
  return value
}

function hostData(data: unknown): TensorData {
  if (
    data instanceof Float32Array ||
    data instanceof Int32Array ||
    data instanceof BigInt64Array ||
    data instanceof Uint16Array ||
    data instanceof Uint8Array
  ) {
    return data
  }
  // Newer engines hand out half floats as Float16Array; their bits are what we keep.
  if (ArrayBuffer.isView(data)) return new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2)
  throw new Error('The tensor holds no numbers.')
}

function makeTensor(ort: OrtModule, { dtype, shape, data }: HostTensor): OrtTensor {
  const { Tensor } = ort
  switch (dtype) {
    case 'float32':
      if (data instanceof Float32Array) return new Tensor('float32', data, shape)
      break
    case 'int32':
      if (data instanceof Int32Array) return new Tensor('int32', data, shape)
      break
    case 'int64':
      if (data instanceof BigInt64Array) return new Tensor('int64', data, shape)
      break
    case 'bool':
      if (data instanceof Uint8Array) return new Tensor('bool', data, shape)
      break
    case 'float16':
      if (data instanceof Uint16Array) return new Tensor('float16', data, shape)
      break
  }
  throw new Error(`A ${dtype} tensor cannot hold ${data.constructor.name}.`)
}

function checkFeed(program: Program, spec: TensorSpec, value: Value | undefined): Value {
  const expected = `${program.name}: input ${spec.name} is ${spec.dtype} [${spec.shape.join(', ')}]`
  if (!value) throw new Error(`${expected}, and it is missing.`)
  const fits = value.shape.length === spec.shape.length && spec.shape.every((dim, i) => typeof dim === 'string' || dim === value.shape[i])
  if (value.dtype !== spec.dtype || !fits) throw new Error(`${expected}; it was given ${value.dtype} [${value.shape.join(', ')}].`)
  return value
}

/** A runtime over one module of onnxruntime. */
export function createRuntime(ort: OrtModule, config: RuntimeConfig, queue: RunQueue = createQueue()): Runtime {
  /** Open sessions, and the tensors on the device that are each one's. */
  const sessions = new Map<InferenceSession, Set<OrtTensor>>()

  function create(program: Program, { keep, asItIs = false, unpacked = false }: LoadOptions): Promise<InferenceSession> {
    const locations = config.gpu
      ? Object.fromEntries(program.outputs.map(({ name }) => [name, keep?.(name) ? ('gpu-buffer' as const) : ('cpu' as const)]))
      : undefined
    return queue
      .run(() =>
        ort.InferenceSession.create(program.model, {
          ...config.session,
          ...(asItIs ? { graphOptimizationLevel: 'disabled' } : {}),
          ...(unpacked ? { extra: { session: { disable_prepacking: '1' } } } : {}),
          ...(locations ? { preferredOutputLocation: locations } : {}),
          ...(program.apart.length > 0 ? { externalData: program.apart.map(({ name, data }) => ({ path: name, data })) } : {}),
        }),
      )
      .catch((error: unknown) => {
        throw namedError(error, `loading ${program.name}`)
      })
  }

  async function load(program: Program, options: LoadOptions = {}): Promise<LoadedProgram> {
    // What lies beside it is in onnxruntime's memory then. Nothing here refers to it, or it would be there twice.
    return serve(await create(program, options), { ...program, apart: [] })
  }

  function serve(session: InferenceSession, program: Program): LoadedProgram {
    const given = new Set<OrtTensor>()
    sessions.set(session, given)
    const dtypes = new Map(program.outputs.map(({ name, dtype }) => [name, dtype]))
    let closing = false
    // Releasing a session under its tensors, or entering the module during a run, corrupts the module's memory
    // (onnxruntime-web 1.30, WebGPU). So all of this happens in the queue, and the session goes last.
    const releaseWhenUnused = async () => {
      if (closing && given.size === 0 && sessions.delete(session)) await session.release()
    }
    const give = (tensor: OrtTensor, name: string, dtype: DType): DeviceTensor => {
      given.add(tensor)
      const value: DeviceTensor = {
        dtype,
        shape: tensor.dims,
        download: () =>
          queue.run(async () => hostData(await tensor.getData())).catch((error: unknown) => {
            throw namedError(error, `reading ${name} of ${program.name}`)
          }),
        dispose: () => {
          void queue.run(async () => {
            if (given.delete(tensor)) tensor.dispose()
            await releaseWhenUnused()
          })
        },
      }
      held.set(value, tensor)
      return value
    }
    return {
      program,
      async run(feeds) {
        const made: OrtTensor[] = []
        const inputs: Record<string, OrtTensor> = {}
        for (const spec of program.inputs) {
          const value = checkFeed(program, spec, feeds[spec.name])
          if (isOnDevice(value)) {
            const tensor = held.get(value)
            if (!tensor) throw new Error(`${spec.name} belongs to another runtime.`)
            inputs[spec.name] = tensor
          } else {
            const tensor = makeTensor(ort, value)
            made.push(tensor)
            inputs[spec.name] = tensor
          }
        }
        const results = await queue.run(() => session.run(inputs)).catch((error: unknown) => {
          throw namedError(error, `running ${program.name}`)
        })
        for (const tensor of made) tensor.dispose()
        const values: Values = {}
        for (const [name, tensor] of Object.entries(results)) {
          const dtype = dtypes.get(name) ?? 'float32'
          values[name] =
            tensor.location === 'cpu' ? { dtype, shape: tensor.dims, data: hostData(tensor.data) } : give(tensor, name, dtype)
        }
        return values
      },
      async dispose() {
        closing = true
        await queue.run(releaseWhenUnused)
      },
    }
  }

  return {
    device: config.device,
    description: config.description,
    hardware: config.hardware,
    memory: config.memory,
    load,
    upload: async (tensor) => (config.gpu ? config.gpu.upload(tensor) : Promise.resolve(tensor)),
    async dispose() {
      await queue.run(async () => {
        const open = [...sessions]
        sessions.clear()
        for (const [session, given] of open) {
          for (const tensor of given) tensor.dispose()
          given.clear()
          await session.release()
        }
      })
    },
  }
}
