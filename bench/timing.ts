// How long things take on a machine that others may use too: in turns, medians and spreads.
import type { Run } from './lane.ts'

/** Milliseconds over several runs. */
export interface Timing {
  median: number
  fastest: number
  slowest: number
  runs: number
}

export interface Measured {
  timing: Timing
  /** Median share of the time outside the library's run calls. */
  outside: number
  /** Of the last run. */
  value: number
}

function median(sorted: readonly number[]): number {
  const middle = (sorted.length - 1) / 2
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2
}

export function summarise(times: readonly number[]): Timing {
  const sorted = times.toSorted((a, b) => a - b)
  return { median: median(sorted), fastest: sorted[0] ?? Number.NaN, slowest: sorted.at(-1) ?? Number.NaN, runs: sorted.length }
}

export interface Rounds {
  warmUps: number
  rounds: number
}

/**
 * Runs each in its turn, round after round, so that a disturbance of the machine strikes all alike and ratios hold.
 * The first rounds only warm up: memory grows, code is compiled.
 */
export async function inTurns(runs: readonly (() => Promise<Run>)[], { warmUps, rounds }: Rounds, progress: (round: number) => void): Promise<Measured[]> {
  const taken: Run[][] = runs.map(() => [])
  for (let round = 0; round < warmUps + rounds; round++) {
    progress(round + 1)
    for (const [i, run] of runs.entries()) {
      const result = await run()
      if (round >= warmUps) taken[i]?.push(result)
    }
  }
  return taken.map((each) => ({
    timing: summarise(each.map(({ ms }) => ms)),
    outside: median(each.map(({ ms, insideMs }) => 1 - insideMs / ms).toSorted((a, b) => a - b)),
    value: each.at(-1)?.value ?? Number.NaN,
  }))
}
