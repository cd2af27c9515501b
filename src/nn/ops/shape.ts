// Operators that move elements without changing them.
import type { Tensor } from '../graph.ts'
import { broadcastShapes, dimAt, plus, sameShape, ShapeError, showShape, sizeOf, type Dim, type Shape } from '../shape.ts'

/**
 * The same elements in another shape. A named dimension must stand at the same axis in both shapes, or be the only
 * one whose size follows from the rest, unless the graph feeds sizes.
 */
export function reshape(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x
  const known = [...x.shape, ...shape].every((dim) => typeof dim === 'number')
  if (known && sizeOf(x.shape) !== sizeOf(shape)) throw new ShapeError(`Cannot reshape ${showShape(x.shape)} to ${showShape(shape)}.`)
  let inferred = 0
  const target = shape.map((dim, i) => {
    if (typeof dim === 'number') return dim
    if (x.shape[i] === dim) return 0
    inferred++
    return -1
  })
  if (inferred > 1 && x.graph.feedsSizes) return x.graph.apply('Reshape', [x, x.graph.sizesOf(shape)], { dtype: x.dtype, shape })
  if (inferred > 1) throw new ShapeError(`Cannot reshape ${showShape(x.shape)} to ${showShape(shape)}: more than one size is unknown.`)
  return x.graph.apply('Reshape', [x, x.graph.ints(target)], { dtype: x.dtype, shape })
}

/** Axes in a new order: axis i of the result is axis order[i] of x. */
export function transpose(x: Tensor, order: readonly number[]): Tensor {
  if (x.shape.some((_, axis) => !order.includes(axis)) || order.length !== x.shape.length) throw new ShapeError(`transpose: ${showShape(order)} is no order of the axes of ${showShape(x.shape)}.`)
  return x.graph.apply('Transpose', [x], { dtype: x.dtype, shape: order.map((axis) => dimAt(x.shape, axis)) }, { perm: order })
}

/** The last two axes exchanged. */
export function transposeLast(x: Tensor): Tensor {
  const order = x.shape.map((_, i) => i)
  const [a, b] = order.splice(-2)
  if (a === undefined || b === undefined) throw new ShapeError(`transposeLast needs two axes, not ${showShape(x.shape)}.`)
  return transpose(x, [...order, b, a])
}

/** Repeats axes of size 1 up to a shape that is known, or that the graph feeds. */
export function expand(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x
  if (!sameShape(broadcastShapes(x.shape, shape), shape)) throw new ShapeError(`Cannot expand ${showShape(x.shape)} to ${showShape(shape)}.`)
  return x.graph.apply('Expand', [x, x.graph.sizesOf(shape)], { dtype: x.dtype, shape })
}

/** @param whole the size of the joined axis, when it has a name of its own */
export function concat(parts: readonly Tensor[], axis: number, whole?: Dim): Tensor {
  const [first] = parts
  if (!first) throw new ShapeError('concat needs at least one tensor.')
  const at = axis < 0 ? first.shape.length + axis : axis
  for (const { shape } of parts) {
    if (shape.length !== first.shape.length || shape.some((dim, i) => i !== at && dim !== first.shape[i])) {
      throw new ShapeError(`concat: ${showShape(first.shape)} and ${showShape(shape)} differ beside axis ${at}.`)
    }
  }
  const shape = first.shape.map((dim, i) => (i === at ? (whole ?? plus(...parts.map((part) => dimAt(part.shape, at)))) : dim))
  return (parts.at(-1) ?? first).graph.apply('Concat', parts, { dtype: first.dtype, shape }, { axis: at })
}

/** Elements start … end−1 along an axis. */
export function slice(x: Tensor, axis: number, start: number, end: number): Tensor {
  const at = axis < 0 ? x.shape.length + axis : axis
  const whole = dimAt(x.shape, at)
  if (start < 0 || end < start || (typeof whole === 'number' && end > whole)) throw new ShapeError(`slice: axis ${at} of ${showShape(x.shape)} has no ${start} to ${end}.`)
  const shape = x.shape.map((dim, i) => (i === at ? end - start : dim))
  const { graph } = x
  return graph.apply('Slice', [x, graph.ints([start]), graph.ints([end]), graph.ints([at])], { dtype: x.dtype, shape })
}

/** Consecutive parts of the given sizes along an axis. */
export function split(x: Tensor, axis: number, sizes: Shape): Tensor[] {
  const at = axis < 0 ? x.shape.length + axis : axis
  const whole = dimAt(x.shape, at)
  const sum = plus(...sizes)
  if (typeof whole === 'number' && typeof sum === 'number' && sum !== whole) throw new ShapeError(`split: ${sizes.join(' + ')} is not ${whole}, axis ${at} of ${showShape(x.shape)}.`)
  const outputs = sizes.map((size) => ({ dtype: x.dtype, shape: x.shape.map((dim, i) => (i === at ? size : dim)) }))
  return x.graph.node('Split', [x, x.graph.sizesOf(sizes)], outputs, { axis: at })
}
