// The GRPO objective per token (eq. 6 of the paper, with the clip and the KL estimators of the field as options).
import { add, cast, exp, greater, less, maximum, minimum, mul, neg, square, sub, where } from '../ops/elementwise.ts'
import { zeros } from '../ops/indexing.ts'
import { reduceSum } from '../ops/reduce.ts'
import type { Tensor } from '../graph.ts'

export interface GrpoOptions {
  /** Clip of ρ to [1 − low, 1 + high]; null: none, as the paper writes it. */
  clip: { low: number; high: number } | null
  /** Estimator of D_KL(π_θ‖π_ref): k1 = l − ref, k2 = (l − ref)²/2, k3 = e^(ref−l) − (ref − l) − 1. */
  kl: 'k1' | 'k2' | 'k3'
}

/** One value a token, all [M]. */
interface TokenBatch {
  /** log π_θ, the only one that carries gradient. */
  logps: Tensor
  /** log π_old. */
  oldLogps: Tensor
  /** log π_ref. */
  refLogps: Tensor
  advantages: Tensor
  /** Weight of the token in the loss: what the aggregation makes of the action mask. Σ over the batch is 1. */
  weights: Tensor
  /** β, a scalar. */
  beta: Tensor
}

interface GrpoLoss {
  /** Σ weight·(policy + β·kl), [1]. */
  loss: Tensor
  /** −min(ρA, clip(ρ)A) of each token. */
  policy: Tensor
  kl: Tensor
  ratio: Tensor
  /** 1 where the clip binds: the clipped form is the smaller and has no gradient. Beyond the bounds on the other side: 0. */
  clipped: Tensor
}

function klEstimate(kind: GrpoOptions['kl'], logps: Tensor, refLogps: Tensor): Tensor {
  const difference = sub(refLogps, logps)
  switch (kind) {
    case 'k1':
      return neg(difference)
    case 'k2':
      return mul(square(difference), 0.5)
    case 'k3':
      return sub(sub(exp(difference), difference), 1)
  }
}

/** Builds the loss. Padding tokens have weight 0 and contribute neither loss nor gradient. */
export function grpoLoss(batch: TokenBatch, options: GrpoOptions): GrpoLoss {
  const { oldLogps, refLogps, advantages, weights, beta } = batch
  // A padding token's log-probability may be anything: it must not overflow before its weight 0 removes it.
  const logps = where(greater(weights, 0), batch.logps, oldLogps)
  const ratio = exp(sub(logps, oldLogps))
  const plain = mul(ratio, advantages)
  let objective = plain
  let clipped = zeros(plain, plain.shape)
  if (options.clip) {
    const { low, high } = options.clip
    const bounded = mul(minimum(maximum(ratio, 1 - low), 1 + high), advantages)
    objective = minimum(plain, bounded)
    const up = where(greater(advantages, 0), cast(greater(ratio, 1 + high), 'float32'), 0)
    const down = where(less(advantages, 0), cast(less(ratio, 1 - low), 'float32'), 0)
    clipped = add(up, down)
  }
  const kl = klEstimate(options.kl, logps, where(greater(weights, 0), refLogps, oldLogps))
  const policy = neg(objective)
  const loss = reduceSum(mul(weights, add(policy, mul(kl, beta))), [0])
  return { loss, policy, kl, ratio, clipped }
}
