// The gradient of a token: worked by hand, and against differences of the objective.
import { describe, expect, it } from 'vitest'
import type { TrainConfig } from './config.ts'
import { tokenGradient } from './token-gradient.ts'

const target = { index: 1, weight: 0.25, oldLogp: -1, refLogp: -1.2, advantage: 2 }
const settings = { clip: { low: 0.2, high: 0.28 }, beta: 0.1, kl_estimator: 'k3' as const }

/** w·(min(ρA, clip(ρ)A) − β·k), written anew from eq. 6. */
function objective(l: number, a: number, { clip, beta, kl_estimator }: Pick<TrainConfig, 'clip' | 'beta' | 'kl_estimator'>): number {
  const rho = Math.E ** (l + 1)
  const bounded = clip ? Math.min(Math.max(rho, 1 - clip.low), 1 + clip.high) : rho
  const d = l + 1.2
  const k = kl_estimator === 'k1' ? d : kl_estimator === 'k2' ? (d * d) / 2 : Math.E ** -d + d - 1
  return 0.25 * (Math.min(rho * a, bounded * a) - beta * k)
}

describe('tokenGradient', () => {
  it('is w·A where the update begins, and the KL term pulls back', () => {
    const { policy, kl } = tokenGradient(target, -1, settings)
    expect(policy).toBe(0.5)
    // −0.1 · 0.25 · (1 − e^−0.2)
    expect(kl).toBeCloseTo(-0.0045317, 7)
    expect(tokenGradient(target, -1, { ...settings, beta: 0 }).kl).toBe(0)
  })

  it.each(['k1', 'k2', 'k3'] as const)('is the slope of the objective, clipped or not (%s)', (kl_estimator) => {
    for (const clip of [settings.clip, null]) {
      for (const a of [2, -2]) {
        for (const l of [-1.5, -1.1, -1, -0.9, -0.5]) {
          const { policy, kl } = tokenGradient({ ...target, advantage: a }, l, { ...settings, kl_estimator, clip })
          const slope = (objective(l + 1e-6, a, { ...settings, kl_estimator, clip }) - objective(l - 1e-6, a, { ...settings, kl_estimator, clip })) / 2e-6
          expect(policy + kl).toBeCloseTo(slope, 6)
        }
      }
    }
  })
})
