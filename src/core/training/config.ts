// Everything that a training run is set up with. Recorded and exported with the run, so its fields are snake_case; knows
// no model: what a step does follows from this, its number and the adapter alone.
import { z } from 'zod'
import { agentNames, agentsWithTools } from '../agents/names.ts'
import { settingsPresets } from '../episode/settings.ts'
import { episodeSettingsSchema } from '../record/trajectory.ts'
import type { TrainingSetup } from '../policy/trainable.ts'
import { rewardPresets } from '../reward/presets.ts'
import { rewardWeightsSchema, type RewardWeights } from '../reward/reward.ts'
import { taskChoiceSchema, type TaskChoice } from '../environments/families.ts'
import { defaultDifficulty, type WorldDifficulty } from '../environments/question/sources/world.ts'
import { namesOf } from '../table.ts'
import { advantageForms } from './advantages.ts'
import { credits } from './credit/credit.ts'

/**
 * What a token weighs in the loss (weights.ts). token-mean: every token the same (DAPO; the published AgeMem code).
 * sequence-mean: every reply the same, 1/|E| as eq. 6 has it, its tokens sharing that (GRPO as first written).
 * dr-grpo: every token the same, divided by what is constant, rollouts · response limit (Liu et al. 2025).
 */
export const aggregations = ['token-mean', 'sequence-mean', 'dr-grpo'] as const
export type Aggregation = (typeof aggregations)[number]

/** What the learning rate does after the warm-up: constant, or linear, down to a tenth at the last planned step. */
export const schedules = ['constant', 'linear'] as const
export type Schedule = (typeof schedules)[number]

/** Which model the KL term keeps the policy near. */
export const references = ['start', 'base'] as const
export type Reference = (typeof references)[number]

const count = (max: number) => z.number().int().min(1).max(max)

export const trainConfigSchema = z.object({
  /** With it everything is drawn: tasks, replies, the fresh adapter. */
  seed: z.number().int().min(0).max(2 ** 32 - 1),
  /** Planned steps; the curriculum is spread over them, and a run may go on beyond. */
  steps: count(100_000),
  /** Tasks of a step. */
  b: count(256),
  /** Rollouts of each task: the size of a group. */
  k: z.number().int().min(2).max(64),
  learning_rate: z.number().positive().max(1),
  /** Steps in which the learning rate rises to its value, linearly. */
  warm_up_steps: z.number().int().min(0).max(100_000),
  /** Runs of before there was a choice kept it constant. */
  schedule: z.enum(schedules).default('constant'),
  adamw: z.object({ betas: z.tuple([z.number().min(0).lt(1), z.number().min(0).lt(1)]), epsilon: z.number().positive(), weight_decay: z.number().nonnegative() }),
  lora: z.object({ rank: count(1024), alpha: z.number().positive(), targets: z.array(z.string()).min(1) }),
  /** β of the KL term (eq. 6); 0: none, and the reference model is not asked. */
  beta: z.number().nonnegative(),
  kl_estimator: z.enum(['k1', 'k2', 'k3']),
  /**
   * π_ref of the KL term. start: the model with the adapter that the run began from, which for a fresh one is the base model:
   * TRL's meaning, whose GRPOTrainer copies a pretrained adapter as "ref" and scores without any for a new one (TRL 1.16,
   * grpo_trainer.py). base: the base model, whatever it began from. Runs of before there was a choice: base.
   */
  reference: z.enum(references).default('base'),
  /** Clip of ρ to [1 − low, 1 + high]; null: none, as the paper writes it. */
  clip: z.object({ low: z.number().positive().lt(1), high: z.number().positive() }).nullable(),
  /**
   * Truncated importance sampling where another program samples than trains (WebLLM): a token's surrogate is multiplied by
   * π_old / π_sampled, at most by this. null or left out: not at all.
   */
  importance_sampling_cap: z.number().positive().nullable().optional(),
  /** Optimizer steps that are taken on the rollouts of a step, each on all of them. */
  epochs: count(64),
  /** Micro-batches: tokens at most, padding included; lengths that sequences are rounded up to. */
  batching: z.object({ tokens: count(1_000_000), lengths: z.array(count(1_000_000)).min(1) }),
  /** Of the gradient; null: it is not clipped. */
  max_norm: z.number().positive().nullable(),
  aggregation: z.enum(aggregations),
  advantage: z.object({ form: z.enum(advantageForms), epsilon: z.number().nonnegative() }),
  credit: z.enum(namesOf(credits)),
  reward: z.object({
    /** The preset that the weights come from; null once they were changed. */
    preset: z.enum(namesOf(rewardPresets)).nullable(),
    weights: rewardWeightsSchema,
  }),
  /** Budgets T_max and N_max, temperature, length of replies, system prompt. */
  episode: episodeSettingsSchema,
  /**
   * Rollouts of the first step are sampled at this temperature; over so many steps it falls to that of `episode`, linearly,
   * so that what is rare is tried early. null: that of `episode` throughout.
   */
  exploration: z.object({ temperature: z.number().positive().max(10), steps: count(100_000) }).nullable().default(null),
  tasks: taskChoiceSchema,
  /** Name of the agent that plays; left out: AgeMem. Where a policy only answers, part of the replies are nobody's to learn. */
  agent: z.enum(agentNames).refine((name) => agentsWithTools.includes(name), 'a policy that only answers has nothing to train: take agemem or agemem-rag').optional(),
  /** On held-out tasks, the same every time; `every` 0: never. Step 0 is the model before training. No temperature: that of the rollouts. */
  evaluation: z.object({ every: z.number().int().nonnegative(), tasks: count(10_000), seed: z.number().int().min(0).max(2 ** 32 - 1), temperature: z.number().nonnegative().optional() }),
  /** The adapter is kept every so many steps. */
  checkpoint_every: count(100_000),
})
export type TrainConfig = z.infer<typeof trainConfigSchema>

export const allProjections = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj']

/**
 * The terms of the paper. The answer weighs most, for eq. 24 pays any update and only the answer tells a wrong one; of the
 * context term the action before it overflows, of the memory term maintenance: what nano hardly does, which is to be learnt.
 */
const quickWeights: RewardWeights = {
  ...rewardPresets.paper,
  task: 0.6,
  context: 0.2,
  memory: 0.2,
  alpha: { compression: 0.2, preventive: 0.6, preservation: 0.2 },
  beta: { storage: 0.3, maintenance: 0.45, relevance: 0.25 },
}

/** A correction and four distractors in every task: what is to be learnt about them must come up. */
const quickDifficulty: WorldDifficulty = { ...defaultDifficulty, facts: 2, distractors: 4, small_talk: 0, update_share: 1 }

const worldTasks = (difficulty: WorldDifficulty): TaskChoice => ({
  family: 'question',
  options: { source: 'world', difficulty, curriculum: 'none' },
})

/** For nano on two CPU cores: visible learning within minutes. Its values were found by trying (README, "Does it learn?"). */
const quick: TrainConfig = {
  seed: 1,
  steps: 46,
  b: 4,
  k: 8,
  learning_rate: 2.1e-3,
  warm_up_steps: 4,
  schedule: 'linear',
  // A long memory of the gradient's size, which differs much from step to step.
  adamw: { betas: [0.9, 0.99], epsilon: 1e-8, weight_decay: 0 },
  // Attention stays as it is: nano copies names with it, and replies fall apart when that is disturbed.
  lora: { rank: 16, alpha: 32, targets: ['gate_proj', 'up_proj', 'down_proj'] },
  // What the reward no longer asks for falls back to what the base model does: else calls of a kind are piled up.
  beta: 0.05,
  kl_estimator: 'k3',
  reference: 'start',
  clip: { low: 0.2, high: 0.28 },
  epochs: 1,
  batching: { tokens: 1024, lengths: [96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448, 512, 576, 704, 1024] },
  // A usual gradient is half of it; one rare token can make it ten times as large.
  max_norm: 0.1,
  aggregation: 'token-mean',
  // Each term by its own σ: the one filter of a group is not drowned by its answers. A wide ε: what hardly differs is not blown up.
  advantage: { form: 'decoupled', epsilon: 0.1 },
  credit: 'broadcast',
  reward: { preset: null, weights: quickWeights },
  episode: settingsPresets.quick,
  // Rare tools must be tried before they can pay.
  exploration: { temperature: 1.3, steps: 25 },
  tasks: worldTasks(quickDifficulty),
  evaluation: { every: 16, tasks: 24, seed: 2601, temperature: 1 },
  // 1.6 MB with nano: nothing has to be made again when the tab is closed.
  checkpoint_every: 1,
}

export const trainPresetNames = ['quick', 'pretrained', 'paper', 'answer-only'] as const
export type TrainPreset = (typeof trainPresetNames)[number]

export const trainPresets: Readonly<Record<TrainPreset, TrainConfig>> = {
  quick,
  /**
   * For models of 0.1 to 1 B parameters that were taught the protocol (supervised/config.ts): all projections, as they were
   * taught; eight rollouts of each of two tasks a step, which takes minutes on a CPU. Found by trials with SmolLM2-135M (README): at
   * temperature 1.2 its copies go wrong and pay for nothing, and a rate of 4e-4 ended in a policy that updates whatever it is
   * told, since eq. 24 pays any update.
   */
  pretrained: {
    ...quick,
    steps: 40,
    // With one task a step, and more of a rate, what one task rewards carries the policy away: seen on two seeds.
    b: 2,
    k: 8,
    learning_rate: 2e-4,
    warm_up_steps: 3,
    lora: { rank: 16, alpha: 32, targets: allProjections },
    beta: 0,
    batching: { tokens: 640, lengths: [192, 256, 320, 384, 448, 512, 576, 640, 768, 1024, 1536, 2048] },
    max_norm: 0.5,
    exploration: null,
    // More of what such a model answers now and then: where nobody is right, the answer teaches nothing.
    tasks: worldTasks({ ...quickDifficulty, one_hop: 0.35, two_hop: 0.15, comparison: 0.15, update: 0.35 }),
    evaluation: { ...quick.evaluation, every: 10, tasks: 16 },
  },
  /** C.4 and eq. 6: K 8, β 0.1, no clip, the mean over experiences, 8,192 tokens; the rest as the published code has it. */
  paper: {
    ...quick,
    steps: 200,
    learning_rate: 1e-5,
    warm_up_steps: 10,
    schedule: 'constant',
    adamw: { ...quick.adamw, betas: [0.9, 0.95] },
    lora: { rank: 32, alpha: 32, targets: allProjections },
    beta: 0.1,
    clip: null,
    batching: { tokens: 8192, lengths: [512, 1024, 2048, 4096, 8192] },
    max_norm: 1,
    aggregation: 'sequence-mean',
    advantage: { form: 'sample', epsilon: 1e-6 },
    reward: { preset: 'paper', weights: rewardPresets.paper },
    episode: settingsPresets.paper,
    exploration: null,
    tasks: worldTasks(defaultDifficulty),
    // Adapters of larger models.
    checkpoint_every: 5,
  },
  /** The ablation of Tables 4 and 5: quick, rewarded for the answer alone. */
  'answer-only': { ...quick, reward: { preset: 'answer-only', weights: rewardPresets['answer-only'] } },
}

/** At which temperature the rollouts of a step are sampled. Steps count from 1. */
export function temperatureAt({ exploration, episode: { temperature } }: Pick<TrainConfig, 'exploration' | 'episode'>, step: number): number {
  if (exploration === null) return temperature
  const left = Math.max(0, 1 - (step - 1) / exploration.steps)
  return temperature + (exploration.temperature - temperature) * left
}

/** At which temperature held-out tasks are played. */
export function evaluationTemperature({ evaluation, episode }: Pick<TrainConfig, 'evaluation' | 'episode'>): number {
  return evaluation.temperature ?? episode.temperature
}

/**
 * What the model is to be told when training begins.
 * @param reference the adapter that π_ref has (run-start.ts); null: π_ref is the base model
 */
export function trainingSetup({ lora, clip, kl_estimator, adamw, batching, seed }: TrainConfig, reference: TrainingSetup['reference'] = null): TrainingSetup {
  const { betas, epsilon, weight_decay } = adamw
  return { lora, reference, loss: { kind: 'grpo', clip, kl: kl_estimator }, adamW: { betas, epsilon, weightDecay: weight_decay }, batching, seed }
}

/** Share of the learning rate that the linear schedule ends with, and keeps beyond. */
const floor = 0.1

/** The learning rate of the optimizer steps of step `step`, counted from 1: linear warm-up, then as the schedule has it. */
export function learningRateAt({ learning_rate, warm_up_steps, schedule, steps }: Pick<TrainConfig, 'learning_rate' | 'warm_up_steps' | 'schedule' | 'steps'>, step: number): number {
  const warm = learning_rate * Math.min(1, step / (warm_up_steps + 1))
  if (schedule === 'constant' || step <= warm_up_steps) return warm
  const done = Math.min(1, (step - warm_up_steps - 1) / Math.max(1, steps - warm_up_steps - 1))
  return warm * (1 - (1 - floor) * done)
}
