// From a recorded episode back to the configuration that plays it again, as far as the record tells. Pure.
import type { Trajectory } from '../../core/episode/trajectory.ts'
import type { Task } from '../../core/task.ts'
import { scenarios } from '../../core/tasks/scenarios.ts'
import { defaultDifficulty } from '../../core/tasks/world.ts'
import { currentTask, maxSeed, policyNames, type Config } from './config.ts'
import type { LoadedFile } from './files.ts'

type Planned = Config & { againTask: Task | null }

/** The sentence's seeds are small; records from elsewhere may have others. */
const fits = (seed: number) => Number.isInteger(seed) && seed >= 0 && seed <= maxSeed

const sameTask = (a: Task | null, b: Task) => a !== null && a.id === b.id && a.query === b.query && JSON.stringify(a.build) === JSON.stringify(b.build) && JSON.stringify(a.resist) === JSON.stringify(b.resist)

/** Configurations that may give the task, the likeliest first. */
function candidates(task: Task, base: Config, file: LoadedFile | null): Config[] {
  switch (task.source) {
    case 'world': {
      const [, seed, index] = /^world-train-(\d+)-(\d+)(?:-[0-9a-f]{8})?$/.exec(task.id) ?? []
      if (seed === undefined || index === undefined) return []
      const world: Config = { ...base, source: 'world', seed: Number(seed), index: Number(index) }
      return [world, { ...world, difficulty: defaultDifficulty }]
    }
    case 'scenario':
      return scenarios.filter((scenario) => scenario.id === task.id).map(({ id }) => ({ ...base, source: 'scenario', scenario: id }))
    case 'hotpotqa':
    case 'musique': {
      const index = file?.tasks.findIndex(({ id }) => id === task.id) ?? -1
      return index < 0 ? [] : [{ ...base, source: 'file', index }]
    }
  }
}

/**
 * The configuration under which Run plays this episode again. What a record does not tell (the probabilities of
 * `careless`, the reward) stays as it is now; a task that no source here gives becomes the source `again`.
 */
export function restoreConfig(trajectory: Trajectory, now: Config, file: LoadedFile | null): Planned {
  const { task, settings } = trajectory
  const policy = policyNames.find((name) => name === trajectory.policy) ?? now.policy
  const base: Config = { ...now, policy, settings, seed: fits(trajectory.seed) ? trajectory.seed : now.seed }
  const found = candidates(task, base, file).find((config) => config.seed === base.seed && sameTask(currentTask({ ...config, againTask: null }, file), task))
  return found ? { ...found, againTask: task } : { ...base, source: 'again', againTask: task }
}

/** Does the configuration say what this episode is? */
export function describes(config: Planned, planned: Task | null, trajectory: Trajectory): boolean {
  const known = policyNames.some((name) => name === trajectory.policy)
  return (
    sameTask(planned, trajectory.task) &&
    (config.policy === trajectory.policy || !known) &&
    JSON.stringify(config.settings) === JSON.stringify(trajectory.settings) &&
    (config.seed === trajectory.seed || !fits(trajectory.seed))
  )
}
