// R_task (eq. 17): how right the answer is. Knows no judge, only its verdict.
import type { Verdict } from './judge.ts'

/** R_task of an episode without an answer. */
export const noAnswer = -1

/** Eq. 17: the score in [0,1], −1 without an answer. */
export function taskReward(verdict: Verdict | null): number {
  return verdict ? verdict.score : noAnswer
}
