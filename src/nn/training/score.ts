// What the policy thought of given tokens: log-probabilities and entropy.
import { mul, sub } from '../ops/elementwise.ts'
import { pick } from '../ops/indexing.ts'
import { logSumExp, reduceSum, softmax } from '../ops/reduce.ts'
import { reshape } from '../ops/shape.ts'
import type { Tensor } from '../graph.ts'
import { dimAt } from '../shape.ts'

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

