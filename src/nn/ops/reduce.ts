// Reductions, softmax, and the sum that undoes a broadcast.
import type { Tensor } from '../graph.ts'
import { sameShape, type Shape } from '../shape.ts'
import { add, exp, log, stopGradient, sub } from './elementwise.ts'
import { reshape } from './shape.ts'

function reduce(op: string, x: Tensor, axes: readonly number[], keep: boolean): Tensor {
  const positive = axes.map((axis) => (axis < 0 ? x.shape.length + axis : axis))
  const kept = x.shape.map((dim, i) => (positive.includes(i) ? 1 : dim))
  const reduced = x.graph.apply(op, [x, x.graph.ints(positive)], { dtype: x.dtype, shape: kept }, { keepdims: 1 })
  return keep ? reduced : reshape(reduced, kept.filter((_, i) => !positive.includes(i)))
}

const allAxes = (x: Tensor) => x.shape.map((_, i) => i)

/** Sum over axes (all of them when left out); kept as size 1 unless `keep` is false. */
export const reduceSum = (x: Tensor, axes: readonly number[] = allAxes(x), keep = true) => reduce('ReduceSum', x, axes, keep)
export const reduceMean = (x: Tensor, axes: readonly number[], keep = true) => reduce('ReduceMean', x, axes, keep)
/** Has no derivative here: wrap it in stopGradient. */
export const reduceMax = (x: Tensor, axes: readonly number[], keep = true) => reduce('ReduceMax', x, axes, keep)

/** Softmax over the last axis. */
export function softmax(x: Tensor): Tensor {
  return x.graph.apply('Softmax', [x], { dtype: x.dtype, shape: x.shape }, { axis: -1 })
}

/** log of the softmax over the last axis. Has no derivative here. */
export function logSoftmax(x: Tensor): Tensor {
  return x.graph.apply('LogSoftmax', [x], { dtype: x.dtype, shape: x.shape }, { axis: -1 })
}

/** log Σ exp over the last axis, kept as size 1. The maximum is subtracted first; it cancels in the gradient. */
export function logSumExp(x: Tensor): Tensor {
  const max = stopGradient(reduceMax(x, [-1]))
  return add(log(reduceSum(exp(sub(x, max)), [-1])), max)
}

/** Sums a gradient over the axes along which `shape` was broadcast, giving it that shape. */
export function sumTo(gradient: Tensor, shape: Shape): Tensor {
  if (sameShape(gradient.shape, shape)) return gradient
  const lead = gradient.shape.length - shape.length
  const axes = gradient.shape.flatMap((dim, i) => (i < lead || (shape[i - lead] === 1 && dim !== 1) ? [i] : []))
  const summed = axes.length > 0 ? reduceSum(gradient, axes) : gradient
  return sameShape(summed.shape, shape) ? summed : reshape(summed, shape)
}
