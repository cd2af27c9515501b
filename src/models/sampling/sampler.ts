// Sampling in JavaScript, the same rule as nn/inference/sampling.ts: for devices whose decoding is step by step.

export interface SamplingSettings {
  /** 0: greedy. */
  temperature: number
  /** A token is kept whose probability is at least this share of the likeliest one's. 0 or none: off. */
  minP?: number
}

interface Draw {
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
