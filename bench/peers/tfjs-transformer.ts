// The benchmark's transformer and its loss in TensorFlow.js.
import * as tf from '@tensorflow/tfjs'
import { modulePath, type ModelConfig, type Projection } from '../../src/nn/transformer/config.ts'
import { loraNames, type LoraConfig } from '../../src/nn/transformer/weights.ts'
import type { Products } from './tfjs-products.ts'

export type Tensors = Record<string, tf.Tensor>
export type TfBatch = { ids: tf.Tensor1D; at: tf.Tensor1D; labels: tf.Tensor1D; weights: tf.Tensor1D; cos: tf.Tensor; sin: tf.Tensor; mask: tf.Tensor }

/**
 * Rows of a matrix, with a gradient that the wasm backend can run: the one of tf.gather needs UnsortedSegmentSum,
 * which it lacks (tfjs 4.22).
 */
function gatherRows(table: tf.Tensor2D, indices: tf.Tensor1D): tf.Tensor2D {
  const gather = tf.customGrad((x) => {
    if (!(x instanceof tf.Tensor)) throw new Error('gatherRows needs a tensor.')
    const [rows = 0, width = 0] = x.shape
    return {
      value: tf.gather(x, indices),
      gradFunc: (dy: tf.Tensor) => tf.scatterND(indices.reshape([-1, 1]), dy, [rows, width]),
    }
  })
  return gather(table).as2D(indices.size, table.shape[1])
}

function rmsNorm(x: tf.Tensor, weight: tf.Tensor, epsilon: number): tf.Tensor {
  return x.mul(x.square().mean(-1, true).add(epsilon).rsqrt()).mul(weight)
}

/** x[B, H, N, hd]; cos and sin [N, hd/2]. */
function rotate(x: tf.Tensor, cos: tf.Tensor, sin: tf.Tensor): tf.Tensor {
  const [a, b] = tf.split(x, 2, -1)
  if (!a || !b) throw new Error('A head has no halves.')
  return tf.concat([a.mul(cos).sub(b.mul(sin)), b.mul(cos).add(a.mul(sin))], -1)
}

/** Mean negative log-probability of the labels. Matrices of `parameters` are [in, out], but for the embedding. */
export function lossOf(products: Products, config: ModelConfig, lora: LoraConfig | null, { batch: rows, length, positions }: { batch: number; length: number; positions: number }) {
  const { heads, kvHeads, headDim, rmsNormEps, vocabSize } = config
  return (parameters: Tensors, batch: TfBatch): tf.Scalar => {
    const parameter = (name: string): tf.Tensor => {
      const tensor = parameters[name]
      if (!tensor) throw new Error(`There is no parameter ${name}.`)
      return tensor
    }
    const linear = (x: tf.Tensor, layer: number, projection: Projection): tf.Tensor => {
      const y = products.linear(x, parameter(`${modulePath(layer, projection)}.weight`), lora !== null)
      if (!lora) return y
      const { a, b } = loraNames(layer, projection)
      const low = products.linear(x, parameter(a), false).mul(lora.alpha / lora.rank)
      return y.add(products.linear(low, parameter(b), false))
    }
    const split = (y: tf.Tensor, count: number) => y.reshape([rows, length, count, headDim]).transpose([0, 2, 1, 3])
    const embedding = parameter('model.embed_tokens.weight').as2D(vocabSize, config.hiddenSize)
    let x: tf.Tensor = gatherRows(embedding, batch.ids)
    for (let layer = 0; layer < config.layers; layer++) {
      const path = `model.layers.${layer}`
      const h = rmsNorm(x, parameter(`${path}.input_layernorm.weight`), rmsNormEps)
      const q = rotate(split(linear(h, layer, 'q_proj'), heads), batch.cos, batch.sin)
      const k = rotate(split(linear(h, layer, 'k_proj'), kvHeads), batch.cos, batch.sin)
      const v = split(linear(h, layer, 'v_proj'), kvHeads)
      // The queries that share a key head lie one below the other, so that no key is repeated.
      const grouped = q.mul(1 / Math.sqrt(headDim)).reshape([rows, kvHeads, (heads / kvHeads) * length, headDim])
      const scores = products.batched(grouped, k.transpose([0, 1, 3, 2])).reshape([rows, heads, length, length]).add(batch.mask)
      const mixed = products.batched(tf.softmax(scores).reshape([rows, kvHeads, (heads / kvHeads) * length, length]), v)
      const joined = mixed.reshape([rows, heads, length, headDim]).transpose([0, 2, 1, 3]).reshape([rows * length, heads * headDim])
      x = x.add(linear(joined, layer, 'o_proj'))
      const fed = rmsNorm(x, parameter(`${path}.post_attention_layernorm.weight`), rmsNormEps)
      const gate = linear(fed, layer, 'gate_proj')
      x = x.add(linear(gate.mul(gate.sigmoid()).mul(linear(fed, layer, 'up_proj')), layer, 'down_proj'))
    }
    const hidden = rmsNorm(x, parameter('model.norm.weight'), rmsNormEps).as2D(rows * length, config.hiddenSize)
    const rowsWithLoss = gatherRows(hidden, batch.at)
    const logits = lora ? products.linear(rowsWithLoss, embedding.transpose(), true) : products.linearTransposed(rowsWithLoss, embedding)
    const labels = tf.oneHot(batch.labels, vocabSize)
    const logps = tf.logSoftmax(logits).mul(labels).sum(-1).as1D()
    if (logps.size !== positions) throw new Error('The loss has lost its positions.')
    return logps.mul(batch.weights).sum().neg().asScalar()
  }
}
