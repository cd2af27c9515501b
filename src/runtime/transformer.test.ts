// Whole models: gradients against differences of the loss, and the same model in another layout, type or order of work.
import { afterAll, describe, expect, it } from 'vitest'
import { gradientProgram, scoreProgram, sumName, trainableShapes, type GradientOptions } from '../nn/training/gradient-program.ts'
import { projections, type ModelConfig } from '../nn/transformer/config.ts'
import { fusedName, loraShapes, weightInputs, type LoraConfig } from '../nn/transformer/weights.ts'
import { chance, floats, randomTensor, sizeOfShape, smallBatch, smallConfig, smallWeights } from './fixture.ts'
import { createNodeRuntime } from './node.ts'
import { readFloats, type HostTensor, type Values } from './runtime.ts'

const runtime = createNodeRuntime(1)
afterAll(() => runtime.dispose())

const lora: LoraConfig = { rank: 2, alpha: 6, targets: projections }
const families = ['llama', 'qwen2', 'qwen3'] as const
const huggingFace = { layout: 'huggingface', dtype: 'float32' } as const

type Arrays = Record<string, HostTensor & { data: Float32Array }>

/** Cross-entropy: log-probabilities, loss and the gradients of what is trained. */
async function differentiate(config: ModelConfig, values: Values, changes: Partial<GradientOptions>, seed = 7) {
  const { shape, feeds } = smallBatch(chance(seed), config.vocabSize)
  const options: GradientOptions = { ...shape, loss: { kind: 'cross-entropy' }, trainable: 'lora', lora, weights: huggingFace, recompute: 0, entropy: false, ...changes }
  const shapes = trainableShapes(config, options)
  const program = await runtime.load(gradientProgram('gradient', config, options))
  const blank = Object.fromEntries([...shapes].map(([name, dims]) => [sumName(name), floats(dims, new Float32Array(sizeOfShape(dims)))]))
  const results = await program.run({ ...values, ...feeds, ...blank })
  await program.dispose()
  const gradients: Record<string, Float32Array> = {}
  for (const name of shapes.keys()) gradients[name] = await readFloats(results, `next/${sumName(name)}`)
  return { gradients, logps: await readFloats(results, 'logps') }
}

function adapter(config: ModelConfig, seed = 3): Arrays {
  const random = chance(seed)
  return Object.fromEntries([...loraShapes(config, lora)].map(([name, shape]) => [name, randomTensor(random, shape, 0.5)]))
}

function distance(actual: Float32Array | undefined, expected: Float32Array): number {
  const wrong = expected.reduce((sum, value, i) => sum + ((actual?.[i] ?? NaN) - value) ** 2, 0)
  return Math.sqrt(wrong / expected.reduce((sum, value) => sum + value * value, 0))
}

/** The loss in double precision from the float32 log-probabilities: less noise in its differences. */
async function lossOf(config: ModelConfig) {
  const { shape, feeds } = smallBatch(chance(7), config.vocabSize)
  const { weights, ...scored } = feeds
  const program = await runtime.load(scoreProgram('score', config, { ...shape, lora, weights: huggingFace, entropy: false }))
  const shares = await readFloats({ weights: weights ?? floats([0], new Float32Array(0)) }, 'weights')
  return {
    async at(values: Values) {
      const logps = await readFloats(await program.run({ ...values, ...scored }), 'logps')
      return -logps.reduce((sum, logp, i) => sum + logp * (shares[i] ?? NaN), 0)
    },
    dispose: () => program.dispose(),
  }
}

describe('the gradient of every parameter is the slope of the loss', () => {
  // Tied and untied heads, biases, and norms of queries and keys are all among these.
  it.each([
    ['llama', { tie_word_embeddings: false }],
    ['qwen2', {}],
    ['qwen3', { tie_word_embeddings: false }],
  ] as const)('%s', async (family, changes) => {
    const config = smallConfig(family, changes)
    const values: Arrays = { ...smallWeights(config, chance(1)), ...adapter(config) }
    const all = await differentiate(config, values, { trainable: 'all' })
    const adapted = await differentiate(config, values, { trainable: 'lora' })
    const loss = await lossOf(config)
    const random = chance(11)
    const gradients = { ...all.gradients, ...adapted.gradients }
    expect(Object.keys(gradients).sort()).toEqual(Object.keys(values).sort())
    for (const [name, gradient] of Object.entries(gradients)) {
      const tensor = values[name]
      if (!tensor) throw new Error(`No ${name}.`)
      const along = gradient.map((value) => value / Math.hypot(...gradient))
      const anywhere = randomTensor(random, [gradient.length], 1 / Math.sqrt(gradient.length)).data
      for (const direction of [along, anywhere]) {
        const moved = (by: number) => ({ ...values, [name]: floats(tensor.shape, tensor.data.map((value, i) => value + by * (direction[i] ?? NaN))) })
        const difference = async (step: number) => ((await loss.at(moved(step))) - (await loss.at(moved(-step)))) / (2 * step)
        // Richardson: the error of second order cancels. Rounding leaves up to 1e-4 at these steps.
        const slope = (4 * (await difference(0.002)) - (await difference(0.004))) / 3
        const expected = gradient.reduce((sum, value, i) => sum + value * (direction[i] ?? NaN), 0)
        expect(Math.abs(slope - expected), name).toBeLessThan(2e-4 + 1e-3 * Math.hypot(...gradient))
      }
    }
    await loss.dispose()
  })
})

/** The same weights as MLC stacks them: by rows, in the order of the parameters. */
function stacked(config: ModelConfig, values: Readonly<Record<string, Float32Array>>): Record<string, Float32Array> {
  const parts: Record<string, number[]> = {}
  for (const [name, data] of Object.entries(values)) {
    const at = fusedName(name) ?? name
    parts[at] = [...(parts[at] ?? []), ...data]
  }
  return Object.fromEntries([...weightInputs(config, 'mlc').keys()].map((name) => [name, Float32Array.from(parts[name] ?? [])]))
}

describe("MLC's layout", () => {
  it.each(families)('%s: gives the same log-probabilities and gradients', async (family) => {
    const config = smallConfig(family)
    const plain = smallWeights(config, chance(1))
    const fused = stacked(config, Object.fromEntries(Object.entries(plain).map(([name, { data }]) => [name, data])))
    const lying = Object.fromEntries([...weightInputs(config, 'mlc')].map(([name, shape]) => [name, floats(shape, fused[name] ?? new Float32Array(0))]))
    expect(Object.keys(lying)).toContain('model.layers.1.self_attn.qkv_proj.weight')
    expect(Object.keys(lying)).toContain('model.layers.1.mlp.gate_up_proj.weight')
    const mlc = { layout: 'mlc', dtype: 'float32' } as const

    for (const recompute of [0, config.layers]) {
      const one = await differentiate(config, { ...plain, ...adapter(config) }, { recompute })
      const other = await differentiate(config, { ...lying, ...adapter(config) }, { weights: mlc, recompute })
      expect(distance(other.logps, one.logps)).toBeLessThan(1e-6)
      for (const [name, gradient] of Object.entries(one.gradients)) expect(distance(other.gradients[name], gradient), name).toBeLessThan(1e-5)
    }

    const one = await differentiate(config, plain, { trainable: 'all', lora: null })
    const other = await differentiate(config, lying, { trainable: 'all', lora: null, weights: mlc })
    const expected = stacked(config, one.gradients)
    expect(Object.keys(other.gradients)).toEqual(Object.keys(expected))
    for (const [name, gradient] of Object.entries(expected)) expect(distance(other.gradients[name], gradient), name).toBeLessThan(1e-5)
  })
})

describe('one model in another form', () => {
  it.each(families.flatMap((family) => [1, 2].map((recompute) => [family, recompute] as const)))('%s: recomputation changes no gradient, of the adapter or of all parameters, with %d of two layers', async (family, recompute) => {
    const config = smallConfig(family)
    const values = { ...smallWeights(config, chance(1)), ...adapter(config) }
    for (const trainable of ['lora', 'all'] as const) {
      const one = await differentiate(config, values, { trainable })
      const other = await differentiate(config, values, { trainable, recompute })
      expect(other.logps).toEqual(one.logps)
      for (const [name, gradient] of Object.entries(one.gradients)) expect(distance(other.gradients[name], gradient), name).toBeLessThan(1e-5)
    }
  })

  it('weights in half precision give the gradients of the weights that they round to', async () => {
    const config = smallConfig('qwen2')
    // Multiples of 1/64 below 2 are exact in half precision: a sign, an exponent and the bits of a fraction.
    const rounded: Arrays = Object.fromEntries(Object.entries(smallWeights(config, chance(1))).map(([name, tensor]) => [name, { ...tensor, data: tensor.data.map((value) => Math.round(value * 64) / 64) }]))
    const halves = Object.fromEntries(Object.entries(rounded).map(([name, { shape, data }]): [string, HostTensor] => [name, { dtype: 'float16', shape, data: Uint16Array.from(data, half) }]))
    const one = await differentiate(config, { ...rounded, ...adapter(config) }, {})
    const other = await differentiate(config, { ...halves, ...adapter(config) }, { weights: { layout: 'huggingface', dtype: 'float16' } })
    expect(distance(other.logps, one.logps)).toBeLessThan(1e-6)
    for (const [name, gradient] of Object.entries(one.gradients)) expect(distance(other.gradients[name], gradient), name).toBeLessThan(1e-5)
  })

  it('a program that begins with a later layer trains the adapter alone, and computes nothing twice', () => {
    const options: GradientOptions = { batch: 1, length: 4, positions: 2, loss: { kind: 'cross-entropy' }, trainable: 'lora', lora, weights: huggingFace, recompute: 0, entropy: false, from: 1 }
    const config = smallConfig('llama')
    const { inputs } = gradientProgram('later', config, options)
    expect(inputs.filter(({ name }) => name === 'ids' || name.includes('layers.0.'))).toEqual([])
    expect(inputs.find(({ name }) => name === 'hidden')?.shape).toEqual([4, config.hiddenSize])
    expect(() => gradientProgram('later', config, { ...options, trainable: 'all' })).toThrow('takes all layers in one program')
    expect(() => gradientProgram('later', config, { ...options, recompute: 1 })).toThrow('not both')
  })

  it('an adapter whose B is zero changes nothing, and only B has a gradient', async () => {
    const config = smallConfig('llama')
    const fresh = Object.fromEntries(Object.entries(adapter(config)).map(([name, { shape, data }]) => [name, floats(shape, name.includes('lora_B') ? data.map(() => 0) : data)]))
    const { gradients, logps } = await differentiate(config, { ...smallWeights(config, chance(1)), ...fresh }, {})
    const base = await differentiate(config, smallWeights(config, chance(1)), { trainable: 'all', lora: null })
    expect(distance(logps, base.logps)).toBeLessThan(1e-6)
    for (const [name, gradient] of Object.entries(gradients)) expect(Math.hypot(...gradient) > 0, name).toBe(name.includes('lora_B'))
  })

  it('tokens behind the scored one change nothing', async () => {
    const config = smallConfig('qwen3')
    const { shape, feeds } = smallBatch(chance(7), config.vocabSize)
    const { weights: _, ...scored } = feeds
    const program = await runtime.load(scoreProgram('score', config, { ...shape, lora: null, weights: huggingFace, entropy: false }))
    const values = smallWeights(config, chance(1))
    const before = await readFloats(await program.run({ ...values, ...scored }), 'logps')
    const ids = Int32Array.from({ length: 14 }, () => 3)
    const known = scored['ids']
    if (known && 'data' in known && known.data instanceof Int32Array) ids.set(known.data.subarray(0, 3))
    const after = await readFloats(await program.run({ ...values, ...scored, ids: { dtype: 'int32', shape: [2, 7], data: ids } }), 'logps')
    // Places 1 and 2 of the first sequence see tokens 0 to 2, which are as they were; place 3 sees a new one.
    expect(after.subarray(0, 2)).toEqual(before.subarray(0, 2))
    expect(after[2]).not.toBeCloseTo(before[2] ?? NaN, 3)
    await program.dispose()
  })
})

/** The bits of a normal half float that holds the value exactly. */
function half(value: number): number {
  if (value === 0) return 0
  const exponent = Math.floor(Math.log2(Math.abs(value)))
  return (value < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) | ((Math.abs(value) / 2 ** exponent - 1) * 1024)
}
