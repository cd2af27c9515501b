// Every derivative rule against central differences on onnxruntime, element by element, on random shapes.
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { gradients, gradientsFrom, NoGradientError } from '../nn/gradients.ts'
import { Graph, type Tensor } from '../nn/graph.ts'
import { add, cast, div, exp, log, maximum, minimum, mul, neg, reciprocal, sigmoid, sqrt, stopGradient, sub, tanh, where } from '../nn/ops/elementwise.ts'
import { gatherRows, pick } from '../nn/ops/indexing.ts'
import { gemm, matmul } from '../nn/ops/linear.ts'
import { rmsNorm, rotate } from '../nn/ops/normalisation.ts'
import { reduceMax, reduceMean, reduceSum, softmax } from '../nn/ops/reduce.ts'
import { concat, expand, reshape, split, transpose } from '../nn/ops/shape.ts'
import { toProgram } from '../nn/program.ts'
import { rules } from '../nn/rules.ts'
import { chance, sizeOfShape as size, type Chance } from './fixture.ts'
import { createNodeRuntime } from './node.ts'
import { readFloats, type HostTensor } from './runtime.ts'

const runtime = createNodeRuntime(1)
afterAll(() => runtime.dispose())

interface Given {
  a: Tensor
  b: Tensor
  all: readonly Tensor[]
  graph: Graph
}

interface Input {
  shape: readonly number[]
  data: Float32Array
}

interface Case {
  /** What is differentiated: a, b … */
  inputs: Input[]
  build(given: Given): Tensor
}

/** Half the distance of the two values of a central difference. A power of two: x ± step is exact for small grids. */
const step = 1 / 128

function input(shape: readonly number[], value: () => number): Input {
  return { shape, data: Float32Array.from({ length: size(shape) }, value) }
}

const positive = ({ int }: Chance) => int(5, 20) / 10
/** Away from zero, of both signs. */
const nonZero = ({ int }: Chance) => (2 * int(0, 1) - 1) * (int(5, 20) / 10)
const anywhere = ({ signed }: Chance) => signed()

const unary =
  (op: (x: Tensor) => Tensor, value = anywhere) =>
  (random: Chance): Case => ({
    inputs: [input(random.sizes(random.int(1, 3)), () => value(random))],
    build: ({ a }) => op(a),
  })

/** One side may be narrower than the other. */
const binary =
  (op: (a: Tensor, b: Tensor) => Tensor, values: (random: Chance, side: 0 | 1) => number = anywhere) =>
  (random: Chance): Case => {
    const wide = random.sizes(random.int(1, 3))
    const narrow = random.narrowed(wide)
    const [left, right] = random.int(0, 1) === 0 ? [wide, narrow] : [narrow, wide]
    return { inputs: [input(left, () => values(random, 0)), input(right, () => values(random, 1))], build: ({ a, b }) => op(a, b) }
  }

/** The two sides are never nearer than 0.1: the corner of Min and Max is not crossed. */
const apart = ({ int }: Chance, side: 0 | 1) => int(-4, 4) / 4 + (side === 0 ? 0 : 0.125)

function positionsOf(random: Chance, batch: number, length: number, capacity: number, graph: Graph): Tensor {
  if (random.int(0, 1) === 0) return graph.constant('first', 'int64', [1], BigInt64Array.of(BigInt(random.int(0, capacity - length))))
  return graph.constant('positions', 'int64', [batch, length], BigInt64Array.from({ length: batch * length }, () => BigInt(random.int(0, capacity - 1))))
}

/** One maker of random cases for each rule. */
const cases: Record<string, (random: Chance) => Case> = {
  Add: binary(add),
  Sub: binary(sub),
  Mul: binary(mul),
  Div: binary(div, (random, side) => (side === 0 ? random.signed() : nonZero(random))),
  Min: binary(minimum, apart),
  Max: binary(maximum, apart),
  Neg: unary(neg),
  Exp: unary(exp),
  Log: unary(log, positive),
  Sqrt: unary(sqrt, positive),
  Reciprocal: unary(reciprocal, nonZero),
  Sigmoid: unary((x) => sigmoid(mul(x, 3))),
  Tanh: unary(tanh),
  Where: (random) => {
    const { inputs } = binary(add)(random)
    const [left, right] = inputs
    const wide = left && right && left.data.length >= right.data.length ? left.shape : (right?.shape ?? [])
    const shape = random.narrowed(wide)
    const condition = Uint8Array.from({ length: size(shape) }, () => random.int(0, 1))
    return { inputs, build: ({ a, b, graph }) => where(graph.constant('condition', 'bool', shape, condition), a, b) }
  },
  // Values and steps that half floats hold exactly.
  Cast: unary((x) => cast(cast(x, 'float16'), 'float32'), ({ int }) => int(-64, 64) / 64),
  // The gradient of x·stop(x) is what a stopped factor leaves of it, so the factor is compared as a constant.
  Identity: (random) => {
    const x = input(random.sizes(2), random.signed)
    return { inputs: [x], build: ({ a, graph }) => mul(a, stopGradient(graph.constant('factor', 'float32', x.shape, x.data))) }
  },
  ReduceSum: (random) => reduction(random, reduceSum),
  ReduceMean: (random) => reduction(random, reduceMean),
  Softmax: unary((x) => softmax(mul(x, 2))),
  Reshape: (random) => {
    const [n, m, k] = [random.int(1, 4), random.int(1, 4), random.int(1, 4)]
    const shape = random.int(0, 1) === 0 ? [n * m, k] : [k, 1, m, n]
    return { inputs: [input([n, m, k], random.signed)], build: ({ a }) => reshape(a, shape) }
  },
  Expand: (random) => {
    const wide = random.sizes(random.int(1, 3))
    const shape = random.narrowed(wide)
    return { inputs: [input(shape, random.signed)], build: ({ a }) => mul(expand(a, wide), 2) }
  },
  Transpose: (random) => {
    const order = [0, 1, 2].sort(() => random.signed())
    return { inputs: [input(random.sizes(3), random.signed)], build: ({ a }) => transpose(a, order) }
  },
  Concat: (random) => {
    const axis = random.int(0, 2)
    const shape = random.sizes(3)
    const parts = Array.from({ length: random.int(1, 5) }, () => input(shape.map((dim, i) => (i === axis ? random.int(1, 3) : dim)), random.signed))
    return { inputs: parts, build: ({ all }) => concat(all, axis - (random.int(0, 1) === 0 ? 0 : 3)) }
  },
  // The parts are used unlike, and one of them not at all.
  Split: (random) => {
    const [n, unused, m] = [random.int(1, 4), random.int(1, 4), random.int(1, 4)]
    return {
      inputs: [input([2, n + unused + m, 2], random.signed)],
      build: ({ a }) => {
        const [first, , last] = split(a, 1, [n, unused, m])
        return first && last ? add(reduceSum(exp(first), [1]), mul(reduceSum(last, [1]), -2)) : a
      },
    }
  },
  MatMul: (random) => {
    const [n, k, m] = [random.int(1, 4), random.int(1, 4), random.int(1, 4)]
    const wide = random.sizes(random.int(0, 2))
    const narrow = random.narrowed(wide)
    const [left, right] = random.int(0, 1) === 0 ? [wide, narrow] : [narrow, wide]
    return { inputs: [input([...left, n, k], random.signed), input([...right, k, m], random.signed)], build: ({ a, b }) => matmul(a, b) }
  },
  Gemm: (random) => {
    const [n, k, m] = [random.int(1, 5), random.int(1, 5), random.int(1, 5)]
    const [ta, tb, summed] = [random.int(0, 1) === 1, random.int(0, 1) === 1, random.int(0, 1) === 1]
    return {
      inputs: [input(ta ? [k, n] : [n, k], random.signed), input(tb ? [m, k] : [k, m], random.signed), ...(summed ? [input([n, m], random.signed)] : [])],
      build: ({ a, b, all: [, , c] }) => gemm(a, b, { a: ta, b: tb }, c ?? null),
    }
  },
  // More picks than rows: some rows are picked twice, some never.
  Gather: (random) => {
    const [rows, picks] = [random.int(1, 4), random.int(1, 6)]
    const indices = Int32Array.from({ length: 2 * picks }, () => random.int(0, rows - 1))
    return {
      inputs: [input([rows, random.int(1, 4)], random.signed)],
      build: ({ a, graph }) => gatherRows(a, graph.constant('indices', 'int32', [2, picks], indices)),
    }
  },
  GatherElements: (random) => {
    const [rows, wide] = [random.int(1, 5), random.int(1, 5)]
    const indices = Int32Array.from({ length: rows }, () => random.int(0, wide - 1))
    return { inputs: [input([rows, wide], random.signed)], build: ({ a, graph }) => pick(a, graph.constant('indices', 'int32', [rows], indices)) }
  },
  SimplifiedLayerNormalization: (random) => {
    const shape = [...random.sizes(random.int(1, 2)), random.int(2, 6)]
    const epsilon = random.int(0, 1) === 0 ? 1e-6 : 0.1
    return {
      inputs: [input(shape, () => nonZero(random)), input(shape.slice(-1), random.signed)],
      build: ({ a, b }) => rmsNorm(a, b, epsilon),
    }
  },
  RotaryEmbedding: (random) => {
    const [batch, heads, length, half] = [random.int(1, 2), random.int(1, 3), random.int(1, 4), random.int(1, 3)]
    const capacity = 6
    const angles = Array.from({ length: capacity * half }, () => 3 * random.signed())
    return {
      inputs: [input([batch, heads, length, 2 * half], random.signed)],
      build: ({ a, graph }) => {
        const table = (name: string, of: (angle: number) => number) => graph.constant(name, 'float32', [capacity, half], Float32Array.from(angles, of))
        return rotate(a, positionsOf(random, batch, length, capacity, graph), table('cos', Math.cos), table('sin', Math.sin))
      },
    }
  },
}

function reduction(random: Chance, reduce: (x: Tensor, axes: readonly number[], keep: boolean) => Tensor): Case {
  const axes = [0, -1, 1].slice(0, random.int(1, 3))
  const keep = random.int(0, 1) === 0
  return { inputs: [input(random.sizes(3), random.signed)], build: ({ a }) => reduce(a, axes, keep) }
}

function declare(graph: Graph, { inputs, build }: Case): { y: Tensor; tensors: Tensor[] } {
  const tensors = inputs.map(({ shape }, i) => graph.input(`x${i}`, 'float32', shape))
  const [a, b] = tensors
  if (!a) throw new Error('A case needs an input.')
  return { y: build({ a, b: b ?? a, all: tensors, graph }), tensors }
}

/**
 * Largest distance of a rule's gradients from central differences of f = Σ c·y, over the norm of all of them.
 * f is summed in double precision from the float32 results, and the true distance of the moved values is used, so that
 * what is left is the rounding of y, about 1e-7 / step, and the third derivative times step²/6.
 */
async function distance(op: string, make: (random: Chance) => Case, seed: number): Promise<number> {
  // Built twice from the same chance: the values alone, and with their gradient.
  const values = new Graph('values')
  const plain = make(chance(seed))
  values.output('y', declare(values, plain).y)
  expect(values.nodes.map((node) => node.op)).toContain(op)
  const derived = new Graph('gradients')
  const { y, tensors } = declare(derived, make(chance(seed)))
  const c = derived.input('c', 'float32', y.shape)
  for (const [i, gradient] of gradientsFrom([[y, c]], tensors).entries()) derived.output(`d${i}`, gradient)

  const forward = await runtime.load(toProgram(values, ''))
  const backward = await runtime.load(toProgram(derived, ''))
  const shape = y.shape.map(Number)
  const seeds = input(shape, chance(seed + 1).signed).data
  const tensor = ({ shape, data }: Input): HostTensor => ({ dtype: 'float32', shape, data })
  const feeds = (changed?: number, data?: Float32Array) =>
    Object.fromEntries(plain.inputs.map((each, i) => [`x${i}`, tensor(i === changed && data ? { ...each, data } : each)]))
  const f = async (changed: number, data: Float32Array) => {
    const result = await readFloats(await forward.run(feeds(changed, data)), 'y')
    return result.reduce((sum, value, i) => sum + value * (seeds[i] ?? NaN), 0)
  }
  const found = await backward.run({ ...feeds(), c: { dtype: 'float32', shape, data: seeds } })

  let [wrong, norm] = [0, 0]
  for (const [i, { data }] of plain.inputs.entries()) {
    const gradient = await readFloats(found, `d${i}`)
    expect(gradient).toHaveLength(data.length)
    for (const [k, value] of data.entries()) {
      const [high, low] = [data.with(k, value + step), data.with(k, value - step)]
      const difference = ((await f(i, high)) - (await f(i, low))) / ((high[k] ?? NaN) - (low[k] ?? NaN))
      wrong += ((gradient[k] ?? NaN) - difference) ** 2
      norm += difference ** 2
    }
  }
  await forward.dispose()
  await backward.dispose()
  // Of a softmax over one element the gradient is zero, and so is every difference but for rounding.
  return Math.sqrt(wrong / Math.max(norm, 1e-3))
}

describe('the rule of', () => {
  it('each operator has a case here', () => {
    expect(Object.keys(cases).sort()).toEqual(Object.keys(rules).sort())
  })

  it.each(Object.keys(rules))('%s', async (op) => {
    const make = cases[op]
    if (!make) throw new Error(`No case for ${op}.`)
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 30 }), async (seed) => {
        expect(await distance(op, make, seed)).toBeLessThan(1e-3)
      }),
      { seed: 1, numRuns: 8 },
    )
  })
})

/** Values of tensors of a graph without inputs. */
async function evaluate(graph: Graph, tensors: Readonly<Record<string, Tensor>>): Promise<Record<string, number[]>> {
  for (const [name, tensor] of Object.entries(tensors)) graph.output(name, tensor)
  const program = await runtime.load(toProgram(graph, ''))
  const results = await program.run({})
  await program.dispose()
  const values: Record<string, number[]> = {}
  for (const name of Object.keys(tensors)) values[name] = [...(await readFloats(results, name))]
  return values
}

describe('gradients', () => {
  const vector = (graph: Graph, ...values: number[]) => graph.constant('x', 'float32', [values.length], Float32Array.from(values))

  it('add up where a tensor is used twice', async () => {
    const graph = new Graph('twice')
    const x = vector(graph, 2, -3)
    // x² + 5x: 2x + 5.
    const [dx] = gradients(reduceSum(add(mul(x, x), mul(x, 5))), [x])
    expect(await evaluate(graph, { dx: dx ?? x })).toEqual({ dx: [9, -1] })
  })

  it('stop where they are told to', async () => {
    const graph = new Graph('stopped')
    const x = vector(graph, 2, -3)
    const [dx] = gradients(reduceSum(mul(x, stopGradient(x))), [x])
    expect(await evaluate(graph, { dx: dx ?? x })).toEqual({ dx: [2, -3] })
  })

  it('at a tie of Min and Max go to the first side', async () => {
    const graph = new Graph('tie')
    const [a, b] = [vector(graph, 1, 1), vector(graph, 1, 2)]
    const [low_a, low_b] = gradients(reduceSum(minimum(a, b)), [a, b])
    const [high_a, high_b] = gradients(reduceSum(maximum(a, b)), [a, b])
    expect(await evaluate(graph, { low_a: low_a ?? a, low_b: low_b ?? a, high_a: high_a ?? a, high_b: high_b ?? a })).toEqual({
      low_a: [1, 1],
      low_b: [0, 0],
      high_a: [1, 0],
      high_b: [0, 1],
    })
  })

  it('are zero for what the loss does not depend on', async () => {
    const graph = new Graph('independent')
    const [x, y] = [vector(graph, 2, -3), vector(graph, 1, 1)]
    const [dx, dy] = gradients(reduceSum(exp(mul(x, 0))), [x, y])
    expect(await evaluate(graph, { dx: dx ?? x, dy: dy ?? y })).toEqual({ dx: [0, 0], dy: [0, 0] })
  })

  it('cost nothing for what is frozen: no product with the transpose of its input is built', () => {
    const products = (trained: 'weight' | 'both') => {
      const graph = new Graph('frozen')
      const [x, frozen, weight] = [graph.input('x', 'float32', [2, 3]), graph.input('frozen', 'float32', [3, 4]), graph.input('weight', 'float32', [4, 5])]
      gradients(reduceSum(matmul(matmul(x, frozen), weight)), trained === 'both' ? [frozen, weight] : [weight])
      return graph.nodes.filter(({ op }) => op === 'MatMul').length
    }
    // Forward 2, and one for each of: d weight, d of what comes before it, d frozen.
    expect(products('weight')).toBe(3)
    expect(products('both')).toBe(5)
  })

  it('of an operator without a rule fail while the graph is built, with its name', () => {
    const graph = new Graph('no rule')
    const x = graph.input('x', 'float32', [2, 3])
    const build = () => gradients(reduceSum(reduceMax(x, [1])), [x])
    expect(build).toThrow(NoGradientError)
    expect(build).toThrow('The operator ReduceMax has no derivative.')
    const floor = graph.apply('Floor', [x], { dtype: 'float32', shape: [2, 3] })
    expect(() => gradients(reduceSum(floor), [x])).toThrow('The operator Floor has no derivative.')
    // Where no gradient is wanted through it, it does not matter.
    expect(() => gradients(reduceSum(mul(x, stopGradient(floor))), [x])).not.toThrow()
  })

  it('start from one number', () => {
    const graph = new Graph('many')
    const x = graph.input('x', 'float32', [2, 3])
    expect(() => gradients(x, [x])).toThrow('The loss must be one number, not [2, 3].')
  })
})
