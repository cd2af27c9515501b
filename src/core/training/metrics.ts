// What is known of a finished step: recorded, charted and exported, so plain data with snake_case fields; names as in TRL where TRL has the quantity. Knows not how the numbers come about.
import { z } from 'zod'
import { callsSchemaOf } from '../evaluation/evaluation-metrics.ts'
import { habitNames } from '../evaluation/habits.ts'
import { namesOf, recordOf } from '../table.ts'
import { termGroups } from '../reward/term.ts'
import { termsButTask } from '../reward/terms.ts'
import { pauseSchema, warningSchema } from './health.ts'
import { underTodaysNames } from './old-metrics.ts'

const number = z.number()
/** null: there was no update in this step. */
const ofUpdate = z.number().nullable()

/** Calls per episode, failed ones included; a tool that is younger than a record was never called in it. */
const callsSchema = callsSchemaOf(number.default(0))

/** K rollouts of one task, in their order. */
const groupSchema = z.object({
  task: z.string(),
  /** Places in the step's trajectories. */
  rollouts: z.array(z.number().int()),
  rewards: z.array(number),
  /** A_T of each. */
  advantages: z.array(number),
  /** μ_G and σ_G. */
  mean: number,
  std: number,
  zero_variance: z.boolean(),
})
export type Group = z.infer<typeof groupSchema>

/** Where another program samples than trains (recompute.ts): how far the two are apart, over the tokens that carry loss. */
const samplingSchema = z.object({
  /** |log π_old − log π_sampled|, nats: TRL's sampling/sampling_logp_difference. */
  sampling_logp_difference: z.object({ mean: number, max: number }),
  /** π_old / π_sampled, cut off where that is chosen: TRL's sampling/importance_sampling_ratio. */
  importance_sampling_ratio: z.object({ min: number, mean: number, max: number }),
})
export type SamplingMetrics = z.infer<typeof samplingSchema>

const stepSchema = z.object({
  /** From 1; also the `batch` in the ids of its trajectories. */
  step: z.number().int().positive(),
  /** Where the curriculum is, by the name that the family of the tasks has for it. */
  phase: z.string(),
  /** Rollouts, all played to their end: a step is whole or it does not count. Means are over these. */
  episodes: z.number().int(),

  reward: number,
  /** Deviation of the rewards of all rollouts, whatever their group: TRL's. */
  reward_std: number,
  /** Mean over the groups of σ_G: what advantages are divided by. */
  group_reward_std: number,
  /** Share of the groups whose advantages are all 0, their σ being 0; of decoupled terms that of the weighted sum. */
  frac_reward_zero_std: number,
  groups: z.array(groupSchema),
  /** Means, not weighted: what the reward is put together from, eq. 17 to 26. */
  components: z.object({
    task: number,
    ...recordOf(namesOf(termGroups), () => number),
    ...recordOf(termsButTask, () => number.optional()),
    /** P, weighted: 0 or below. */
    penalty: number,
  }),
  /** Share of episodes with exactly the right answer; share with any answer. */
  success: number,
  answered: number,

  /** What the optimizer lowers: the aggregation's weighted sum of surrogate and KL term. */
  loss: ofUpdate,
  /** Mean over the tokens of −min(ρA, clip(ρ)A), without the KL term, which TRL's policy_loss has in it. */
  surrogate_loss: ofUpdate,
  /** Mean over the tokens of the chosen estimator; null also when β is 0: then the reference model is not asked. */
  kl: ofUpdate,
  /** Mean over the tokens, nats, at temperature 1; TRL's is at that of sampling. */
  entropy: ofUpdate,
  /**
   * Share of the tokens at which the clip binds: ρ > 1 + high where A > 0, ρ < 1 − low where A < 0. TRL's
   * clip_ratio/region_mean; a ρ beyond the bounds on the side where the minimum takes the unclipped form is not counted.
   */
  clip_ratio: ofUpdate,
  mean_ratio: ofUpdate,
  /** Left out: one program does both, or there was nothing to learn from. */
  sampling: samplingSchema.optional(),
  /** L2 norm before it is clipped. */
  grad_norm: ofUpdate,
  learning_rate: number,
  /** Optimizer steps: taken, and left out because loss or gradient was not finite. */
  updates: z.object({ applied: z.number().int(), skipped: z.number().int() }),

  tool_calls: z.object({ total: callsSchema, stage1: callsSchema, stage2: callsSchema, stage3: callsSchema }),
  tool_errors: number,
  /** What was done where there was an occasion for it, counted; earlier releases recorded none. */
  habits: z.object(recordOf(habitNames, () => z.object({ done: z.number().int(), of: z.number().int() }))).optional(),
  /** Tokens in the context when the answer is given. */
  context_tokens: number,
  /** Entries in the LTM at the end. */
  ltm_size: number,
  memory_quality: number,
  fact_recall: number,
  fact_precision: number,
  /** Share of the replies that broke the protocol in any way. */
  format_violations: number,
  /** Share of the replies that were cut off at their limit or at the window's end. */
  clipped_replies: number,
  /** Replies of an episode, and tokens of a reply. */
  replies: number,
  reply_tokens: number,

  tokens: z.object({
    /** Sampled in the rollouts, summaries included. */
    sampled: z.number().int(),
    /** In the packed sequences; of these carrying loss; through the model in one epoch, padding included. */
    packed: z.number().int(),
    loss: z.number().int(),
    padded: z.number().int(),
  }),
  sequences: z.object({
    packed: z.number().int(),
    /** Of groups without variance: nothing to learn from. */
    without_variance: z.number().int(),
    /** Replies left out because their sequence would be longer than the window. */
    too_long: z.number().int(),
  }),
  /** scoring: rewards and reference log-probabilities. other: packing, measuring. */
  seconds: z.object({ rollout: number, scoring: number, update: number, other: number, total: number }),
  /** Name and version of the engine outside that made the step; left out: it was made here. */
  engine: z.string().optional(),
  warnings: z.array(warningSchema),
  /** Why the run should not go on by itself; null: it may. */
  pause: pauseSchema.nullable(),
})
/** Reads what earlier releases wrote, too. */
export const stepMetricsSchema = z.preprocess(underTodaysNames, stepSchema)
export type StepMetrics = z.infer<typeof stepSchema>

export type { EvaluationMetrics } from '../evaluation/evaluation-metrics.ts'
