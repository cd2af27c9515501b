// What the policy thought of given tokens: log-probabilities and entropy.
import type { Tensor } from '../graph.ts'
import { add, div, exp, log, mul, stopGradient, sub } from '../ops/elementwise.ts'
import { pick } from '../ops/indexing.ts'
import { reduceMax, reduceSum } from '../ops/reduce.ts'
import { reshape } from '../ops/shape.ts'
import { dimAt } from '../shape.ts'

/** The softmax of logits z [M, V], before it is divided. */
export interface Distribution {
  logits: Tensor
  /** e^(z − max z), [M, V]. */
  exps: Tensor
  /** Their sum, [M, 1]. */
  sum: Tensor
  /** log Σ e^z, [M, 1]. */
  norm: Tensor
}

/** The maximum is subtracted first; it cancels in the gradient. */
export function distributionOf(logits: Tensor): Distribution {
  const max = stopGradient(reduceMax(logits, [-1]))
  const exps = exp(sub(logits, max))
  const sum = reduceSum(exps, [-1])
  return { logits, exps, sum, norm: add(log(sum), max) }
}

/** log p(label) of each row, [M], with labels int32 [M]. */
export function logProbabilities({ logits, norm }: Distribution, labels: Tensor): Tensor {
  return sub(pick(logits, labels), reshape(norm, [dimAt(logits.shape, 0)]))
}

/** Entropy of each row's distribution, nats, [M]: log Σ e^z − Σ p z. */
export function entropies({ logits, exps, sum, norm }: Distribution): Tensor {
  return reshape(sub(norm, div(reduceSum(mul(exps, logits), [-1]), sum)), [dimAt(logits.shape, 0)])
}
