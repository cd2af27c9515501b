// onnxruntime-web on WebGPU, the native provider. Weights may be GPU buffers that somebody else owns.
import * as ort from 'onnxruntime-web/webgpu'
import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url'
import type { TensorData } from '../nn/graph.ts'
import type { DType } from '../nn/shape.ts'
import { RuntimeError } from './errors.ts'
import { type Hardware, createRuntime, heldTensor, holdTensor, isOnDevice, type DeviceTensor, type HostTensor, type Runtime, type Value } from './runtime.ts'

/** A runtime on a device that others use, too. */
export interface WebGpuRuntime extends Runtime {
  /**
   * A tensor over a GPU buffer of this device that the caller keeps owning: it must outlive every run that is fed with it.
   * Shape and type are taken on trust. The buffer needs STORAGE, COPY_SRC and COPY_DST usage and at least 16 bytes.
   */
  wrap(buffer: GPUBuffer, dtype: DType, shape: readonly number[]): DeviceTensor
  /** The buffer that a tensor of this runtime lies in; the tensor's, and valid as long as it is. @throws Error when it lies in none */
  bufferOf(value: Value): GPUBuffer
}

interface WebGpuOptions {
  /** A device that already exists (WebLLM's): buffers on it can be fed without a copy. */
  device?: GPUDevice
  /** Accept an adapter that is emulated in software. */
  allowSoftware?: boolean
  /** Refuse programs of which a part would run on the CPU. */
  strict?: boolean
  /** Address of onnxruntime's own file, where it is not to be found beside this code. */
  wasm?: string
}

/** onnxruntime binds no external buffer below this, bytes. */
const smallestBuffer = 16
/** STORAGE | COPY_SRC | COPY_DST, by number: TypeScript's DOM library has no GPUBufferUsage. */
const bufferUsage = 0x80 | 0x04 | 0x08

type GpuHardware = Extract<Hardware, { kind: 'gpu' }>
const deviceInUse: GpuHardware = { kind: 'gpu', name: 'a device in use', software: false }

async function requestDevice(allowSoftware: boolean): Promise<{ device: GPUDevice; hardware: GpuHardware }> {
  if (!('gpu' in navigator)) throw new RuntimeError('no-webgpu')
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter) throw new RuntimeError('no-webgpu', 'no adapter')
  const { info } = adapter
  if (info.isFallbackAdapter && !allowSoftware) throw new RuntimeError('software-adapter', info.description)
  const wanted: GPUFeatureName[] = ['shader-f16', 'subgroups']
  const { maxBufferSize, maxStorageBufferBindingSize, maxComputeInvocationsPerWorkgroup, maxComputeWorkgroupStorageSize, maxComputeWorkgroupSizeX, maxComputeWorkgroupSizeY, maxComputeWorkgroupSizeZ, maxStorageBuffersPerShaderStage } = adapter.limits
  const device = await adapter.requestDevice({
    requiredFeatures: wanted.filter((feature) => adapter.features.has(feature)),
    requiredLimits: {
      maxBufferSize,
      maxStorageBufferBindingSize,
      maxComputeInvocationsPerWorkgroup,
      maxComputeWorkgroupStorageSize,
      maxComputeWorkgroupSizeX,
      maxComputeWorkgroupSizeY,
      maxComputeWorkgroupSizeZ,
      maxStorageBuffersPerShaderStage,
    },
  })
  const name = [info.vendor, info.architecture, info.description].filter((part) => part !== '').join(' ')
  return { device, hardware: { kind: 'gpu', name: name === '' ? null : name, software: info.isFallbackAdapter } }
}

/** MAP_READ | COPY_DST, and mapAsync's READ. */
const readUsage = 0x01 | 0x08
const readMode = 0x01

/** A copy of what lies in a buffer, which is lent with STORAGE, COPY_SRC and COPY_DST usage. */
async function copyOf(device: GPUDevice, buffer: GPUBuffer, dtype: DType, shape: readonly number[]): Promise<TensorData> {
  const staging = device.createBuffer({ size: buffer.size, usage: readUsage })
  const encoder = device.createCommandEncoder()
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size)
  device.queue.submit([encoder.finish()])
  await staging.mapAsync(readMode)
  const bytes = staging.getMappedRange().slice(0)
  staging.destroy()
  const count = shape.reduce((product, size) => product * size, 1)
  switch (dtype) {
    case 'float32':
      return new Float32Array(bytes, 0, count)
    case 'int32':
      return new Int32Array(bytes, 0, count)
    case 'int64':
      return new BigInt64Array(bytes, 0, count)
    case 'float16':
      return new Uint16Array(bytes, 0, count)
    case 'bool':
      return new Uint8Array(bytes, 0, count)
  }
}

/** See WebGpuRuntime.wrap(). */
function wrapGpuBuffer(device: GPUDevice, buffer: GPUBuffer, dtype: DType, shape: readonly number[], owned: () => void = () => undefined): DeviceTensor {
  const tensor = ort.Tensor.fromGpuBuffer(buffer, { dataType: dtype, dims: shape })
  return holdTensor(tensor, dtype, owned, () => copyOf(device, buffer, dtype, shape))
}

/** @throws RuntimeError no-webgpu or software-adapter */
export async function createWebGpuRuntime(options: WebGpuOptions = {}): Promise<WebGpuRuntime> {
  const found = options.device ? { device: options.device, hardware: deviceInUse } : await requestDevice(options.allowSoftware ?? false)
  const { device, hardware } = found
  ort.env.wasm.numThreads = 1
  ort.env.wasm.wasmPaths = { wasm: options.wasm ?? wasmUrl }
  ort.env.logLevel = 'error'

  const upload = async ({ dtype, shape, data }: HostTensor): Promise<DeviceTensor> => {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    const size = Math.max(smallestBuffer, Math.ceil(bytes.length / 4) * 4)
    const buffer = device.createBuffer({
      size,
      usage: bufferUsage,
      mappedAtCreation: true,
    })
    new Uint8Array(buffer.getMappedRange()).set(bytes)
    buffer.unmap()
    return Promise.resolve(wrapGpuBuffer(device, buffer, dtype, shape, () => { buffer.destroy() }))
  }

  const runtime = createRuntime(ort, {
    device: 'webgpu',
    description: `WebGPU on ${hardware.name ?? 'an unnamed adapter'}${hardware.software ? ' (software)' : ''}`,
    hardware,
    // A browser does not say what a graphics card has.
    memory: Infinity,
    session: {
      executionProviders: [{ name: 'webgpu', device }],
      graphOptimizationLevel: 'all',
      extra: {
        session: { disable_cpu_ep_fallback: options.strict ? '1' : '0' },
        // This fusion makes FusedMatMul, which the WebGPU provider does not have and leaves to the CPU.
        optimization: { disable_specified_optimizers: 'MatmulTransposeFusion' },
      },
    },
    gpu: { upload },
  })
  return {
    ...runtime,
    wrap: (buffer, dtype, shape) => wrapGpuBuffer(device, buffer, dtype, shape),
    bufferOf(value) {
      const tensor = isOnDevice(value) ? heldTensor(value) : undefined
      if (tensor?.location !== 'gpu-buffer') throw new Error('The tensor does not lie in a buffer of this graphics card.')
      const { gpuBuffer } = tensor
      if (!isGpuBuffer(gpuBuffer)) throw new Error('The tensor does not lie in a buffer of this graphics card.')
      return gpuBuffer
    },
  }
}

const isGpuBuffer = (value: unknown): value is GPUBuffer => typeof value === 'object' && value !== null && 'mapAsync' in value
