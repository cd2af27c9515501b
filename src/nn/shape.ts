// Types and shapes of tensors, as they are known when a graph is built.

export type DType = 'float32' | 'float16' | 'int32' | 'int64' | 'bool'

/** A size, or the name of one that is known only when the program runs. */
export type Dim = number | string
export type Shape = readonly Dim[]

export class ShapeError extends Error {
  override readonly name = 'ShapeError'
}

export function showShape(shape: Shape): string {
  return `[${shape.join(', ')}]`
}

/** The dimension at an axis, counted from the end when negative. @throws ShapeError when there is none. */
export function dimAt(shape: Shape, axis: number): Dim {
  const dim = shape[axis < 0 ? shape.length + axis : axis]
  if (dim === undefined) throw new ShapeError(`Shape ${showShape(shape)} has no axis ${axis}.`)
  return dim
}

/** A dimension that must be known at build time. @throws ShapeError when it is only named. */
export function sizeAt(shape: Shape, axis: number): number {
  const dim = dimAt(shape, axis)
  if (typeof dim !== 'number') throw new ShapeError(`Axis ${axis} of ${showShape(shape)} must be known when the graph is built.`)
  return dim
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, i) => dim === b[i])
}

/** Number of elements. @throws ShapeError when a dimension is only named. */
export function sizeOf(shape: Shape): number {
  return shape.reduce<number>((size, _, i) => size * sizeAt(shape, i), 1)
}

/** The common shape of a broadcast, after NumPy. @throws ShapeError when there is none. */
export function broadcastShapes(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, i) => {
    const x = a[i - rank + a.length] ?? 1
    const y = b[i - rank + b.length] ?? 1
    if (x === y || y === 1) return x
    if (x === 1) return y
    throw new ShapeError(`Shapes ${showShape(a)} and ${showShape(b)} do not broadcast.`)
  })
}
