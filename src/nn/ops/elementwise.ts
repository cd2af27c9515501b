// Operators that act on each element, with NumPy broadcasting.
import type { Tensor } from '../graph.ts'
import { broadcastShapes, type DType } from '../shape.ts'

/** A tensor, or a number that becomes a scalar constant of the other operand's type. */
type Operand = Tensor | number

function lift(value: Operand, like: Tensor): Tensor {
  if (typeof value !== 'number') return value
  if (like.dtype === 'bool') throw new Error('A number does not mix with booleans.')
  return like.graph.scalar(value, like.dtype)
}

function binary(op: string, a: Tensor, b: Operand, dtype: DType = a.dtype): Tensor {
  const right = lift(b, a)
  if (right.dtype !== a.dtype) throw new Error(`${op}: ${a.dtype} and ${right.dtype} do not mix; cast one of them.`)
  return innermost(a, right).apply(op, [a, right], { dtype, shape: broadcastShapes(a.shape, right.shape) })
}

/** The graph that sees all of them: a loop's body may use tensors from around it. */
function innermost(...tensors: readonly [Tensor, ...Tensor[]]): Tensor['graph'] {
  return tensors.reduce((graph, tensor) => (graph.sees(tensor.graph) ? graph : tensor.graph), tensors[0].graph)
}

function unary(op: string, x: Tensor): Tensor {
  return x.graph.apply(op, [x], { dtype: x.dtype, shape: x.shape })
}

export const add = (a: Tensor, b: Operand) => binary('Add', a, b)
export const sub = (a: Tensor, b: Operand) => binary('Sub', a, b)
export const mul = (a: Tensor, b: Operand) => binary('Mul', a, b)
export const div = (a: Tensor, b: Operand) => binary('Div', a, b)
export const minimum = (a: Tensor, b: Operand) => binary('Min', a, b)
export const maximum = (a: Tensor, b: Operand) => binary('Max', a, b)
export const less = (a: Tensor, b: Operand) => binary('Less', a, b, 'bool')
export const lessOrEqual = (a: Tensor, b: Operand) => binary('LessOrEqual', a, b, 'bool')
export const greater = (a: Tensor, b: Operand) => binary('Greater', a, b, 'bool')
export const equal = (a: Tensor, b: Operand) => binary('Equal', a, b, 'bool')
export const and = (a: Tensor, b: Tensor) => binary('And', a, b)
export const or = (a: Tensor, b: Tensor) => binary('Or', a, b)
export const not = (x: Tensor) => unary('Not', x)
export const neg = (x: Tensor) => unary('Neg', x)
export const exp = (x: Tensor) => unary('Exp', x)
export const log = (x: Tensor) => unary('Log', x)
export const sqrt = (x: Tensor) => unary('Sqrt', x)
export const reciprocal = (x: Tensor) => unary('Reciprocal', x)
export const sigmoid = (x: Tensor) => unary('Sigmoid', x)
export const tanh = (x: Tensor) => unary('Tanh', x)
export const square = (x: Tensor) => mul(x, x)
/** x·σ(x) (SiLU, swish). */
export const silu = (x: Tensor) => mul(x, sigmoid(x))

/** Elements of a where the condition holds, of b elsewhere. */
export function where(condition: Tensor, a: Tensor, b: Operand): Tensor {
  const other = lift(b, a)
  const shape = broadcastShapes(condition.shape, broadcastShapes(a.shape, other.shape))
  return innermost(condition, a, other).apply('Where', [condition, a, other], { dtype: a.dtype, shape })
}

export function cast(x: Tensor, dtype: DType): Tensor {
  if (x.dtype === dtype) return x
  return x.graph.apply('Cast', [x], { dtype, shape: x.shape }, { to: onnxType[dtype] })
}

/** Numbers of TensorProto.DataType. */
export const onnxType: Record<DType, number> = { float32: 1, int32: 6, int64: 7, bool: 9, float16: 10 }

/** The same values; no gradient flows back through it. */
export function stopGradient(x: Tensor): Tensor {
  return x.graph.apply('Identity', [x], { dtype: x.dtype, shape: x.shape })
}
