// The benchmark's transformer and its loss in jax-js. An array is consumed by its use: `.ref` keeps it for another one.
import { nn, numpy as np, type Array as JaxArray } from '@jax-js/jax'
import { modulePath, type ModelConfig, type Projection } from '../../src/nn/transformer/config.ts'
import { loraNames, type LoraConfig } from '../../src/nn/transformer/weights.ts'

export type Arrays = Record<string, JaxArray>
export type JaxBatch = { ids: JaxArray; at: JaxArray; labels: JaxArray; weights: JaxArray; cos: JaxArray; sin: JaxArray; one: JaxArray }

function take(arrays: Arrays, name: string): JaxArray {
  const array = arrays[name]
  if (!array) throw new Error(`There is no parameter ${name}.`)
  return array
}

function rmsNorm(x: JaxArray, weight: JaxArray, epsilon: number): JaxArray {
  const scale = np.sqrt(np.square(x.ref).mean(-1, { keepdims: true }).add(epsilon))
  return x.div(scale).mul(weight)
}

/** x[B, N, H, hd]; cos and sin [N, 1, hd/2]. */
function rotate(x: JaxArray, cos: JaxArray, sin: JaxArray): JaxArray {
  const [a, b] = np.split(x, 2, -1)
  if (!a || !b) throw new Error('A head has no halves.')
  return np.concatenate([a.ref.mul(cos.ref).sub(b.ref.mul(sin.ref)), b.mul(cos).add(a.mul(sin))], -1)
}

/**
 * Rows of a matrix. The product with `one`, an argument that holds 1, is a workaround: its gradient is computed and
 * not a mere view, and views are what jit() refuses as the input of gather's gradient ("routine primitive scatter
 * input is not imm", jax-js 0.1.25).
 */
function rows(table: JaxArray, indices: JaxArray, one: JaxArray): JaxArray {
  return np.take(table, indices, 0).mul(one)
}

/** Mean negative log-probability of the labels. `base` is frozen where there is an adapter. */
export function lossOf(config: ModelConfig, lora: LoraConfig | null, shape: { batch: number; length: number; positions: number }) {
  const { heads, kvHeads, headDim, hiddenSize, rmsNormEps } = config
  return (base: Arrays, adapter: Arrays, batch: JaxBatch): JaxArray => {
    const linear = (x: JaxArray, layer: number, projection: Projection): JaxArray => {
      const weight = take(base, `${modulePath(layer, projection)}.weight`)
      if (!lora) return np.matmul(x, weight.transpose())
      const { a, b } = loraNames(layer, projection)
      const low = np.matmul(x.ref, take(adapter, a).transpose()).mul(lora.alpha / lora.rank)
      return np.matmul(x, weight.transpose()).add(np.matmul(low, take(adapter, b).transpose()))
    }
    const embedding = take(base, 'model.embed_tokens.weight')
    let x = rows(embedding.ref, batch.ids, batch.one.ref)
    for (let layer = 0; layer < config.layers; layer++) {
      const path = `model.layers.${layer}`
      const split = (y: JaxArray, count: number) => y.reshape([shape.batch, shape.length, count, headDim])
      const h = rmsNorm(x.ref, take(base, `${path}.input_layernorm.weight`), rmsNormEps)
      const q = rotate(split(linear(h.ref, layer, 'q_proj'), heads), batch.cos.ref, batch.sin.ref)
      const k = rotate(split(linear(h.ref, layer, 'k_proj'), kvHeads), batch.cos.ref, batch.sin.ref)
      const v = split(linear(h, layer, 'v_proj'), kvHeads)
      const mixed = nn.dotProductAttention(q, k, v, { isCausal: true }).reshape([shape.batch, shape.length, heads * headDim])
      x = x.add(linear(mixed, layer, 'o_proj'))
      const fed = rmsNorm(x.ref, take(base, `${path}.post_attention_layernorm.weight`), rmsNormEps)
      const gate = nn.silu(linear(fed.ref, layer, 'gate_proj'))
      x = x.add(linear(gate.mul(linear(fed, layer, 'up_proj')), layer, 'down_proj'))
    }
    batch.cos.dispose()
    batch.sin.dispose()
    const hidden = rmsNorm(x, take(base, 'model.norm.weight'), rmsNormEps).reshape([shape.batch * shape.length, hiddenSize])
    const logits = np.matmul(rows(hidden, batch.at, batch.one), embedding.transpose())
    // Not takeAlongAxis(), whose gradient jit() refuses for the same reason. This fuses.
    const isLabel = np.equal(batch.labels.reshape([shape.positions, 1]), np.arange(config.vocabSize).astype(np.int32))
    const logps = np.where(isLabel, nn.logSoftmax(logits, -1), 0).sum(-1)
    return np.negative(logps.mul(batch.weights).sum())
  }
}
