import { afterAll, describe, expect, it } from 'vitest'
import { createRandom } from '../core/random.ts'
import { createNodeRuntime } from '../runtime/node.ts'
import type { CorpusSequence } from './corpus.ts'
import { randomWeights, tinyConfig } from '../models/fixtures/tiny-model.ts'
import { teacherForced } from './teacher-forcing.ts'
import { Trainer } from '../models/training/trainer.ts'

const runtime = createNodeRuntime(1)
afterAll(() => runtime.dispose())

const config = tinyConfig()
const batching = { tokens: 64, lengths: [16, 32] }

/** The same text for each length, with one fact to copy and one value to answer. */
function sequence(length: number): CorpusSequence {
  const ids = Array.from({ length }, (_, i) => (i * 7) % 90)
  const policy = ids.map((_, i) => i).slice(4)
  return {
    ids,
    policy,
    exact: [],
    choices: [],
    environment: [],
    spans: [
      { kind: 'copy', question: 'one-hop', from: 5, to: 9 },
      { kind: 'answer', question: length > 16 ? 'two-hop' : 'one-hop', from: 10, to: 12 },
    ],
  }
}
const sequences = [sequence(12), sequence(14), sequence(30)]

async function trainer(): Promise<Trainer> {
  const options = { loss: { kind: 'cross-entropy' }, trainable: 'all', lora: null, weights: { layout: 'huggingface', dtype: 'float32' }, recompute: 0, batching } as const
  return Trainer.create(runtime, config, { ...options, adamW: { betas: [0.9, 0.95], epsilon: 1e-8, weightDecay: 0 } }, {}, randomWeights(config, createRandom('forced'), 0.1))
}

describe('teacherForced', () => {
  it('gives the mean loss of the policy’s tokens', async () => {
    const trained = await trainer()
    const targets = sequences.map(({ ids, policy }) => ({ ids, targets: policy.map((index) => ({ index, weight: 1 })) }))
    const logps = (await trained.score(targets)).flatMap((row) => [...row])
    const report = await teacherForced(runtime, config, trained.parameters, sequences, batching)
    expect(report.tokens).toBe(8 + 10 + 26)
    expect(report.loss).toBeCloseTo(-logps.reduce((sum, logp) => sum + logp, 0) / 44, 5)
    await trained.dispose()
  })
  it('counts what is copied and answered right: nothing before it is learnt, everything after', async () => {
    const trained = await trainer()
    const before = await teacherForced(runtime, config, trained.parameters, sequences, batching)
    expect(before).toMatchObject({ copies: { right: 0, of: 3 }, answers: { 'one-hop': { right: 0, of: 2 }, 'two-hop': { right: 0, of: 1 } } })
    const total = sequences.reduce((sum, { policy }) => sum + policy.length, 0)
    const lesson = sequences.map(({ ids, policy }) => ({ ids, targets: policy.map((index) => ({ index, weight: 1 / total })) }))
    for (let step = 0; step < 60; step++) await trained.update(lesson, { learningRate: 1e-2, maxNorm: 1, beta: 0 })
    const after = await teacherForced(runtime, config, trained.parameters, sequences, batching)
    expect(after).toMatchObject({ copies: { right: 3, of: 3 }, copiedTokens: { right: 12, of: 12 }, answers: { 'one-hop': { right: 2, of: 2 }, 'two-hop': { right: 1, of: 1 } } })
    expect(after.loss).toBeLessThan(0.1)
    await trained.dispose()
  })
})
