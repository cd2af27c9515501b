// Which steps lose their rollouts when those of a run take too much space. Pure arithmetic.

/** Bytes that the rollouts of one run may take: some 1,400 steps of 32 small episodes. */
export const rolloutBudget = 400 * 2 ** 20

export interface StepSize {
  step: number
  bytes: number
}

/**
 * Steps whose rollouts go, so that the rest fits: oldest first, every second one, then all but every fourth … The newest
 * step stays.
 * @param kept in order of their steps
 */
export function thinnedSteps(kept: readonly StepSize[], budget: number): number[] {
  let total = kept.reduce((sum, { bytes }) => sum + bytes, 0)
  const newest = kept.at(-1)?.step ?? 0
  const gone = new Set<number>()
  for (let stride = 2; total > budget && stride <= 2 * newest; stride *= 2) {
    for (const { step, bytes } of kept) {
      if (total <= budget) break
      if (step % stride === 0 || step === newest || gone.has(step)) continue
      gone.add(step)
      total -= bytes
    }
  }
  return [...gone].sort((a, b) => a - b)
}
