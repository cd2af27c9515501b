// The shapes that are measured on a graphics card: those of real models, with made-up weights, since what a product of
// matrices costs does not depend on what is in them. Nothing is downloaded.
import type { ModelConfig } from '../../src/nn/transformer/config.ts'

const llama = {
  family: 'llama', headDim: 64, ropeScaling: null, rmsNormEps: 1e-5, tiedEmbeddings: true, attentionBias: false, queryKeyNorm: false,
} as const
const qwen = { rmsNormEps: 1e-6, ropeTheta: 1_000_000, ropeScaling: null, maxPositions: 32_768, vocabSize: 151_936, tiedEmbeddings: true } as const

export const gpuModels = {
  /** Small enough for an adapter in software: shows that everything runs, and no speed. */
  tiny: { ...llama, vocabSize: 256, hiddenSize: 64, layers: 2, heads: 2, kvHeads: 1, headDim: 32, intermediateSize: 128, ropeTheta: 10_000, maxPositions: 1024 },
  nano: { ...llama, vocabSize: 4096, hiddenSize: 192, layers: 4, heads: 3, kvHeads: 3, intermediateSize: 512, ropeTheta: 1_000_000, maxPositions: 1024 },
  'SmolLM2-135M': { ...llama, vocabSize: 49_152, hiddenSize: 576, layers: 30, heads: 9, kvHeads: 3, intermediateSize: 1536, ropeTheta: 100_000, maxPositions: 8192 },
  'SmolLM2-360M': { ...llama, vocabSize: 49_152, hiddenSize: 960, layers: 32, heads: 15, kvHeads: 5, intermediateSize: 2560, ropeTheta: 100_000, maxPositions: 8192 },
  'Qwen2.5-0.5B': { ...qwen, family: 'qwen2', hiddenSize: 896, layers: 24, heads: 14, kvHeads: 2, headDim: 64, intermediateSize: 4864, attentionBias: true, queryKeyNorm: false },
  'Qwen3-0.6B': { ...qwen, family: 'qwen3', hiddenSize: 1024, layers: 28, heads: 16, kvHeads: 8, headDim: 128, intermediateSize: 3072, attentionBias: false, queryKeyNorm: true },
  'Llama-3.2-1B': {
    ...llama, vocabSize: 128_256, hiddenSize: 2048, layers: 16, heads: 32, kvHeads: 8, intermediateSize: 8192, ropeTheta: 500_000, maxPositions: 131_072,
    ropeScaling: { factor: 32, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalPositions: 8192 },
  },
} as const satisfies Record<string, ModelConfig>

export type GpuModel = keyof typeof gpuModels
