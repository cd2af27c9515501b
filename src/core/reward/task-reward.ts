// R_task (eq. 17): how right the answer is. Knows the judge only through its interface.
import type { Trajectory } from '../episode/trajectory.ts'
import type { InstantJudge, Judge, Verdict } from './judge.ts'

/** R_task of an episode without an answer. */
export const noAnswer = -1

/** The judge's verdict on the answer of stage 3; null when there is none. */
export function judgeAnswer(trajectory: Pick<Trajectory, 'answer' | 'task'>, judge: InstantJudge): Verdict | null {
  return trajectory.answer === null ? null : judge.score(trajectory.answer, trajectory.task)
}

/** The same for a judge that takes its time. */
export async function awaitVerdict(trajectory: Pick<Trajectory, 'answer' | 'task'>, judge: Judge): Promise<Verdict | null> {
  return trajectory.answer === null ? null : judge.score(trajectory.answer, trajectory.task)
}

/** Eq. 17: the score in [0,1], −1 without an answer. */
export function taskReward(verdict: Verdict | null): number {
  return verdict ? verdict.score : noAnswer
}
