// How far computed numbers are from recorded ones, as one error a name, and whether that is near enough.

export interface Comparison {
  /** What was computed: logits, token_mean: gradients, adamw: trace… */
  part: string
  name: string
  /** See `near` and `close`; NaN when a number is not one. */
  error: number
  tolerance: number
  ok: boolean
}

/** Below this size a scalar is compared absolutely, so 1e-4 relative becomes 1e-5 absolute near zero. */
const nearZero = 0.1

/** L2. */
export function norm(values: Iterable<number>): number {
  let sum = 0
  for (const value of values) sum += value * value
  return Math.sqrt(sum)
}

/** The comparisons of one part. */
export function comparing(part: string, into: Comparison[]) {
  const record = (name: string, error: number, tolerance: number) => {
    into.push({ part, name, error, tolerance, ok: error <= tolerance })
  }
  return {
    /** A scalar: |Δ| over the recorded value, or over 0.1 where that is larger. */
    near(name: string, actual: number, expected: number, tolerance: number): void {
      record(name, Math.abs(actual - expected) / Math.max(Math.abs(expected), nearZero), tolerance)
    },
    /**
     * Many numbers: the norm of the difference over the norm of the recorded ones.
     * @param scale what to divide by instead
     */
    close(name: string, actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, scale?: number): void {
      const differs = actual.length !== expected.length
      const difference = Float64Array.from(expected, (value, i) => (actual[i] ?? NaN) - value)
      record(name, differs ? NaN : norm(difference) / (scale ?? norm(Array.from(expected))), tolerance)
    },
  }
}

/** The worst comparison of each part, in the order of the parts. A number that is not one is the worst. */
export function worstOfEachPart(comparisons: readonly Comparison[]): Comparison[] {
  const size = ({ error, tolerance }: Comparison) => (Number.isNaN(error) ? Infinity : error / tolerance)
  const worst = new Map<string, Comparison>()
  for (const each of comparisons) {
    const known = worst.get(each.part)
    if (!known || size(each) > size(known)) worst.set(each.part, each)
  }
  return [...worst.values()]
}
