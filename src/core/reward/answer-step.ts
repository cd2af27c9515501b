// Where an episode was answered: what the context terms look at.
import type { Trajectory } from '../record/trajectory.ts'

/** Index of the step that answered in the end, or of the last step when none did; −1 without steps. */
export function answerStep(trajectory: Trajectory): number {
  if (trajectory.answer === null) return trajectory.steps.length - 1
  return trajectory.steps.findLastIndex((step) => step.answer !== null)
}
