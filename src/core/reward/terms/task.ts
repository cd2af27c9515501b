// Eq. 17: how right the answer is, by the recorded verdict or by rule.
import type { Trajectory } from '../../record/trajectory.ts'
import type { Verdict } from '../../environments/family.ts'
import { verdictOn } from '../recorded-verdict.ts'
import { always, term } from '../term.ts'

/** R_task of an episode without an answer. */
const noAnswer = -1

interface TaskScore {
  /** The score in [0,1], −1 without an answer. */
  value: number
  /** null without an answer. */
  verdict: Verdict | null
}

function measure(trajectory: Trajectory): TaskScore {
  const verdict = verdictOn(trajectory)
  return { value: verdict ? verdict.score : noAnswer, verdict }
}

export const task = term({ group: null, equation: 17, kind: 'quantity', applies: always, measure })
