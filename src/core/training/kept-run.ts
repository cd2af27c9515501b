// What of a training run is still kept, and its record as that bears it out: a record claims nothing that is gone, and says
// what is. Pure.
import type { RunRecord, Stretch } from './runs.ts'

/** Numbers of steps of which something is kept, in any order. */
export interface KeptSteps {
  metrics: readonly number[]
  rollouts: readonly number[]
  /** Those after which the adapter is. */
  adapters: readonly number[]
}

/** The numbers from `first` to `last` that are not among these. */
export function missing(first: number, last: number, kept: readonly number[]): Stretch[] {
  const stretches: Stretch[] = []
  let next = first
  for (const step of [...kept].sort((a, b) => a - b)) {
    if (step > last) break
    if (step > next) stretches.push([next, step - 1])
    next = Math.max(next, step + 1)
  }
  if (next <= last) stretches.push([next, last])
  return stretches
}

/** The record without what it says of what is gone: that is found out anew whenever it is read. */
export function asWritten({ gone: _, ...run }: RunRecord): RunRecord {
  return run
}

/** The record as what is kept of the run bears it out. */
export function borneOut(written: RunRecord, { metrics, rollouts, adapters }: KeptSteps): RunRecord {
  const run = asWritten(written)
  // What a supervised training measured stands in its record.
  if (run.supervised) return { ...run, steps: Math.min(run.steps, run.supervised.steps.at(-1)?.step ?? 0) }
  const reached = [...metrics, ...adapters].reduce((most, step) => Math.max(most, step), 0)
  const steps = Math.min(run.steps, reached)
  const lost = missing(1, run.steps, metrics)
  // Of those that were thinned out the record says so already.
  const lostRollouts = missing((run.rollouts_thinned ?? 0) + 1, run.steps, rollouts)
  if (lost.length === 0 && lostRollouts.length === 0) return { ...run, steps }
  return { ...run, steps, gone: { steps: lost, rollouts: lostRollouts } }
}
