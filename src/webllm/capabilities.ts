// What this machine can do: WebGPU or why not, and storage. Asks the browser anew each time; keeps no device.
import type { Capabilities, GpuState, NoWebGpu } from '../core/policy/webllm.ts'
import { messageOf } from '../core/error-message.ts'

/** What of the browser is asked; tests give their own. */
export interface Browser {
  gpu: Pick<GPU, 'requestAdapter'> | undefined
  secure: boolean
  storage: Pick<StorageManager, 'estimate' | 'persisted'> | undefined
}

async function gpuState({ gpu, secure }: Browser): Promise<GpuState> {
  const without = (reason: NoWebGpu, detail = ''): GpuState => ({ available: false, reason, detail })
  if (!gpu) return without(secure ? 'no-api' : 'insecure')
  let adapter: GPUAdapter | null
  try {
    adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  } catch (error) {
    return without('no-adapter', messageOf(error))
  }
  if (!adapter) return without('no-adapter')
  try {
    ;(await adapter.requestDevice()).destroy()
  } catch (error) {
    return without('no-device', messageOf(error))
  }
  const { info, limits, features } = adapter
  return {
    available: true,
    adapter: { vendor: info.vendor, architecture: info.architecture, device: info.device, description: info.description },
    fallback: info.isFallbackAdapter,
    shaderF16: features.has('shader-f16'),
    limits: {
      maxBufferSize: limits.maxBufferSize,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
    },
  }
}

export async function capabilitiesOf(browser: Browser): Promise<Capabilities> {
  const estimate = await browser.storage?.estimate().catch(() => null)
  const persisted = await browser.storage?.persisted().catch(() => false)
  return {
    gpu: await gpuState(browser),
    storage: estimate?.quota === undefined || estimate.usage === undefined ? null : { quota: estimate.quota, usage: estimate.usage, persisted: persisted ?? false },
  }
}
