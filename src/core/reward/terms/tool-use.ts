// The tool-use term of the published code, which the paper does not have.
import type { Trajectory } from '../../record/trajectory.ts'
import { always, term } from '../term.ts'

/** Share of tool calls that worked, 0 without a call: the tool-use term of the published code. */
function measure(trajectory: Trajectory): { value: number; ok: number; calls: number } {
  const calls = trajectory.steps.flatMap((step) => step.calls)
  const ok = calls.filter((call) => call.ok).length
  return { value: ok / Math.max(1, calls.length), ok, calls: calls.length }
}

export const tool_use = term({ group: null, equation: null, kind: 'quantity', applies: always, measure: measure })
