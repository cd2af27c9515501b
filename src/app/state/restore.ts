// From a recorded episode back to the configuration that plays it again: from its setup alone. Pure.
import { usuallyConstrained } from '../../core/policy/constrained.ts'
import { fit } from '../../core/fit.ts'
import { carelessSchema, scriptedNames } from '../../core/demonstrations/habits.ts'
import { familyOf } from '../../core/environments/families.ts'
import { ownOf } from '../../core/environments/question/sources/own.ts'
import { isQuestion } from '../../core/environments/question/task.ts'
import type { AnyTask } from '../../core/record/task.ts'
import { defaultDifficulty, worldDifficultySchema } from '../../core/environments/question/sources/world.ts'
import type { Setup } from '../../core/record/setup.ts'
import type { Trajectory } from '../../core/record/trajectory.ts'
import { rewardWeightsSchema } from '../../core/reward/reward.ts'
import { sameData } from '../../core/same-data.ts'
import { currentTask, isConstrained, maxSeed, withWeights, type Config, type Planned } from './config.ts'
import { isAgentName, type AgentName } from '../../core/agents/names.ts'
import { hasTools } from './agent-names.ts'
import type { LoadedFile } from './files.ts'

/** The sentence's seeds are small; records from elsewhere may have others. */
const fits = (seed: number) => Number.isInteger(seed) && seed >= 0 && seed <= maxSeed

/** The task as it is recorded: a source may know more of it. */
function recorded(task: AnyTask): unknown {
  const read = fit(familyOf(task).schema, task)
  return read.success ? read.data : task
}

const sameTask = (a: AnyTask | null, b: AnyTask) => a !== null && a.id === b.id && sameData(recorded(a), recorded(b))

/** Configurations that may give the task, the likeliest first. */
function candidates({ setup: { source }, task }: Trajectory, base: Config, file: LoadedFile | null): Omit<Planned, 'againTask'>[] {
  switch (source.kind) {
    case 'generated': {
      if (source.generator !== 'world' || source.split !== 'train') return []
      const world: Config = { ...base, source: 'world', seed: source.seed, index: source.index }
      const told = fit(worldDifficultySchema, source.options)
      return (told.success ? [told.data] : [base.difficulty, defaultDifficulty]).map((difficulty) => ({ ...world, difficulty }))
    }
    case 'built-in':
      return [{ ...base, source: 'scenario', scenario: task.id }]
    case 'file': {
      const index = file?.tasks.findIndex(({ id }) => id === task.id) ?? -1
      return index < 0 ? [] : [{ ...base, source: 'file', index }]
    }
    case 'given':
      return isQuestion(task) && task.source === 'own' ? [{ ...base, source: 'own', own: ownOf(task) }] : []
  }
}

/** What a record says of the policy, as the configuration has it. */
function policyIn({ policy: spec, agent }: Setup, now: Pick<Config, 'model'>): Partial<Config> {
  switch (spec.kind) {
    case 'scripted': {
      const policy = scriptedNames.find((name) => name === spec.name)
      const careless = fit(carelessSchema, spec.careless)
      return { ...(policy && { policy }), ...(careless.success && { careless: careless.data }) }
    }
    case 'onnx': {
      const adapter = spec.adapter === undefined ? {} : { adapter: spec.adapter?.key ?? null }
      const constrained = spec.constrained ?? false
      const usual = usuallyConstrained(spec.model, (spec.adapter ?? null) !== null)
      return { policy: spec.model === 'nano' ? 'nano' : 'own', ...adapter, constrained: (spec.model !== 'nano' && !hasTools(agent)) || constrained === usual ? null : constrained }
    }
    case 'webllm':
      return { policy: 'webllm', model: spec.model, constrained: spec.options.constrained }
    case 'person':
      return { policy: 'person' }
    case 'named':
      return spec.name === now.model ? { policy: 'webllm' } : {}
  }
}

const agentIn = ({ agent }: Setup, now: AgentName): AgentName => (isAgentName(agent) ? agent : now)

const embedderIn = ({ embedder }: Setup) => (embedder === 'hash' ? null : embedder)

/** The weights that were recorded: a preset's, or somebody's own. */
function rewardIn({ reward }: Setup): Partial<Config> {
  const weights = fit(rewardWeightsSchema, reward)
  return weights.success ? withWeights(weights.data) : {}
}

/**
 * The configuration under which Run plays this episode again. What a record does not tell stays as it is now; a task that
 * no source here gives becomes the source `again`.
 */
export function restoreConfig(trajectory: Trajectory, now: Config, file: LoadedFile | null): Planned {
  const { task, settings, setup } = trajectory
  const seed = fits(trajectory.seed) ? trajectory.seed : now.seed
  const base: Config = { ...now, agent: agentIn(setup, now.agent), ...policyIn(setup, now), ...rewardIn(setup), embedder: embedderIn(setup), settings, seed }
  const found = candidates(trajectory, base, file).find((config) => config.seed === seed && sameTask(currentTask({ ...config, againTask: null }, file), task))
  return found ? { ...found, againTask: task } : { ...base, source: 'again', againTask: task }
}

/** Does the configuration say what this episode is? How it is rewarded does not count: that can be changed while it is looked at. */
export function describes(config: Planned, planned: AnyTask | null, { task, settings, seed, setup }: Trajectory): boolean {
  // Run plays no episode that was changed on its way.
  if (setup.branch) return false
  const policy = policyIn(setup, config)
  const settled = (each: Config) => ({ ...each, constrained: isConstrained(each) })
  // A model that is known by its name alone may be the one that somebody loaded.
  const samePolicy = policy.policy === undefined ? config.policy !== 'webllm' : sameData(settled({ ...config, ...policy }), settled(config))
  return (
    sameTask(planned, task) &&
    samePolicy &&
    config.agent === setup.agent &&
    config.embedder === embedderIn(setup) &&
    sameData(config.settings, settings) &&
    (config.seed === seed || !fits(seed))
  )
}
