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
  /** As many again while the times disagree. */
  rounds: number
}

/** True when the usual time is far from the fastest: something else kept the machine busy. */
export const isDisturbed = ({ median: usual, fastest }: Timing) => usual > 1.25 * fastest

/**
 * Runs each in its turn, round after round, so that a disturbance of the machine strikes all alike and ratios hold.
 * The first rounds only warm up: memory grows, code is compiled.
 */
export async function inTurns(runs: readonly (() => Promise<Run>)[], { warmUps, rounds }: Rounds, progress: (round: number) => void): Promise<Measured[]> {
  const taken: Run[][] = runs.map(() => [])
  const timings = () => taken.map((each) => summarise(each.map(({ ms }) => ms)))
  for (let round = 1 - warmUps; round <= rounds || (round <= 2 * rounds && timings().some(isDisturbed)); round++) {
    progress(round)
    for (const [i, run] of runs.entries()) {
      const result = await run()
      if (round > 0) taken[i]?.push(result)
    }
  }
  return timings().map((timing, i) => ({
    timing,
    outside: median((taken[i] ?? []).map(({ ms, insideMs }) => 1 - insideMs / ms).toSorted((a, b) => a - b)),
    value: taken[i]?.at(-1)?.value ?? Number.NaN,
  }))
}
