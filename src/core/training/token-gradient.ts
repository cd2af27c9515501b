// The gradient of the objective by the log-probability of a single token. Pure arithmetic.
import type { TrainConfig } from './config.ts'
import type { Target } from '../policy/sequence.ts'

export interface TokenGradient {
  /** w·A·ρ with ρ = π_θ/π_old, from the first term of eq. 6; 0 where ρ is clipped. */
  policy: number
  /** −β·w·∂D_KL/∂log π, from the second: back towards the base model. */
  kl: number
}

/** ∂/∂l of the estimators, l = log π_θ: see nn/training/grpo.ts for them. */
function klSlope(kind: TrainConfig['kl_estimator'], logp: number, refLogp: number): number {
  switch (kind) {
    case 'k1':
      return 1
    case 'k2':
      return logp - refLogp
    case 'k3':
      return 1 - Math.exp(refLogp - logp)
  }
}

/** ∂J/∂log π of one token, at log π = `logp`. @param target with log π_old, log π_ref and A */
export function tokenGradient({ weight, oldLogp = 0, refLogp = oldLogp, advantage = 0 }: Target, logp: number, { clip, beta, kl_estimator }: Pick<TrainConfig, 'clip' | 'beta' | 'kl_estimator'>): TokenGradient {
  const ratio = Math.exp(logp - oldLogp)
  const clipped = clip !== null && (advantage > 0 ? ratio > 1 + clip.high : ratio < 1 - clip.low)
  return { policy: clipped ? 0 : weight * advantage * ratio, kl: beta === 0 ? 0 : -beta * weight * klSlope(kl_estimator, logp, refLogp) }
}
