// A plan of training in words: the pieces of its sentence. Pure.
import type { AdvantageForm } from '../../core/training/advantages.ts'
import type { CreditForm } from '../../core/training/credit/credit.ts'
import { questionOptionsOf, type Curriculum, type DataSource } from '../../core/environments/question/training-tasks.ts'
import { evaluationTemperature, type Aggregation, type Schedule, type TrainConfig, type TrainPreset } from '../../core/training/config.ts'
import { rewardPresets, type RewardPreset } from '../../core/reward/presets.ts'
import { count, decimal, integer } from '../format.ts'
import { difficultyWords } from './difficulty.ts'
import { t } from '../locales/index.ts'
import { settingsWords } from './wording.ts'
import { sameData } from '../../core/same-data.ts'

export const presetWords: Record<TrainPreset, { name: string; about: string }> = {
  quick: { name: 'Quick', about: 'About ten minutes on two CPU cores. What it learns in them, and what not, stands in the README.' },
  paper: { name: 'As in the paper', about: 'Its constants: K 8, β 0.1, no clip, a window of 8,192 tokens. For large models and much patience.' },
  'answer-only': { name: 'For the answer only', about: 'The ablation of Tables 4 and 5: quick, but nothing is rewarded except the answer.' },
}

export const aggregationWords: Record<Aggregation, { name: string; about: string }> = {
  'token-mean': { name: 'every token the same', about: 'DAPO, and the published AgeMem code. Long replies count more.' },
  'sequence-mean': { name: 'every reply the same', about: 'The mean over experiences of eq. 6; the tokens of a reply share its weight.' },
  'dr-grpo': { name: 'every token, by a constant', about: 'Dr. GRPO: divided by rollouts times the longest reply, so that no length is favoured.' },
}

export const formWords: Record<AdvantageForm, { name: string; about: string }> = {
  sample: { name: '(r − μ) / (σ + ε)', about: 'Eq. 5, with the sample’s σ: 1/(K − 1). The default.' },
  population: { name: '(r − μ) / σ of the population', about: 'The same with 1/K, as in the reading notes.' },
  none: { name: 'r − μ', about: 'Dr. GRPO: groups with little spread count little.' },
  'leave-one-out': { name: 'r − mean of the others', about: 'RLOO: each rollout against the K − 1 others.' },
  decoupled: { name: 'each term by its own σ', about: 'GDPO: task, context and memory are compared with the group one by one, then added up by their weights. Rare tools are not drowned by the answer.' },
}

export const creditWords: Record<CreditForm, { name: string; about: string }> = {
  broadcast: { name: 'to every step', about: 'Step-wise GRPO: storing in stage 1 is credited for the answer of stage 3.' },
  'step-normalised': { name: 'shared by the steps', about: 'Divided by their number: long rollouts weigh no more than short ones.' },
  'last-stage': { name: 'to stage 3 only', about: 'An ablation: does storing improve without credit?' },
}

export const scheduleWords: Record<Schedule, { name: string; about: string }> = {
  constant: { name: 'constant', about: 'The learning rate stays as it is.' },
  linear: { name: 'falling', about: 'Down to a tenth at the last planned step: what was learnt settles.' },
}

export const curriculumWords: Record<Curriculum, { name: string; about: string }> = {
  none: { name: 'all at once', about: 'Every step has tasks of the full difficulty.' },
  progressive: { name: 'easy first', about: 'A quarter of the steps without distractors and questions about corrections, a quarter with distractors, then all.' },
}

/** 0.001 → "1e−3", 0.05 → "0.05" */
export function small(value: number): string {
  if (value === 0 || value >= 0.01) return String(Number(value.toPrecision(3)))
  return value.toExponential(1).replace('.0e', 'e').replace('-', '−')
}

const sameWeights = (preset: RewardPreset, { weights }: TrainConfig['reward']) => sameData(rewardPresets[preset], weights)

const short = (value: number) => String(Number(value.toPrecision(3)))

/** How rollouts are sampled: "temperature 1", or "a temperature that falls from 1.3 to 1 in 25 steps". */
export function temperatureWords({ exploration, episode }: Pick<TrainConfig, 'exploration' | 'episode'>): string {
  if (exploration === null || exploration.temperature === episode.temperature) return `temperature ${short(episode.temperature)}`
  return `a temperature that ${exploration.temperature < episode.temperature ? 'rises' : 'falls'} from ${short(exploration.temperature)} to ${short(episode.temperature)} in ${count(exploration.steps, 'step')}`
}

/** How rollouts are rewarded: a preset by its name, else the three weights. */
export function rewardPlanWords(reward: TrainConfig['reward']): string {
  if (reward.preset !== null && sameWeights(reward.preset, reward)) return `rewarded ${t().reward.presets[reward.preset].name}`
  const { task, context, memory } = reward.weights
  return `rewarded for the task ${decimal(task)}, for context ${decimal(context)}, for memory ${decimal(memory)}`
}

export const dataSourceWords: Record<DataSource, string> = { hotpotqa: 'HotpotQA', musique: 'MuSiQue' }

/** Where the tasks come from: "made-up worlds (…)", "HotpotQA’s dev.json (5 distractors at most, 20 % held out)". */
export function taskWords(tasks: TrainConfig['tasks']): string {
  const options = questionOptionsOf(tasks)
  switch (options?.source) {
    case undefined:
      return `tasks of ${tasks.family}`
    case 'world':
      return `made-up worlds (${difficultyWords(options.difficulty)}${options.curriculum === 'progressive' ? ', easy ones first' : ''})`
    case 'scenario':
      return `the scenarios (${Math.round(100 * options.held_out.share)} % held out)`
    case 'hotpotqa':
    case 'musique':
      return `questions of ${dataSourceWords[options.source]} from ${options.data.name} (${count(options.distractors, 'distractor')} at most, ${Math.round(100 * options.held_out.share)} % held out)`
  }
}

const allTargets = 7

export interface PlanWords {
  length: string
  tasks: string
  limits: string
  reward: string
  update: string
  objective: string
  advantage: string
  evaluation: string
}

/** The parts of the sentence, as they stand in it. @param takes tokens that the model takes at once, where that is known */
export function planWords(plan: TrainConfig, takes: number | null = null): PlanWords {
  const { steps, b, k, lora, learning_rate, beta, kl_estimator, clip, evaluation, tasks, episode } = plan
  const projections = lora.targets.length === allTargets ? '' : ` on ${lora.targets.map((target) => target.replace('_proj', '')).join(', ')}`
  const heldOut = evaluationTemperature(plan)
  return {
    length: `${count(steps, 'step')} of ${count(b, 'task')} × ${k} rollouts`,
    tasks: taskWords(tasks),
    limits: `${settingsWords({ settings: episode }, takes)} at ${temperatureWords(plan)}${episode.min_p > 0 ? ` and min-p ${small(episode.min_p)}` : ''}`,
    reward: rewardPlanWords(plan.reward),
    update: `LoRA of rank ${lora.rank}${projections} at a learning rate of ${small(learning_rate)}${plan.schedule === 'linear' ? ', falling' : ''}`,
    objective: `${beta === 0 ? 'no KL term' : `β ${small(beta)} (${kl_estimator})`} and ${clip === null ? 'no clip' : clip.low === clip.high ? `a clip of ${clip.low}` : `a clip of −${clip.low} / +${clip.high}`}`,
    advantage: `${formWords[plan.advantage.form].name} goes ${creditWords[plan.credit].name}`,
    evaluation: evaluation.every === 0 ? 'never tested on held-out tasks' : `tested on ${integer(evaluation.tasks)} held-out tasks every ${count(evaluation.every, 'step')}${heldOut === episode.temperature ? '' : `, at temperature ${short(heldOut)}`}`,
  }
}

/** The whole plan as one sentence, for menus and lists. */
export function planSentence(plan: TrainConfig, model: string): string {
  const words = planWords(plan)
  return `${model} trains for ${words.length} in ${words.tasks}, within ${words.limits}, ${words.reward}. The update: ${words.update}, with ${words.objective}; ${words.advantage}. It is ${words.evaluation}.`
}
