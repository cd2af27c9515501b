// A record in the form of version 1, as its tests and the golden of behaviour compare it.
import { questionPhases } from '../environments/question/environment.ts'
import { questionIn } from '../environments/question/task.ts'
import type { Trajectory } from '../record/trajectory.ts'
import type { Version1 } from './version-1.ts'

const stages: readonly Version1['steps'][number]['stage'][] = [1, 2, 3]

/** @throws Error when the episode is of no question */
export function toVersion1({ setup: _, ...trajectory }: Trajectory): Version1 {
  const steps = trajectory.steps.map(({ phase, asides, ...step }) => {
    const stage = stages[questionPhases.findIndex((each) => each === phase)]
    if (stage === undefined) throw new Error(`Version 1 has no phase ${phase}.`)
    const calls = step.calls.map((each, call) => ({ ...each, summary: asides.find((aside) => aside.call === call)?.generation ?? null }))
    return { ...step, stage, calls }
  })
  return { ...trajectory, task: questionIn(trajectory.task), schema_version: 1, steps }
}
