// Matrix products in TensorFlow.js, as one writes them, and as its wasm backend needs them to be fast.
import * as tf from '@tensorflow/tfjs'

export interface Products {
  /** x[n, k] · w[k, m]. @param frozen w needs no gradient */
  linear(x: tf.Tensor, w: tf.Tensor, frozen: boolean): tf.Tensor
  /** x[n, k] · w[m, k]ᵀ, w trained. */
  linearTransposed(x: tf.Tensor, w: tf.Tensor): tf.Tensor
  /** a[…, n, k] · b[…, k, m] */
  batched(a: tf.Tensor, b: tf.Tensor): tf.Tensor
}

/** The library's own operators and gradients. */
export const plain: Products = {
  linear: (x, w) => tf.matMul(x, w),
  linearTransposed: (x, w) => tf.matMul(x, w, false, true),
  batched: (a, b) => tf.matMul(a, b),
}

const product = tf.customGrad((...inputs) => {
  const [a, b, save] = inputs
  if (!(a instanceof tf.Tensor) || !(b instanceof tf.Tensor) || typeof save !== 'function') throw new Error('A product needs two matrices.')
  save([a, b])
  return {
    value: tf.matMul(a, b),
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [left = a, right = b] = saved
      return [tf.matMul(dy, right.transpose()), tf.matMul(left.transpose(), dy)]
    },
  }
})

const productWith = (w: tf.Tensor) =>
  tf.customGrad((...inputs) => {
    const [x, save] = inputs
    if (!(x instanceof tf.Tensor) || typeof save !== 'function') throw new Error('A product needs two matrices.')
    save([w])
    return {
      value: tf.matMul(x, w),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.matMul(dy, (saved[0] ?? w).transpose()),
    }
  })

/**
 * The same with every product as one of two matrices, neither transposed by flag: only that form runs on XNNPACK in
 * the wasm backend (tfjs 4.22, batch_mat_mul_impl.cc); flags and batches run in a scalar loop. Its own gradients use
 * flags, so these are written anew.
 */
export const tuned: Products = {
  linear: (x, w, frozen) => (frozen ? productWith(w)(x) : product(x, w)),
  linearTransposed: (x, w) => product(x, w.transpose()),
  batched(a, b) {
    const matrices = (x: tf.Tensor) => tf.unstack(x.reshape([-1, ...x.shape.slice(-2)]))
    const right = matrices(b)
    const parts = matrices(a).map((each, i) => {
      const other = right[i]
      if (!other) throw new Error('The batches differ.')
      return product(each, other)
    })
    return tf.stack(parts).reshape([...a.shape.slice(0, -1), b.shape.at(-1) ?? 1])
  },
}
