// The experiments, one file each: a new one is its file and its line here.
import { namesOf } from '../table.ts'
import { components } from './components.ts'
import { curves } from './curves.ts'
import type { Experiment } from './experiment.ts'
import { main } from './main.ts'
import { memoryQuality } from './memory-quality.ts'
import { rewardAblation } from './reward-ablation.ts'
import { tokens } from './tokens.ts'
import { tools } from './tools.ts'

export const experiments = {
  main,
  tools,
  'reward-ablation': rewardAblation,
  'memory-quality': memoryQuality,
  tokens,
  components,
  curves,
} satisfies Record<string, Experiment>

export type ExperimentName = keyof typeof experiments
export const experimentNames: readonly ExperimentName[] = namesOf(experiments)
export const isExperiment = (name: string): name is ExperimentName => Object.hasOwn(experiments, name)

/** @throws Error naming those that there are */
export function experimentNamed(name: string): Experiment {
  if (!isExperiment(name)) throw new Error(`There is no experiment ${name}. The experiments are ${experimentNames.join(', ')}.`)
  return experiments[name]
}
