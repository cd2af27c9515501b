// AdamW with global gradient-norm clipping as a graph (Loshchilov and Hutter 2019, in PyTorch's form).
import { Graph, type Tensor } from '../graph.ts'
import { add, div, minimum, mul, sqrt, square, sub } from '../ops/elementwise.ts'
import { reduceSum } from '../ops/reduce.ts'
import { reshape } from '../ops/shape.ts'
import { toProgram, type Program } from '../program.ts'

export interface AdamWOptions {
  betas: readonly [number, number]
  epsilon: number
  weightDecay: number
}

/** Names of the optimizer's tensors for a parameter. */
export const stateNames = (parameter: string) => ({
  parameter: `parameter/${parameter}`,
  gradient: `gradient/${parameter}`,
  first: `first_moment/${parameter}`,
  second: `second_moment/${parameter}`,
})

/**
 * Scalars of step t (from 1). They are computed here in double precision: 1 − β₂ᵗ in float32 would lose four digits.
 * @param learningRate of this step
 * @param maxNorm the gradient is scaled down to this L2 norm; Infinity: it is not
 */
export function adamWScalars(options: AdamWOptions, step: number, learningRate: number, maxNorm: number): Record<string, Float32Array> {
  return {
    learning_rate: Float32Array.of(learningRate),
    correction_1: Float32Array.of(1 - options.betas[0] ** step),
    correction_2: Float32Array.of(1 - options.betas[1] ** step),
    max_norm: Float32Array.of(Math.min(maxNorm, 3e38)),
  }
}

/**
 * One step for all parameters together.
 * Inputs: the names of stateNames() for each parameter, and the scalars of adamWScalars().
 * Outputs: `next/…` of parameter and moments, and `grad_norm` [1], the norm before clipping.
 */
export function adamWProgram(name: string, parameters: ReadonlyMap<string, readonly number[]>, options: AdamWOptions): Program {
  const graph = new Graph(name)
  const scalar = (input: string) => graph.input(input, 'float32', [1])
  const learningRate = scalar('learning_rate')
  const [correction1, correction2, maxNorm] = [scalar('correction_1'), scalar('correction_2'), scalar('max_norm')]
  const tensors = [...parameters].map(([parameter, shape]) => {
    const names = stateNames(parameter)
    const input = (tensor: string) => graph.input(tensor, 'float32', shape)
    return { names, shape, parameter: input(names.parameter), gradient: input(names.gradient), first: input(names.first), second: input(names.second) }
  })

  const squares = tensors.map(({ gradient }) => reshape(reduceSum(square(gradient)), [1]))
  const total = squares.reduce<Tensor | null>((sum, each) => (sum ? add(sum, each) : each), null)
  if (!total) throw new Error('AdamW needs at least one parameter.')
  const norm = sqrt(total)
  graph.output('grad_norm', norm)
  // The 1e-6 is PyTorch's, in clip_grad_norm_.
  const scale = minimum(div(maxNorm, add(norm, 1e-6)), 1)

  const [beta1, beta2] = options.betas
  for (const { names, parameter, gradient, first, second } of tensors) {
    graph.scoped(names.parameter, () => {
      const g = mul(gradient, scale)
      const m = add(mul(first, beta1), mul(g, 1 - beta1))
      const v = add(mul(second, beta2), mul(square(g), 1 - beta2))
      const update = div(div(m, correction1), add(sqrt(div(v, correction2)), options.epsilon))
      const decayed = options.weightDecay === 0 ? parameter : sub(parameter, mul(parameter, mul(learningRate, options.weightDecay)))
      graph.output(`next/${names.parameter}`, sub(decayed, mul(update, learningRate)))
      graph.output(`next/${names.first}`, m)
      graph.output(`next/${names.second}`, v)
    })
  }
  return toProgram(graph, 'AdamW with global gradient-norm clipping')
}
