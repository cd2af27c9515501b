import { describe, expect, it } from 'vitest'
import { chooseDevice, type Candidate } from './choose.ts'
import { RuntimeError } from './errors.ts'
import { createNodeRuntime } from './node.ts'
import type { DeviceKind, Runtime } from './runtime.ts'

// Real runtimes under other names: the choice knows only what the probe measured.
function candidate(device: DeviceKind, disposed: DeviceKind[]): Candidate {
  return {
    device,
    create: async () => {
      const runtime = createNodeRuntime(1)
      const dispose = async () => {
        disposed.push(device)
        await runtime.dispose()
      }
      return Promise.resolve({ ...runtime, device, description: `the ${device}`, dispose })
    },
  }
}

const broken: Candidate = { device: 'webgpu', create: () => Promise.reject(new RuntimeError('software-adapter', 'SwiftShader')) }
const takes = (times: Partial<Record<DeviceKind, number>>) => async (runtime: Runtime) => Promise.resolve(times[runtime.device] ?? NaN)

describe('chooseDevice', () => {
  it('keeps the fastest and frees the others', async () => {
    const disposed: DeviceKind[] = []
    const choice = await chooseDevice([candidate('wasm', disposed), candidate('webgpu', disposed)], takes({ wasm: 9, webgpu: 2.5 }))
    expect(choice.runtime.device).toBe('webgpu')
    expect(disposed).toEqual(['wasm'])
    expect(choice.measured).toEqual([{ device: 'wasm', milliseconds: 9, problem: null }, { device: 'webgpu', milliseconds: 2.5, problem: null }])
  })

  it('goes on without a device that refuses, and says why', async () => {
    const choice = await chooseDevice([broken, candidate('wasm', [])], takes({ wasm: 3 }))
    expect(choice.runtime.device).toBe('wasm')
    expect(choice.measured).toEqual([{ device: 'webgpu', milliseconds: null, problem: expect.stringMatching(/^The only WebGPU adapter is emulated/) }, { device: 'wasm', milliseconds: 3, problem: null }])
  })

  it('takes the one that was asked for, however slow', async () => {
    const choice = await chooseDevice([candidate('wasm', []), candidate('webgpu', [])], takes({ wasm: 9, webgpu: 2 }), 'wasm')
    expect(choice.runtime.device).toBe('wasm')
    expect(choice.measured).toEqual([{ device: 'wasm', milliseconds: 9, problem: null }])
  })

  it('fails with what every device said', async () => {
    await expect(chooseDevice([broken], takes({}))).rejects.toThrow(/webgpu: .*SwiftShader/)
    await expect(chooseDevice([candidate('wasm', [])], takes({}), 'webgpu')).rejects.toThrow('no device was offered')
  })
})
