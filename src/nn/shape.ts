// Types and shapes of tensors, as they are known when a graph is built.

export type DType = 'float32' | 'float16' | 'int32' | 'int64' | 'bool'

/** A size, or the name of one that is known only when the program runs. */
export type Dim = number | string
export type Shape = readonly Dim[]

/** A size that has no name of its own: unlike every other, two tensors that have it need not be of one size. */
export const anySize = 'any'

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

/** The sum of dimensions: a number when all are, else the name of a sum. */
export function plus(...dims: readonly Dim[]): Dim {
  const parts = dims.filter((dim) => dim !== 0)
  if (parts.every((dim) => typeof dim === 'number')) return parts.reduce<number>((sum, dim) => sum + Number(dim), 0)
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : parts.join('+')
}

/** The product of dimensions: a number when both are, else the name of a product. @throws ShapeError for a named sum */
export function times(a: Dim, b: Dim): Dim {
  if (a === 1) return b
  if (b === 1) return a
  if (typeof a === 'number' && typeof b === 'number') return a * b
  if (`${a}${b}`.includes('+')) throw new ShapeError(`A product of ${a} and ${b} has no name.`)
  return `${a}*${b}`
}

/** What a dimension is when each name has a size; sums and products of names are added and multiplied. @throws ShapeError for a name without one */
export function sizeOfDim(dim: Dim, sizes: Readonly<Record<string, number>>): number {
  if (typeof dim === 'number') return dim
  const factor = (name: string): number => {
    const size = sizes[name] ?? Number(name)
    if (!Number.isInteger(size)) throw new ShapeError(`The dimension ${name} has no size.`)
    return size
  }
  return dim.split('+').reduce((sum, part) => sum + part.split('*').reduce((product, name) => product * factor(name), 1), 0)
}
