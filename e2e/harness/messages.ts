// What the harness page, its worker and the test that drives them say to each other.
import type { Comparison } from '../../src/goldens/golden-compare.ts'
import type { Extent } from '../../src/goldens/golden.ts'

/** `fallback`: load a program on WebGPU of which a part can only run on the CPU, where that is forbidden. */
export type HarnessRequest = { kind: 'golden'; device: BrowserDevice; extent: Extent } | { kind: 'fallback' } | { kind: 'merge' } | { kind: 'live' }

export type BrowserDevice = 'wasm' | 'webgpu'

export interface GoldenReport {
  /** The device in words. */
  description: string
  comparisons: Comparison[]
  /** ms for everything: sessions and runs. */
  elapsed: number
}

/** What writing an adapter into a model's weights on the graphics card gave, against the same in 64 bits. */
export interface MergeReport {
  /** Architecture, type of the weights and projections of the adapter. */
  what: string
  /** Largest error of a weight that the adapter changes: as a share of its size (at least 1), and, beyond what sums in 32 bits are off, in halves of the last place's unit of its type: one rounding is 1. */
  error: { relative: number; halfUnits: number }
  /** Weights that the adapter changes; how many of these are other than before. */
  adapted: number
  changed: number
  /** Weights that it leaves alone and that are other than before. */
  disturbed: number
  /** Weights that are other than at the beginning when it was taken off again. */
  left: number
  /** Bytes of buffers beside the weights, while it was in use as the layout foretold and counted, and afterwards. */
  kept: { foretold: number; counted: number; after: number }
}

/** What a card came to that was lost with a submission of LiveWeights: W₀ kept, an adapter, another one, W₀ back. */
export interface LossReport {
  /** Which submission. */
  at: number
  /** What each of the four said: the kind of its problem, or `done`. */
  said: string[]
  /** Whether the weights were said to be whole in the end. */
  whole: boolean
}

/** What a model that learns from buffers which another program reads came to: log π of the same tokens, nats. */
export interface LiveReport {
  /** As the other program reads the weights: before, after a step, when the training has ended, and after all. */
  before: number[]
  after: number[]
  reset: number[]
  last: number[]
  /** As the trainer says: with the fresh adapter, with the learnt one, and without any while it has that. */
  fresh: number[]
  trained: number[]
  reference: number[]
  applied: boolean
  /** How often the sampler was told that its weights have changed. */
  forgotten: number
  /** Bytes of buffers that learning took, and more than before it: after each of ten adapters that were put on and off, and of ten trainings. */
  learning: number
  cycles: number[]
  trainings: number[]
  /** The same after each of two trainings while nobody else had a session of onnxruntime open. */
  apart: number[]
}

export type HarnessReply = { learnt: LiveReport } | { merged: MergeReport[]; losses: LossReport[] } | { report: GoldenReport } | { error: string }
