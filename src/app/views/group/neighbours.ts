// The steps of a run before and after one of its steps, of those whose rollouts are kept. Pure.
import type { RunRecord } from '../../../core/training/runs.ts'
import { keepsRollouts, type RunsState } from '../../state/runs.ts'

export interface Neighbours {
  /** null: there is none in that direction. */
  previous: number | null
  next: number | null
  first: number
  last: number
}

export function neighbours(
  { step }: { step: number },
  data: RunsState['data'][string] | undefined,
  run: Pick<RunRecord, 'gone'> | null,
): Neighbours {
  const all = data?.state === 'ready' ? data.steps.map((each) => each.step) : []
  const steps = all.filter((each) => each === step || keepsRollouts(run, each))
  const place = steps.indexOf(step)
  return {
    previous: steps[place - 1] ?? null,
    next: place < 0 ? null : (steps[place + 1] ?? null),
    first: steps[0] ?? step,
    last: steps.at(-1) ?? step,
  }
}
