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

interface DeviceChoice {
  runtime: Runtime
  /** What was chosen and why, for people. */
  reason: string
  measured: { device: DeviceKind; milliseconds: number | null; problem: string | null }[]
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
  const others = measured.filter(({ device }) => device !== best?.runtime.device)
  const said = others.map(({ device, milliseconds, problem }) => (milliseconds === null ? `${device} is not usable: ${problem ?? ''}` : `${device} needs ${milliseconds.toFixed(1)} ms`))
  const asked = wanted === 'auto' ? '' : ', as asked'
  const reason = [`${best.runtime.description}${asked}: ${best.milliseconds.toFixed(1)} ms a step`, ...said].join('; ')
  return { runtime: best.runtime, reason: `${reason}.`, measured }
}
