// What the harness page, its worker and the test that drives them say to each other.
import type { Comparison } from '../../src/goldens/golden-compare.ts'

/** `fallback`: load a program on WebGPU of which a part can only run on the CPU, where that is forbidden. */
export type HarnessRequest = { kind: 'golden'; device: BrowserDevice } | { kind: 'fallback' }

export type BrowserDevice = 'wasm' | 'webgpu'

export interface GoldenReport {
  /** The device in words. */
  description: string
  comparisons: Comparison[]
  /** ms for everything: sessions and runs. */
  elapsed: number
}

export type HarnessReply = { report: GoldenReport } | { error: string }
