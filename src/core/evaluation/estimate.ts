// Means with 95 % intervals: what a number over a sample of episodes is worth.

/** A mean over n values with its 95 % interval. */
export interface Estimate {
  mean: number
  low: number
  high: number
  n: number
}

const z = 1.959964

/**
 * Mean of continuous values with the normal interval of the mean, ±1.96 s/√n; the interval is the mean itself for one
 * value. @throws RangeError without values
 */
export function meanOf(values: readonly number[]): Estimate {
  const n = values.length
  if (n === 0) throw new RangeError('There is nothing to take a mean of.')
  const mean = values.reduce((sum, x) => sum + x, 0) / n
  const variance = n === 1 ? 0 : values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1)
  const half = z * Math.sqrt(variance / n)
  return { mean, low: mean - half, high: mean + half, n }
}

/** Share of trials that held, with Wilson's interval, which stays within [0,1]. @throws RangeError without trials */
export function rateOf(trials: readonly boolean[]): Estimate {
  const n = trials.length
  if (n === 0) throw new RangeError('There are no trials to take a rate of.')
  const mean = trials.filter(Boolean).length / n
  const scale = 1 + (z * z) / n
  const centre = (mean + (z * z) / (2 * n)) / scale
  const half = (z / scale) * Math.sqrt((mean * (1 - mean)) / n + (z * z) / (4 * n * n))
  return { mean, low: mean === 0 ? 0 : centre - half, high: mean === 1 ? 1 : centre + half, n }
}
