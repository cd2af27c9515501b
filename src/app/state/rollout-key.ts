// How a rollout of a run is named in the address and in the list of what is on show.
import type { Trajectory } from '../../core/record/trajectory.ts'

export const rolloutName = (run: string, step: number, task: string, rollout: number): string => `${run}-${step}-${task}-${rollout}`
export const rolloutKey = ({ id }: Trajectory): string => rolloutName(id.run, id.batch, id.task, id.rollout)
