// Which device a model runs on: measured on the model at hand, because a small model decodes faster on the CPU than a
// graphics card can be asked to.
import { RuntimeError } from './errors.ts'
import type { DeviceKind, Runtime } from './runtime.ts'

/** How long one step takes on a runtime, ms. Loads what it needs and frees it. */
export type Probe = (runtime: Runtime) => Promise<number>

export interface Candidate {
  device: DeviceKind
  create: () => Promise<Runtime>
}

/** What a step takes on a device, ms, or what is wrong with it, in words. */
export interface Measured {
  device: DeviceKind
  milliseconds: number | null
  problem: string | null
}

interface DeviceChoice {
  runtime: Runtime
  measured: Measured[]
}

/**
 * Measures the probe on every candidate and keeps the fastest; the others are disposed of.
 * @param wanted a device to use whatever the times are
 * @throws RuntimeError when no candidate works, with what each one said
 */
export async function chooseDevice(candidates: readonly Candidate[], probe: Probe, wanted: DeviceKind | 'auto' = 'auto'): Promise<DeviceChoice> {
  const measured: DeviceChoice['measured'] = []
  let best: { runtime: Runtime; milliseconds: number } | null = null
  for (const { device, create } of candidates) {
    if (wanted !== 'auto' && wanted !== device) continue
    let runtime: Runtime | null = null
    try {
      runtime = await create()
      const milliseconds = await probe(runtime)
      measured.push({ device, milliseconds, problem: null })
      if (best === null || milliseconds < best.milliseconds) {
        await best?.runtime.dispose()
        best = { runtime, milliseconds }
      } else {
        await runtime.dispose()
      }
    } catch (error) {
      await runtime?.dispose()
      measured.push({ device, milliseconds: null, problem: error instanceof Error ? error.message : String(error) })
    }
  }
  if (best === null) {
    throw new RuntimeError('failed', measured.map(({ device, problem }) => `${device}: ${problem ?? 'not tried'}`).join('; ') || 'no device was offered')
  }
  return { runtime: best.runtime, measured }
}
