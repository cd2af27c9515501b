// What the policy thought of given tokens: logits only at the positions asked for, log-probabilities and entropy.
import { mul, sub } from '../ops/elementwise.ts'
import { gatherRows, pick } from '../ops/indexing.ts'
import { logSumExp, reduceSum, softmax } from '../ops/reduce.ts'
import { reshape } from '../ops/shape.ts'
import { dimAt, sizeAt, type Tensor } from '../tensor.ts'
import type { Weights } from '../transformer/weights.ts'

/** Logits [M, V] of rows `at` (int32 [M]) of the flattened hidden states [B·N, D]. */
export function logitsAt(hidden: Tensor, at: Tensor, weights: Weights): Tensor {
  const [batch, length, width] = [sizeAt(hidden.shape, 0), sizeAt(hidden.shape, 1), dimAt(hidden.shape, 2)]
  return weights.head(gatherRows(reshape(hidden, [batch * length, width]), at))
}

/** log p(label) of each row, [M], from logits [M, V] and labels int32 [M]. */
export function logProbabilities(logits: Tensor, labels: Tensor): Tensor {
  const rows = dimAt(logits.shape, 0)
  return sub(pick(logits, labels), reshape(logSumExp(logits), [rows]))
}

/** Entropy of each row's distribution, nats, [M]: log Σ e^z − Σ p z. */
export function entropies(logits: Tensor): Tensor {
  const rows = dimAt(logits.shape, 0)
  return reshape(sub(logSumExp(logits), reduceSum(mul(softmax(logits), logits), [-1])), [rows])
}

