// What policies of an experiment are trained with: an entry here is an arm of the ablations that needs RL. Each is trained once
// a seed, whichever experiments ask for it.
import { rewardPresets } from '../reward/presets.ts'
import { sameData } from '../same-data.ts'
import { namesOf } from '../table.ts'
import { trainPresets, type TrainConfig } from '../training/config.ts'

interface ExperimentTraining {
  label: string
  /** What is changed of the preset. */
  change: Partial<TrainConfig>
}

export const experimentTrainings = {
  /** Every component of the reward. */
  'all-returns': { label: 'GRPO, All-Returns', change: {} },
  /** R_task alone. */
  'answer-only': { label: 'GRPO, Answer-Only', change: { reward: { preset: 'answer-only', weights: rewardPresets['answer-only'] } } },
  /** With the long-term tools alone. */
  'ltm-only': { label: 'GRPO, LTM tools', change: { agent: 'agemem-rag' } },
} satisfies Record<string, ExperimentTraining>

export type TrainingName = keyof typeof experimentTrainings
export const trainingNames: readonly TrainingName[] = namesOf(experimentTrainings)
export const isTrainingName = (name: string): name is TrainingName => Object.hasOwn(experimentTrainings, name)
export const trainingLabel = (name: TrainingName): string => experimentTrainings[name].label

/** Of which preset: that of nano, or of a pretrained model that was taught the protocol. */
export type TrainingBase = 'quick' | 'pretrained'

/** @param steps null: those of the preset */
export function trainingConfig(name: TrainingName, base: TrainingBase, seed: number, steps: number | null): TrainConfig {
  const preset = trainPresets[base]
  const { change }: ExperimentTraining = experimentTrainings[name]
  // Held-out tasks are played once it is over: those of an evaluation on the way would change nothing of what it learns.
  return { ...preset, ...change, seed, steps: steps ?? preset.steps, evaluation: { ...preset.evaluation, every: 0 } }
}

/**
 * Key of such a run in a store; its adapter's is that of its last checkpoint.
 * @param start hash of the adapter that it begins from; left out: a fresh one
 */
export const trainingKey = (name: TrainingName, model: string, seed: number, steps: number, start?: string | null): string =>
  `experiment-${name}-${model.replace(/[^\w-]/g, '-').slice(0, 24)}-${seed}-${steps}${start === undefined ? '' : `-${(start ?? 'unknown').slice(0, 8)}`}`

/**
 * Does a run that began with a fresh adapter teach the same? What it was evaluated with on the way, and how often it was kept,
 * changes nothing; what its KL term keeps to is the model as it comes, by either name.
 */
export function sameTraining(a: TrainConfig, b: TrainConfig): boolean {
  const learnt = ({ evaluation: _, checkpoint_every: __, reference: ___, ...rest }: TrainConfig) => rest
  return sameData(learnt(a), learnt(b))
}
