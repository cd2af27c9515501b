// AdamW steps worked by hand.
import { afterAll, describe, expect, it } from 'vitest'
import { adamWProgram, adamWScalars, stateNames, type AdamWOptions } from '../nn/training/adamw.ts'
import { floats } from './fixture.ts'
import { createNodeRuntime } from './node.ts'
import { readFloats } from './runtime.ts'

const runtime = createNodeRuntime(1)
afterAll(() => runtime.dispose())

const plain: AdamWOptions = { betas: [0.9, 0.99], epsilon: 1e-8, weightDecay: 0 }

interface State {
  parameter: number[]
  first: number[]
  second: number[]
}

const fresh = (...parameter: number[]): State => ({ parameter, first: parameter.map(() => 0), second: parameter.map(() => 0) })

/** One step of a parameter x of two numbers. */
async function take(state: State, gradient: number[], { step = 1, rate = 0.1, maxNorm = Infinity, options = plain } = {}) {
  const program = await runtime.load(adamWProgram('adamw', new Map([['x', [2]]]), options))
  const names = stateNames('x')
  const tensor = (values: readonly number[]) => floats([2], Float32Array.from(values))
  const scalars = Object.entries(adamWScalars(options, step, rate, maxNorm)).map(([name, data]) => [name, floats([1], data)] as const)
  const results = await program.run({
    ...Object.fromEntries(scalars),
    [names.parameter]: tensor(state.parameter),
    [names.gradient]: tensor(gradient),
    [names.first]: tensor(state.first),
    [names.second]: tensor(state.second),
  })
  await program.dispose()
  const read = async (name: string) => [...(await readFloats(results, name))]
  return {
    next: { parameter: await read(`next/${names.parameter}`), first: await read(`next/${names.first}`), second: await read(`next/${names.second}`) },
    norm: (await read('grad_norm'))[0],
  }
}

function near(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length)
  for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, 6)
}

describe('AdamW', () => {
  it('moves by the learning rate against the sign of the first gradient, whatever its size', async () => {
    const { next, norm } = await take(fresh(1, 2), [3, -0.004])
    near(next.parameter, [0.9, 2.1])
    near(next.first, [0.3, -0.0004])
    near(next.second, [0.09, 1.6e-7])
    expect(norm).toBeCloseTo(3.0000027, 5)
  })

  it('corrects the moments of the second step by 1 − βᵗ', async () => {
    const { next } = await take({ parameter: [1, 1], first: [0.1, 0.1], second: [0.01, 0.01] }, [1, -1], { step: 2 })
    // m = 0.09 ± 0.1, over 1 − 0.81; v = 0.0099 + 0.01, over 1 − 0.9801: exactly 1.
    near(next.parameter, [1 - 0.1 * (0.19 / 0.19), 1 + 0.1 * (0.01 / 0.19)])
  })

  it('decays weights apart from the gradient', async () => {
    const { next } = await take(fresh(1, -2), [0, 0], { options: { ...plain, weightDecay: 0.5 } })
    // 1 − 0.1·0.5 of the weight is left; a gradient of zero moves nothing.
    near(next.parameter, [0.95, -1.9])
  })

  it('scales a gradient down to the largest norm, and no other', async () => {
    const { next, norm } = await take(fresh(0, 0), [3, 4], { maxNorm: 1 })
    expect(norm).toBeCloseTo(5, 5)
    near(next.first, [0.06, 0.08])
    near((await take(fresh(0, 0), [0.3, 0.4], { maxNorm: 1 })).next.first, [0.03, 0.04])
  })

  it('tells of a gradient that is not a number', async () => {
    expect((await take(fresh(0, 0), [NaN, 1])).norm).toBeNaN()
  })

  it('needs something to train', () => {
    expect(() => adamWProgram('nothing', new Map(), plain)).toThrow('at least one parameter')
  })
})
