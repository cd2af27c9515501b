// Matrix products.
import type { Tensor } from '../graph.ts'
import { broadcastShapes, dimAt, sameShape, ShapeError, showShape } from '../shape.ts'

/** a[…, n, k] · b[…, k, m], batch axes broadcast. */
export function matmul(a: Tensor, b: Tensor): Tensor {
  if (a.shape.length < 2 || b.shape.length < 2) throw new ShapeError(`matmul needs matrices, not ${showShape(a.shape)} and ${showShape(b.shape)}.`)
  if (dimAt(a.shape, -1) !== dimAt(b.shape, -2)) throw new ShapeError(`matmul: ${showShape(a.shape)} and ${showShape(b.shape)} do not fit.`)
  const shape = [...broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2)), dimAt(a.shape, -2), dimAt(b.shape, -1)]
  return a.graph.apply('MatMul', [a, b], { dtype: a.dtype, shape })
}

/** op(a) · op(b) (+ c) for two matrices, each transposed on the fly when asked. */
export function gemm(a: Tensor, b: Tensor, transposed: { a?: boolean; b?: boolean } = {}, c: Tensor | null = null): Tensor {
  if (a.shape.length !== 2 || b.shape.length !== 2) throw new ShapeError(`gemm needs two matrices, not ${showShape(a.shape)} and ${showShape(b.shape)}.`)
  const [n, k] = transposed.a ? [dimAt(a.shape, 1), dimAt(a.shape, 0)] : [dimAt(a.shape, 0), dimAt(a.shape, 1)]
  const [k2, m] = transposed.b ? [dimAt(b.shape, 1), dimAt(b.shape, 0)] : [dimAt(b.shape, 0), dimAt(b.shape, 1)]
  if (k !== k2) throw new ShapeError(`gemm: ${showShape(a.shape)} and ${showShape(b.shape)} do not fit.`)
  if (c && !sameShape(c.shape, [n, m])) throw new ShapeError(`gemm: ${showShape(c.shape)} is not ${showShape([n, m])}.`)
  return a.graph.apply('Gemm', c ? [a, b, c] : [a, b], { dtype: a.dtype, shape: [n, m] }, { transA: transposed.a ? 1 : 0, transB: transposed.b ? 1 : 0 })
}
