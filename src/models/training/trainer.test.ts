import { afterAll, describe, expect, it } from 'vitest'
import { createRandom } from '../../core/random.ts'
import { loraShapes, type LoraConfig } from '../../nn/transformer/weights.ts'
import { parameterShapes } from '../../nn/transformer/config.ts'
import { createNodeRuntime } from '../../runtime/node.ts'
import type { Values } from '../../runtime/runtime.ts'
import type { TrainSequence } from '../../core/policy/sequence.ts'
import { gaussian, randomWeights, tinyConfig } from '../fixtures/tiny-model.ts'
import { inductionBatch } from '../../pretraining/induction.fixture.ts'
import { Trainer, type TrainerOptions } from './trainer.ts'

const runtime = createNodeRuntime(1)
afterAll(() => runtime.dispose())

const config = tinyConfig()
const lora: LoraConfig = { rank: 4, alpha: 8, targets: ['q_proj', 'v_proj', 'down_proj'] }
const options: TrainerOptions = {
  loss: { kind: 'grpo', grpo: { clip: { low: 0.2, high: 0.2 }, kl: 'k3' } },
  trainable: 'lora',
  lora,
  weights: { layout: 'huggingface', dtype: 'float32' },
  recompute: 0,
  adamW: { betas: [0.9, 0.999], epsilon: 1e-8, weightDecay: 0.01 },
  batching: { tokens: 8 * 32, lengths: [16, 32] },
  
}
const settings = { learningRate: 1e-2, maxNorm: 1, beta: 0.1 }

function baseWeights(): Values {
  const weights = randomWeights(config)
  return Object.fromEntries([...parameterShapes(config)].map(([name, shape]) => [name, { dtype: 'float32', shape, data: weights.get(name) ?? new Float32Array(0) } as const]))
}

/** A random adapter; B is not zero, so that every tensor has a gradient at once. */
function adapter(): Map<string, Float32Array> {
  const random = createRandom('adapter')
  return new Map([...loraShapes(config, lora)].map(([name, [rows, columns]]) => [name, Float32Array.from({ length: rows * columns }, () => 0.1 * gaussian(random))]))
}

/** Eight sequences of different lengths, with old and reference log-probabilities near what the model gives. */
async function sequences(trainer: Trainer): Promise<TrainSequence[]> {
  const random = createRandom('sequences')
  const plain = Array.from({ length: 8 }, (_, i): TrainSequence => {
    const ids = Array.from({ length: 10 + 3 * (i % 4) }, () => random.int(config.vocabSize))
    return { ids, targets: ids.slice(4).map((_, k) => ({ index: 4 + k, weight: 0 })) }
  })
  const total = plain.reduce((n, { targets }) => n + targets.length, 0)
  const logps = await trainer.score(plain)
  const refs = await trainer.score(plain, true)
  return plain.map(({ ids, targets }, i) => ({
    ids,
    targets: targets.map((target, k) => ({
      ...target,
      weight: 1 / total,
      oldLogp: (logps[i]?.[k] ?? 0) + 0.3 * (random.next() - 0.5),
      refLogp: refs[i]?.[k] ?? 0,
      advantage: i % 2 === 0 ? 1.2 : -0.7,
    })),
  }))
}

const create = (changes: Partial<TrainerOptions> = {}, base = baseWeights()) => Trainer.create(runtime, config, { ...options, ...changes }, base, adapter())

function largestDifference(a: ReadonlyMap<string, Float32Array>, b: ReadonlyMap<string, Float32Array>): number {
  let largest = 0
  for (const [name, values] of a) for (const [i, value] of values.entries()) largest = Math.max(largest, Math.abs(value - (b.get(name)?.[i] ?? NaN)))
  return largest
}

describe('Trainer', () => {
  it('learns to repeat random strings, every parameter trained from scratch', async () => {
    const task = { vocabulary: 64, length: 12 }
    const length = 2 * task.length + 1
    const small = tinyConfig({ vocab_size: task.vocabulary, hidden_size: 64, intermediate_size: 128 })
    const random = createRandom('induction')
    const trainer = await Trainer.create(
      runtime,
      small,
      { ...options, loss: { kind: 'cross-entropy' }, trainable: 'all', lora: null, adamW: { betas: [0.9, 0.98], epsilon: 1e-9, weightDecay: 0.01 }, batching: { tokens: 32 * length, lengths: [length] } },
      {},
      randomWeights(small, random, 0.05),
    )
    const tests = inductionBatch(createRandom('unseen'), task, 64)
    /** Share of tokens with more than half of the probability: each of them is the model's first choice. */
    const accuracy = async () => {
      const logps = (await trainer.score(tests)).flatMap((row) => [...row])
      return logps.filter((logp) => logp > Math.log(0.5)).length / logps.length
    }
    expect(await accuracy()).toBe(0)
    for (let step = 1; step <= 150; step++) {
      await trainer.update(inductionBatch(random, task, 32), { learningRate: 3e-3 * Math.min(1, step / 50), maxNorm: 1, beta: 0 })
    }
    expect(await accuracy()).toBeGreaterThan(0.99)
    await trainer.dispose()
  })

  it('takes the same step in one micro-batch of 8 as in 8 of one, and with recomputation', async () => {
    const whole = await create({ batching: { tokens: 8 * 32, lengths: [32] } })
    const batch = await sequences(whole)
    const alone = await create({ batching: { tokens: 32, lengths: [32] } })
    const again = await create({ batching: { tokens: 64, lengths: [16, 32] }, recompute: config.layers })
    for (let step = 0; step < 3; step++) {
      const report = await whole.update(batch, settings)
      for (const other of [alone, again]) {
        const same = await other.update(batch, settings)
        expect(same.loss).toBeCloseTo(report.loss, 5)
        expect(same.grad_norm / report.grad_norm).toBeCloseTo(1, 4)
        expect(same.kl).toBeCloseTo(report.kl, 5)
        expect(same.tokens).toBe(report.tokens)
      }
    }
    const { parameters } = await whole.state()
    for (const other of [alone, again]) expect(largestDifference(parameters, (await other.state()).parameters)).toBeLessThan(2e-4)
    expect(largestDifference(parameters, adapter())).toBeGreaterThan(0.01)
    for (const trainer of [whole, alone, again]) await trainer.dispose()
  })

  it.each(['llama', 'qwen2', 'qwen3'])('%s: layers that run one by one, and once more for their gradient, change no number', async (model_type) => {
    const deep = tinyConfig({ model_type, num_hidden_layers: 4, tie_word_embeddings: model_type !== 'qwen2' })
    const weights = randomWeights(deep)
    const base: Values = Object.fromEntries([...parameterShapes(deep)].map(([name, shape]) => [name, { dtype: 'float32', shape, data: weights.get(name) ?? new Float32Array(0) } as const]))
    const random = createRandom('deep')
    const parameters = new Map([...loraShapes(deep, lora)].map(([name, [rows, columns]]) => [name, Float32Array.from({ length: rows * columns }, () => 0.1 * gaussian(random))]))
    const of = (recompute: number) => Trainer.create(runtime, deep, { ...options, recompute }, base, parameters)
    const [whole, ...chained] = [await of(0), await of(1), await of(3), await of(4)]
    const batch = await sequences(whole)
    const expected = await whole.gradient(batch, settings)
    const logps = [await whole.score(batch, true), await whole.score(batch)]
    for (const other of chained) {
      const { sums, gradient } = await other.gradient(batch, settings)
      expect(sums.loss).toBeCloseTo(expected.sums.loss, 6)
      expect(sums.entropy).toBeCloseTo(expected.sums.entropy, 4)
      expect([...gradient.keys()]).toEqual([...expected.gradient.keys()])
      expect(largestDifference(expected.gradient, gradient)).toBeLessThan(1e-5)
      for (const [i, of] of [await other.score(batch, true), await other.score(batch)].entries()) {
        for (const [row, values] of of.entries()) for (const [k, logp] of values.entries()) expect(Math.abs(logp - (logps[i]?.[row]?.[k] ?? NaN))).toBeLessThan(1e-5)
      }
    }
    expect(Math.hypot(...[...expected.gradient.values()].flatMap((values) => [...values]))).toBeGreaterThan(0.1)
    for (const trainer of [whole, ...chained]) await trainer.dispose()
  })

  it.each([
    ['short', 9, 4],
    ['long enough for blocks of attention', 300, 290],
  ])('computes what the rows of a micro-batch share once, to the same numbers: %s', async (_, prefix, longest) => {
    const random = createRandom('shared')
    const some = (count: number) => Array.from({ length: count }, () => random.int(config.vocabSize))
    const shared = some(prefix)
    const batch = Array.from({ length: 3 }, (_, i): TrainSequence => {
      const own = [i, ...some(longest - i - 1)]
      // Tokens of the prefix, the first behind it, and later ones are scored.
      const targets = [2, prefix - 1, prefix, prefix + 1, prefix + own.length - 1].map((index) => ({ index, weight: 1 / 15, oldLogp: -4, refLogp: -4, advantage: i - 0.7 }))
      return { ids: [...shared, ...own], targets }
    })
    const lengths = [prefix + longest]
    const together = await create({ batching: { tokens: prefix + 3 * longest, lengths } })
    const alone = await create({ batching: { tokens: 1, lengths } })
    for (const base of [true, false]) {
      const expected = await alone.score(batch, base)
      for (const [i, row] of (await together.score(batch, base)).entries()) for (const [k, logp] of row.entries()) expect(Math.abs(logp - (expected[i]?.[k] ?? NaN))).toBeLessThan(1e-5)
    }
    const [one, many] = [await together.gradient(batch, settings), await alone.gradient(batch, settings)]
    expect(one.sums.padded).toBe(prefix + 3 * longest)
    expect(many.sums.padded).toBe(3 * prefix + 3 * longest - 3)
    expect(one.sums.loss).toBeCloseTo(many.sums.loss, 5)
    expect(largestDifference(one.gradient, many.gradient)).toBeLessThan(1e-5)
    expect(Math.hypot(...[...one.gradient.values()].flatMap((values) => [...values]))).toBeGreaterThan(0.1)
    for (const trainer of [together, alone]) await trainer.dispose()
  })

  it('leaves the base weights as they are, to the bit', async () => {
    const base = baseWeights()
    const trainer = await create({}, base)
    const batch = await sequences(trainer)
    for (let step = 0; step < 10; step++) expect((await trainer.update(batch, settings)).applied).toBe(true)
    expect(base).toEqual(baseWeights())
    await trainer.dispose()
  })

  it('changes nothing when a gradient is not finite, and says so', async () => {
    const trainer = await create()
    const [first, ...rest] = await sequences(trainer)
    const before = await trainer.state()
    const spoilt = { ids: first?.ids ?? [], targets: (first?.targets ?? []).map((target) => ({ ...target, advantage: Number.NaN })) }
    const report = await trainer.update([spoilt, ...rest], settings)
    expect(report.applied).toBe(false)
    expect(await trainer.state()).toEqual(before)
    await trainer.dispose()
  })

  it('goes on from a saved state as if nothing had happened', async () => {
    const steady = await create()
    const batch = await sequences(steady)
    await steady.update(batch, settings)
    const saved = await steady.state()
    await steady.update(batch, settings)

    const resumed = await create()
    await resumed.restore(saved)
    await resumed.update(batch, settings)
    expect(await resumed.state()).toEqual(await steady.state())
    for (const trainer of [steady, resumed]) await trainer.dispose()
  })

  it('gives tokens of weight 0 no gradient', async () => {
    const trainer = await create()
    const batch = await sequences(trainer)
    const masked = batch.map(({ ids, targets }, i) => ({ ids, targets: targets.map((target) => ({ ...target, weight: i === 0 ? 0 : target.weight })) }))
    const without = await create()
    await trainer.update(masked, settings)
    await without.update(batch.slice(1), settings)
    expect(largestDifference((await trainer.state()).parameters, (await without.state()).parameters)).toBeLessThan(1e-5)
    for (const each of [trainer, without]) await each.dispose()
  })

  it('scores the base model without the adapter', async () => {
    const trainer = await create()
    const zero = await Trainer.create(runtime, config, options, baseWeights(), new Map([...adapter()].map(([name, values]) => [name, name.includes('lora_B') ? values.map(() => 0) : values])))
    const batch = await sequences(trainer)
    const base = await trainer.score(batch, true)
    for (const [i, row] of (await zero.score(batch)).entries()) for (const [k, logp] of row.entries()) expect(logp).toBeCloseTo(base[i]?.[k] ?? NaN, 4)
    for (const each of [trainer, zero]) await each.dispose()
  })

  it('refuses sequences that do not fit', async () => {
    const trainer = await create()
    const ids = Array.from({ length: 33 }, () => 1)
    await expect(trainer.update([{ ids, targets: [{ index: 5, weight: 1 }] }], settings)).rejects.toThrow('has 33 tokens; 32 are allowed')
    await expect(trainer.update([{ ids: [1, 2], targets: [{ index: 0, weight: 1 }] }], settings)).rejects.toThrow('target outside')
    await expect(trainer.update([], settings)).rejects.toThrow('nothing to learn')
    await trainer.dispose()
  })
})
