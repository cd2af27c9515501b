// One place of a reply as a person looks at it, from the logits there.
import type { TokenView } from '../core/policy/token-view.ts'
import { logSumExp } from './logit-tap.ts'

/** @param logits of the whole vocabulary at temperature 1 */
export function tokenView(logits: Float32Array, id: number, alternatives: number, decode: (ids: readonly number[]) => string): TokenView {
  const norm = logSumExp(logits)
  let entropy = 0
  const best: { id: number; logprob: number }[] = []
  for (const [i, logit] of logits.entries()) {
    const logprob = logit - norm
    const p = Math.exp(logprob)
    if (p > 0) entropy -= p * logprob
    const worst = best.at(-1)
    if (best.length < alternatives || (worst && logprob > worst.logprob)) {
      const at = best.findIndex((each) => logprob > each.logprob)
      best.splice(at < 0 ? best.length : at, 0, { id: i, logprob })
      if (best.length > alternatives) best.pop()
    }
  }
  return {
    text: decode([id]),
    logprob: (logits[id] ?? -Infinity) - norm,
    entropy,
    alternatives: best.map((each) => ({ text: decode([each.id]), logprob: each.logprob })),
  }
}
