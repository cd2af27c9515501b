// A plan of training in words: the pieces of its sentence. Pure.
import { dataSetNames, type DataSource } from '../../core/environments/question/task.ts'
import { questionOptionsOf } from '../../core/environments/question/training-tasks.ts'
import { evaluationTemperature, type TrainConfig } from '../../core/training/config.ts'
import { rewardPresets, type RewardPreset } from '../../core/reward/presets.ts'
import { sameData } from '../../core/same-data.ts'
import { decimal } from '../format.ts'
import { t } from '../locales/index.ts'
import { difficultyWords } from './difficulty.ts'
import { settingsWords } from './wording.ts'

/** 0.001 → "1e−3", 0.05 → "0.05" */
export function small(value: number): string {
  if (value === 0 || value >= 0.01) return String(Number(value.toPrecision(3)))
  return value.toExponential(1).replace('.0e', 'e').replace('-', '−')
}

const sameWeights = (preset: RewardPreset, { weights }: TrainConfig['reward']) => sameData(rewardPresets[preset], weights)

const short = (value: number) => String(Number(value.toPrecision(3)))

/** How rollouts are sampled: "temperature 1", or "a temperature that falls from 1.3 to 1 in 25 steps". */
export function temperatureWords({ exploration, episode }: Pick<TrainConfig, 'exploration' | 'episode'>): string {
  const { plan } = t().train
  const usual = episode.temperature
  if (exploration === null || exploration.temperature === usual) return plan.temperature(short(usual))
  return plan.temperatureFrom(exploration.temperature < usual, short(exploration.temperature), short(usual), exploration.steps)
}

/** How rollouts are rewarded: a preset by its name, else the three weights. */
export function rewardPlanWords(reward: TrainConfig['reward']): string {
  const { plan } = t().train
  if (reward.preset !== null && sameWeights(reward.preset, reward)) return t().reward.presets[reward.preset].name
  const { task, context, memory } = reward.weights
  return plan.rewardedWeights(decimal(task), decimal(context), decimal(memory))
}

/** Names of data sets are the same in every language. */
export const dataSourceWords: Record<DataSource, string> = { ...dataSetNames, own: 'own' }

/** Where the tasks come from: "made-up worlds (…)", "questions of HotpotQA from dev.json (5 distractors at most, …)". */
export function taskWords(tasks: TrainConfig['tasks']): string {
  const { plan } = t().train
  const options = questionOptionsOf(tasks)
  if (options === null) return plan.otherTasks(tasks.family)
  switch (options.source) {
    case 'world':
      return plan.world(difficultyWords(options.difficulty), options.curriculum === 'progressive')
    case 'scenario':
      return plan.scenarios(Math.round(100 * options.held_out.share))
    case 'own':
      return t().play.own.plan(options.data.name)
    default: {
      const { source, data, distractors, held_out: heldOut } = options
      return plan.dataSet(dataSourceWords[source], data.name, distractors, Math.round(100 * (heldOut?.share ?? 0)))
    }
  }
}

/** The tasks in the line of configuration: "tasks with 2 facts and 4 distractors". */
export function shortTaskWords(tasks: TrainConfig['tasks']): string {
  const options = questionOptionsOf(tasks)
  if (options?.source !== 'world') return taskWords(tasks)
  return t().train.easyTasks(options.difficulty.facts, options.difficulty.distractors)
}

const allTargets = 7

/** The settings of a plan, in the order in which one reads them. */
export const planSettings = ['length', 'tasks', 'limits', 'reward', 'update', 'objective', 'advantage', 'evaluation'] as const
export type PlanSetting = (typeof planSettings)[number]
export type PlanWords = Record<PlanSetting, string>

/** Each setting in words. @param takes tokens that the model takes at once, where that is known */
export function planWords(planned: TrainConfig, takes: number | null = null): PlanWords {
  const { plan } = t().train
  const { steps, b, k, lora, learning_rate: rate, beta, kl_estimator: estimator, clip, evaluation, tasks, episode } = planned
  const targets = lora.targets.length === allTargets ? null : lora.targets.map((target) => target.replace('_proj', ''))
  const heldOut = evaluationTemperature(planned)
  return {
    length: plan.length(steps, b, k),
    tasks: taskWords(tasks),
    limits: plan.limits(settingsWords({ settings: episode }, takes), temperatureWords(planned), episode.min_p > 0 ? small(episode.min_p) : null),
    reward: rewardPlanWords(planned.reward),
    update: plan.update(lora.rank, targets, small(rate), planned.schedule === 'linear'),
    objective: plan.objective(beta === 0 ? plan.noKl : plan.kl(small(beta), estimator), clip === null ? plan.noClip : plan.clip(clip.low, clip.high)),
    advantage: plan.advantage(plan.forms[planned.advantage.form].name, plan.credits[planned.credit].name),
    evaluation: evaluation.every === 0 ? plan.neverTested : plan.tested(evaluation.tasks, evaluation.every, heldOut === episode.temperature ? null : short(heldOut)),
  }
}

/** The whole plan as one text, for menus and lists. */
export const planSentence = (planned: TrainConfig, model: string): string => t().train.plan.sentence(model, planWords(planned))
