// Sampling in JavaScript, the same rule as nn/inference/sampling.ts: for devices whose decoding is step by step, and
// for tokens that a grammar chooses among.
import { isAllowed } from './grammar.ts'

export interface SamplingSettings {
  /** 0: greedy. */
  temperature: number
  /** A token is kept whose probability is at least this share of the likeliest one's. 0 or none: off. */
  minP?: number
}

export interface Draw {
  id: number
  /** log-probability under the distribution that was sampled from. */
  sampledLogp: number
  /** log-probability at temperature 1 over the whole vocabulary. */
  logp: number
}

function logSumExp(values: Float32Array): number {
  let max = -Infinity
  for (const value of values) if (value > max) max = value
  let sum = 0
  for (const value of values) sum += Math.exp(value - max)
  return max + Math.log(sum)
}

/** The logits of tokens less likely than `minP` times the likeliest become −Infinity. Changes `logits`. */
function keepLikely(logits: Float32Array, minP: number): void {
  const least = logits.reduce((max, value) => Math.max(max, value), -Infinity) + Math.log(minP)
  for (let i = 0; i < logits.length; i++) if ((logits[i] ?? 0) < least) logits[i] = -Infinity
}

/** Draws from one row of logits by inverting the cumulative distribution at u ∈ [0, 1). */
export function drawToken(logits: Float32Array, u: number, settings: SamplingSettings): Draw {
  const norm = logSumExp(logits)
  if (settings.temperature === 0) {
    let id = 0
    for (let i = 1; i < logits.length; i++) if ((logits[i] ?? 0) > (logits[id] ?? 0)) id = i
    return { id, sampledLogp: 0, logp: (logits[id] ?? 0) - norm }
  }
  const shaped = logits.map((value) => value / settings.temperature)
  if (settings.minP) keepLikely(shaped, settings.minP)
  const shapedNorm = logSumExp(shaped)
  let id = 0
  let sum = 0
  for (let i = 0; i < shaped.length; i++) {
    const p = Math.exp((shaped[i] ?? 0) - shapedNorm)
    if (p === 0) continue
    id = i
    sum += p
    if (sum > u) break
  }
  return { id, sampledLogp: (shaped[id] ?? 0) - shapedNorm, logp: (logits[id] ?? 0) - norm }
}

/**
 * Draws among the tokens that a grammar allows, from one row of logits: what temperature and min-p would have drawn at
 * u stands where it is allowed, and else a token is drawn at `again` of what they leave of the allowed ones. Both ways
 * together give each allowed token its share of their probability: p(a) + (1 − Z)·p(a)/Z = p(a)/Z, Z the sum over the
 * allowed. So a token that was drawn before anybody knew the grammar need not be drawn anew, unless it is refused.
 * Where min-p leaves none of them, it is taken beside the likeliest allowed one. Log-probabilities are those of
 * drawToken(): they know no grammar.
 * @param allowed a bit for each token
 * @param refused what would have been drawn is known to be forbidden
 */
export function drawAllowed(logits: Float32Array, allowed: Int32Array, u: number, again: () => number, settings: SamplingSettings, refused = false): Draw & { corrected: boolean } {
  if (!refused) {
    const free = drawToken(logits, u, settings)
    if (isAllowed(allowed, free.id)) return { ...free, corrected: false }
  }
  const { temperature, minP } = settings
  const norm = logSumExp(logits)
  const scale = temperature === 0 ? 1 : temperature
  const shaped = logits.map((value) => value / scale)
  if (minP && temperature > 0) keepLikely(shaped, minP)
  const shapedNorm = logSumExp(shaped)
  const forbid = (values: Float32Array) => {
    for (let id = 0; id < values.length; id++) if (!isAllowed(allowed, id)) values[id] = -Infinity
    return values
  }
  const within = forbid(shaped.slice())
  const left = within.some((value) => value > -Infinity) ? within : forbid(logits.map((value) => value / scale))
  const rule = { temperature: temperature === 0 ? 0 : 1 }
  const { id } = drawToken(left, again(), left === within ? rule : { ...rule, minP: minP ?? 0 })
  const sampledLogp = temperature === 0 ? 0 : (shaped[id] ?? 0) - shapedNorm
  return { id, sampledLogp, logp: (logits[id] ?? 0) - norm, corrected: true }
}
