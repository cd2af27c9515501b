// How long a download will take, from how it went in its last seconds. Pure.

export interface Sample {
  /** A monotonic clock, ms. */
  at: number
  bytes: number
}

/** The pace is the mean of so much time, ms. */
const remembered = 15_000
/** Less says nothing, ms. */
const least = 1500

/** The samples that still count, with one more. */
export function withSample(samples: readonly Sample[], sample: Sample): Sample[] {
  return [...samples.filter(({ at }) => sample.at - at <= remembered), sample]
}

/** Bytes a second; null while too little is known. */
export function rate(samples: readonly Sample[]): number | null {
  const first = samples[0]
  const last = samples.at(-1)
  if (!first || !last || last.at - first.at < least || last.bytes <= first.bytes) return null
  return (1000 * (last.bytes - first.bytes)) / (last.at - first.at)
}

/** Seconds until `total` bytes are here; null while it cannot be said. */
export function secondsLeft(samples: readonly Sample[], total: number | null): number | null {
  const speed = rate(samples)
  const last = samples.at(-1)
  return speed === null || !last || total === null ? null : Math.max(0, total - last.bytes) / speed
}
