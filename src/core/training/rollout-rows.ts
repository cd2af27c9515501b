// The rollouts of a step as lines of a table: what each did and what it got, without the trajectories.
import { z } from 'zod'
import { digestOf, digestTaskOf } from '../evaluation/digest.ts'
import { digestSchema, digestTaskSchema } from '../record/digest.ts'
import type { Trajectory } from '../record/trajectory.ts'
import { measure } from '../reward/score.ts'
import type { TrainConfig } from './config.ts'
import { scoreGroup } from './rescore.ts'

const rolloutRowSchema = digestSchema.extend({
  /** Index of its task among those of the step. */
  group: z.number().int().nonnegative(),
  /** From 0, among those of its task. */
  rollout: z.number().int().nonnegative(),
  /** Under the weights of the run. */
  reward: z.number(),
  advantage: z.number(),
})
export type RolloutRow = z.infer<typeof rolloutRowSchema>

export const stepRowsSchema = z.object({
  /** From 1. */
  step: z.number().int(),
  tasks: z.array(digestTaskSchema),
  /** In order of task and rollout. */
  rows: z.array(rolloutRowSchema),
})
export type StepRows = z.infer<typeof stepRowsSchema>

/** Raised when the same trajectories give other rows: what is kept of an earlier version is made anew. */
export const stepRowsVersion = 1

/** @param trajectories those of the step; rollouts of one task have its id in common */
export function stepRowsOf(step: number, trajectories: readonly Trajectory[], { reward, advantage }: Pick<TrainConfig, 'reward' | 'advantage'>): StepRows {
  const byTask = new Map<string, Trajectory[]>()
  for (const trajectory of trajectories) byTask.set(trajectory.id.task, [...(byTask.get(trajectory.id.task) ?? []), trajectory])
  const groups = [...byTask.values()]
  const rows = groups.flatMap((group, index) => {
    const components = group.map(measure)
    const { rewards, advantages } = scoreGroup(components, reward.weights, advantage)
    return group.map((trajectory, i): RolloutRow => ({
      ...digestOf(trajectory, components[i]?.task),
      group: index,
      rollout: trajectory.id.rollout,
      reward: rewards[i]?.total ?? 0,
      advantage: advantages[i] ?? 0,
    }))
  })
  return { step, tasks: groups.flatMap(([first]) => (first ? [digestTaskOf(first)] : [])), rows }
}
