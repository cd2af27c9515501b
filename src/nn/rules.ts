// One derivative an operator: how the gradient of its result becomes gradients of its inputs.
import { add, cast, div, lessOrEqual, mul, neg, not, sqrt, square, sub, where } from './ops/elementwise.ts'
import { scatterAdd, zeros } from './ops/indexing.ts'
import { gemm, matmul } from './ops/linear.ts'
import { rotate } from './ops/normalisation.ts'
import { reduceMean, reduceSum, sumTo } from './ops/reduce.ts'
import { concat, expand, reshape, split, transpose, transposeLast } from './ops/shape.ts'
import type { Node, Tensor } from './graph.ts'
import { dimAt, ShapeError, sizeAt, sizeOf, times, type Dim } from './shape.ts'

interface Backward {
  node: Node
  /** Reading an input that the operator does not have is an error of the rule. */
  inputs: [Tensor, Tensor, Tensor]
  /** The operator's first output. */
  y: Tensor
  /** Gradient of the loss with respect to y. */
  dy: Tensor
  /** The same for every output. */
  dys: readonly Tensor[]
}

/**
 * Builds the gradients with respect to each input, in order: a function for one that has a gradient, null for one
 * that has none (indices, conditions). Functions run only for inputs that need a gradient.
 */
type Rule = (backward: Backward) => ((() => Tensor) | null)[]

/** Min and Max give the gradient to the smaller (larger) side; at a tie to the first. */
const choice = (chosen: (a: Tensor, b: Tensor) => Tensor): Rule => ({ inputs: [a, b], dy }) => [
  () => sumTo(where(chosen(a, b), dy, 0), a.shape),
  () => sumTo(where(not(chosen(a, b)), dy, 0), b.shape),
]

const elementwiseRules = {
  Add: ({ inputs: [a, b], dy }) => [() => sumTo(dy, a.shape), () => sumTo(dy, b.shape)],
  Sub: ({ inputs: [a, b], dy }) => [() => sumTo(dy, a.shape), () => sumTo(neg(dy), b.shape)],
  Mul: ({ inputs: [a, b], dy }) => [() => sumTo(mul(dy, b), a.shape), () => sumTo(mul(dy, a), b.shape)],
  Div: ({ inputs: [a, b], y, dy }) => [() => sumTo(div(dy, b), a.shape), () => sumTo(neg(div(mul(dy, y), b)), b.shape)],
  Min: choice((a, b) => lessOrEqual(a, b)),
  Max: choice((a, b) => lessOrEqual(b, a)),
  Neg: ({ dy }) => [() => neg(dy)],
  Exp: ({ y, dy }) => [() => mul(dy, y)],
  Log: ({ inputs: [x], dy }) => [() => div(dy, x)],
  Sqrt: ({ y, dy }) => [() => div(mul(dy, 0.5), y)],
  Reciprocal: ({ y, dy }) => [() => neg(mul(dy, square(y)))],
  Sigmoid: ({ y, dy }) => [() => mul(dy, sub(y, square(y)))],
  Tanh: ({ y, dy }) => [() => sub(dy, mul(dy, square(y)))],
  Where: ({ inputs: [condition, a, b], dy }) => [
    null,
    () => sumTo(where(condition, dy, 0), a.shape),
    () => sumTo(where(not(condition), dy, 0), b.shape),
  ],
  Cast: ({ inputs: [x], dy }) => [() => cast(dy, x.dtype)],
  Identity: () => [null],
} satisfies Record<string, Rule>

const reduceRules = {
  ReduceSum: ({ inputs: [x], dy }) => [() => expand(dy, x.shape), null],
  ReduceMean: ({ inputs: [x], y, dy }) => [() => expand(mul(dy, sizeOf(y.shape) / sizeOf(x.shape)), x.shape), null],
  Softmax: ({ y, dy }) => [() => mul(y, sub(dy, reduceSum(mul(dy, y), [-1])))],
} satisfies Record<string, Rule>

const inverse = (order: readonly number[]) => order.map((_, axis) => order.indexOf(axis))

function axisOf(attributes: Readonly<Record<string, unknown>>): number {
  const { axis } = attributes
  if (typeof axis !== 'number') throw new Error('The node has no axis.')
  return axis
}

const shapeRules = {
  Reshape: ({ inputs: [x], dy }) => [() => reshape(dy, x.shape), null],
  Transpose: ({ node, dy }) => {
    const { perm } = node.attributes
    if (!Array.isArray(perm)) throw new Error('Transpose has no order.')
    return [() => transpose(dy, inverse(perm))]
  },
  Split: ({ node, inputs: [x], dys }) => {
    const axis = axisOf(node.attributes)
    return [() => concat(dys, axis, dimAt(x.shape, axis)), null]
  },
  Concat: ({ node, dy }) => {
    const axis = axisOf(node.attributes)
    let parts: readonly Tensor[] | null = null
    const cut = () => (parts ??= split(dy, axis, node.inputs.map((part) => (part ? dimAt(part.shape, axis) : 0))))
    return node.inputs.map((_, i) => () => {
      const part = cut()[i]
      if (!part) throw new Error('Concat lost a part.')
      return part
    })
  },
  Expand: ({ inputs: [x], dy }) => [() => sumTo(dy, x.shape), null],
} satisfies Record<string, Rule>

const linearRules = {
  MatMul: ({ inputs: [a, b], dy }) => [
    () => sumTo(matmul(dy, transposeLast(b)), a.shape),
    () => sumTo(matmul(transposeLast(a), dy), b.shape),
  ],
  Gemm: ({ node, inputs: [a, b, c], dy }) => {
    const ta = node.attributes['transA'] === 1
    const tb = node.attributes['transB'] === 1
    return [
      () => (ta ? gemm(b, dy, { a: tb, b: true }) : gemm(dy, b, { b: !tb })),
      () => (tb ? gemm(dy, a, { a: true, b: ta }) : gemm(a, dy, { a: !ta })),
      ...(c ? [() => dy] : []),
    ]
  },
} satisfies Record<string, Rule>

const indexingRules = {
  Gather: ({ inputs: [table, indices], dy }) => [
    () => {
      const [width, ...more] = table.shape.slice(1)
      if (typeof width !== 'number' || more.length > 0) throw new ShapeError('Only rows of a matrix can be gathered with a gradient.')
      const rows = indices.shape.reduce<Dim>((product, dim) => times(product, dim), 1)
      const wide = expand(reshape(indices, [rows, 1]), [rows, width])
      return scatterAdd(zeros(dy, table.shape), wide, reshape(dy, [rows, width]), 0)
    },
    null,
  ],
  GatherElements: ({ inputs: [x, indices], dy }) => [() => scatterAdd(zeros(dy, x.shape), indices, dy, 1), null],
} satisfies Record<string, Rule>

const normalisationRules = {
  // g = dy·w: dx = r·(g − x·r²·mean(g·x)), dw = Σ dy·x·r
  SimplifiedLayerNormalization: ({ node, inputs: [x, weight], dy }) => {
    const { epsilon } = node.attributes
    if (typeof epsilon !== 'object' || !('float' in epsilon)) throw new Error('The node has no epsilon.')
    const r = () => div(x.graph.scalar(1), sqrt(add(reduceMean(mul(x, x), [-1]), epsilon.float)))
    let shared: Tensor | null = null
    const inverse = () => (shared ??= r())
    return [
      () => {
        const g = mul(dy, weight)
        const normed = mul(x, inverse())
        return mul(inverse(), sub(g, mul(normed, reduceMean(mul(g, normed), [-1]))))
      },
      () => {
        const width = sizeAt(x.shape, -1)
        const rows = x.shape.slice(0, -1).reduce<number>((n, _, i) => n * sizeAt(x.shape, i), 1)
        return reshape(reduceSum(reshape(mul(dy, mul(x, inverse())), [rows, width]), [0]), [dimAt(weight.shape, 0)])
      },
    ]
  },
  // The inverse of a rotation is the rotation with −sin.
  RotaryEmbedding: ({ node, dy }) => {
    const [, positions, cos, sin] = node.inputs
    if (!positions || !cos || !sin) throw new Error('RotaryEmbedding lacks an input.')
    return [() => rotate(dy, positions, cos, neg(sin)), null, null, null]
  },
} satisfies Record<string, Rule>

/** Every operator that can be differentiated. */
export const rules: Readonly<Record<string, Rule>> = {
  ...elementwiseRules,
  ...reduceRules,
  ...shapeRules,
  ...linearRules,
  ...indexingRules,
  ...normalisationRules,
}
