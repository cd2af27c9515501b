import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { createRandom } from '../../core/random.ts'
import type { TrainSequence } from '../../core/policy/sequence.ts'
import { estimateMicroBatch } from '../../nn/memory-estimate.ts'
import { parameterShapes, projections, readModelConfig } from '../../nn/transformer/config.ts'
import { loraShapes, type LoraConfig } from '../../nn/transformer/weights.ts'
import { createNodeRuntime } from '../../runtime/node.ts'
import type { Values } from '../../runtime/runtime.ts'
import { planStep, StepTooLargeError } from './learning-plan.ts'
import { Trainer } from './trainer.ts'

const runtime = createNodeRuntime(2)
afterAll(() => runtime.dispose())

const shape = (changes: Record<string, unknown>) =>
  readModelConfig({ model_type: 'llama', rms_norm_eps: 1e-5, tie_word_embeddings: true, max_position_embeddings: 8192, ...changes })
const smol = shape({ vocab_size: 49152, hidden_size: 576, num_hidden_layers: 30, num_attention_heads: 9, num_key_value_heads: 3, intermediate_size: 1536 })
const lora: LoraConfig = { rank: 16, alpha: 32, targets: projections }
const wide = { limit: Infinity, taken: 0, copies: false }

/** Rows of `own` tokens behind a shared beginning; every one of the last ten is scored. */
function rows(count: number, shared: number, own: number): TrainSequence[] {
  const random = createRandom('rows')
  const some = (length: number) => Array.from({ length }, () => random.int(256))
  const beginning = some(shared)
  return Array.from({ length: count }, (_, i) => {
    const ids = [...beginning, i, ...some(own - 1)]
    return { ids, targets: Array.from({ length: 10 }, (_, k) => ({ index: ids.length - 1 - k, weight: 1 / (10 * count), oldLogp: -5, refLogp: -5, advantage: 1 })) }
  })
}
const cut = (sequences: TrainSequence[], tokens: number, room = wide) =>
  planStep(sequences, { tokens, lengths: [8192] }, smol, lora, room).map(({ batch, prefix, length, recompute }) => ({ batch, prefix, length, recompute }))

describe('planStep', () => {
  it('keeps what happens in the layers while there is room', () => {
    expect(cut(rows(2, 150, 50), 2048)).toEqual([{ batch: 2, prefix: 150, length: 50, recompute: 0 }])
  })
  it('computes half of the layers twice where that is enough', () => {
    expect(cut(rows(2, 250, 80), 2048)).toEqual([{ batch: 2, prefix: 250, length: 80, recompute: 15 }])
  })
  it('computes layers twice rather than what many rows share again and again', () => {
    expect(cut(rows(8, 400, 40), 2048)).toEqual([{ batch: 8, prefix: 400, length: 40, recompute: 25 }])
  })
  it('makes smaller micro-batches rather than compute twice where rows share nothing', () => {
    const planned = cut(rows(4, 0, 200), 2048)
    expect(planned.every(({ recompute }) => recompute === 0)).toBe(true)
    expect(planned.reduce((sum, { batch }) => sum + batch, 0)).toBe(4)
  })
  it('computes more layers one by one where a copy of the weights that a run is fed with would not fit', () => {
    const room = { limit: 1.2 * 2 ** 30, taken: 0.6 * 2 ** 30 }
    expect(cut(rows(1, 0, 100), 2048, { ...room, copies: false })).toEqual([{ batch: 1, prefix: 0, length: 100, recompute: 0 }])
    expect(cut(rows(1, 0, 100), 2048, { ...room, copies: true })).toEqual([{ batch: 1, prefix: 0, length: 100, recompute: 10 }])
  })
  it('refuses a sequence that does not fit, with what to lower', () => {
    const room = { limit: 2 ** 30, taken: 0.7 * 2 ** 30, copies: false }
    expect(() => cut(rows(1, 0, 4000), 2048, room)).toThrow(StepTooLargeError)
    expect(() => cut(rows(1, 0, 4000), 2048, room)).toThrow(/A sequence of 4000 tokens needs about \d\.\d GB of memory, and 1\.0 GB can be used here\. Lower the longest of the lengths/)
    expect(cut(rows(1, 0, 100), 2048, room)).toHaveLength(1)
  })
})

// The kernel keeps the peak, and forgets it on request.
const status = '/proc/self/status'
const field = (name: string) => 1024 * Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(status, 'utf8'))?.[1])

describe.skipIf(process.platform !== 'linux')('estimateMicroBatch against the memory that a step takes', () => {
  const config = shape({ vocab_size: 8192, hidden_size: 256, num_hidden_layers: 6, num_attention_heads: 4, num_key_value_heads: 2, intermediate_size: 688 })

  let before: number | null = null

  it.each([
    ['layers computed twice', 6, 500, 250, 5],
    ['half of the layers computed twice', 6, 500, 225, 3],
    ['rows that share a beginning', 6, 500, 200, 0],
    ['one long row', 1, 0, 1700, 0],
  ])('%s', async (_, count, prefix, own, recompute) => {
    const base: Values = Object.fromEntries([...parameterShapes(config)].map(([name, dims]) => [name, { dtype: 'float32', shape: dims, data: new Float32Array(dims.reduce((n, dim) => n * dim, 1)).fill(0.01) } as const]))
    const adapter = new Map([...loraShapes(config, lora)].map(([name, [a, b]]) => [name, new Float32Array(a * b).fill(0.01)]))
    const batching = { tokens: 8192, lengths: [2048] }
    const trainer = await Trainer.create(runtime, config, { loss: { kind: 'grpo', grpo: { clip: null, kl: 'k3' } }, trainable: 'lora', lora, weights: { layout: 'huggingface', dtype: 'float32' }, recompute, adamW: { betas: [0.9, 0.999], epsilon: 1e-8, weightDecay: 0 }, batching }, base, adapter)
    const batch = rows(count, prefix, own)
    const settings = { learningRate: 1e-4, maxNorm: 1, beta: 0.1 }
    // The first run loads the program.
    await trainer.gradient(count === 1 ? rows(1, 0, 300) : rows(2, 300, 100), settings)
    // The heap still has what an earlier case took, each of which took less: it is counted for this one too.
    before ??= field('VmRSS')
    writeFileSync('/proc/self/clear_refs', '5')
    await trainer.gradient(batch, settings)
    const taken = field('VmHWM') - before
    const estimate = estimateMicroBatch(config, lora, { prefix, batch: count, length: own, positions: 10 * count }, recompute)
    await trainer.dispose()
    expect(taken / estimate).toBeGreaterThan(0.5)
    expect(taken / estimate).toBeLessThan(1.5)
  })
})
