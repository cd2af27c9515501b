// From a recorded episode back to the configuration that plays it again, as far as the record tells. Pure.
import type { Trajectory } from '../../core/record/trajectory.ts'
import type { Task } from '../../core/environments/question/task.ts'
import { scenarios } from '../../core/environments/question/sources/scenarios.ts'
import { defaultDifficulty } from '../../core/environments/question/sources/world.ts'
import { currentTask, maxSeed, policyNames, type Config } from './config.ts'
import type { LoadedFile } from './files.ts'
import { sameData } from '../../core/same-data.ts'

type Planned = Config & { againTask: Task | null }

/** The sentence's seeds are small; records from elsewhere may have others. */
const fits = (seed: number) => Number.isInteger(seed) && seed >= 0 && seed <= maxSeed

const sameTask = (a: Task | null, b: Task) => a !== null && a.id === b.id && a.query === b.query && sameData(a.build, b.build) && sameData(a.resist, b.resist)

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

/** The embedder of a record, as the configuration names it; undefined: one that this page does not have. */
function embedderOf({ embedder }: Pick<Trajectory, 'embedder'>): string | null | undefined {
  const [name = ''] = embedder.split('@')
  return name === 'hash' ? null : /-MLC(?:-\w+)?$/.test(name) ? name : undefined
}

/** The model of a record that WebLLM played: the lab writes what frees its replies into its name. */
function largeModelOf(name: string, now: Pick<Config, 'model'>): Pick<Config, 'model' | 'constrained'> | null {
  const [, model, free] = /^(.+?)( \(unconstrained\))?$/.exec(name) ?? []
  if (model === undefined || !(model === now.model || /-MLC(?:-\w+)?$/.test(model))) return null
  return { model, constrained: free === undefined }
}

/**
 * The configuration under which Run plays this episode again. What a record does not tell (the probabilities of
 * `careless`, the reward) stays as it is now; a task that no source here gives becomes the source `again`.
 */
export function restoreConfig(trajectory: Trajectory, now: Config, file: LoadedFile | null): Planned {
  const { task, settings } = trajectory
  const large = largeModelOf(trajectory.policy, now)
  const embedder = embedderOf(trajectory)
  const policy = large ? 'webllm' : (policyNames.find((name) => name === trajectory.policy) ?? now.policy)
  const base: Config = { ...now, policy, ...large, embedder: embedder === undefined ? now.embedder : embedder, settings, seed: fits(trajectory.seed) ? trajectory.seed : now.seed }
  const found = candidates(task, base, file).find((config) => config.seed === base.seed && sameTask(currentTask({ ...config, againTask: null }, file), task))
  return found ? { ...found, againTask: task } : { ...base, source: 'again', againTask: task }
}

/** Does the configuration say what this episode is? */
export function describes(config: Planned, planned: Task | null, trajectory: Trajectory): boolean {
  const known = policyNames.some((name) => name === trajectory.policy)
  const large = largeModelOf(trajectory.policy, config)
  const embedder = embedderOf(trajectory)
  const samePolicy = large ? config.policy === 'webllm' && config.model === large.model && config.constrained === large.constrained : config.policy === trajectory.policy || (!known && config.policy !== 'webllm')
  return (
    sameTask(planned, trajectory.task) &&
    samePolicy &&
    (embedder === undefined || config.embedder === embedder) &&
    sameData(config.settings, trajectory.settings) &&
    (config.seed === trajectory.seed || !fits(trajectory.seed))
  )
}
