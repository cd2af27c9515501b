// What is known of an evaluation: recorded, charted and exported, so plain data with snake_case fields. Knows not how the
// numbers come about.
import { z } from 'zod'
import { toolNames } from '../agents/agemem/tools/index.ts'
import { rewardSchemaOf } from '../reward/reward.ts'
import { recordOf } from '../table.ts'
import type { HabitCounts } from './habits.ts'
import type { Summary, SummaryOf } from './summary.ts'

const number = z.number()

/** Something of each tool; what is taken for one that is younger than a record is the schema's affair. */
export const callsSchemaOf = <T extends z.ZodType>(of: T) => z.object(recordOf(toolNames, () => of))

const summaryOf = <T extends z.ZodType, C extends z.ZodType>(of: T, ofCalls: C) =>
  z.object({
    reward: rewardSchemaOf(of),
    success_rate: of,
    memory_quality: of,
    fact_recall: of,
    fact_precision: of,
    update_correctness: of.nullable(),
    /** Earlier releases did not count it. */
    currency: z.object({ present: of, superseded: of, neither: of }).nullable().default(null),
    tool_calls: callsSchemaOf(ofCalls),
    tool_calls_total: of,
    tool_errors: of,
    format_violations: of,
    tokens: z.object({ stage1: of, stage2: of, stage3: of, peak: of, mean: of }),
  })

const interval = z.tuple([number, number])
/** Means over held-out episodes with their 95 % intervals, as core/evaluation has them. */
const summarySchema = summaryOf(number, number.default(0)).extend({
  episodes: z.number().int(),
  incomplete: z.number().int(),
  intervals: summaryOf(interval, interval.default([0, 0])) satisfies z.ZodType<SummaryOf<[number, number]>>,
}) satisfies z.ZodType<Summary>

/** What was done where there was an occasion for it: mean and 95 % interval; null where there was none. */
const habit = z.object({ mean: number, low: number, high: number, n: z.number().int() }).nullable()
const habitsSchema = z.object({
  add_fact: habit,
  add_small_talk: habit,
  add_distractor: habit,
  update_correction: habit,
  delete_correction: habit,
  filter_episode: habit,
  summarise_episode: habit,
  retrieve_first: habit,
  unknown_without_memory: habit,
} satisfies Record<keyof HabitCounts, typeof habit>)

export const evaluationMetricsSchema = z.object({
  /** Finished steps; 0: before training. */
  step: z.number().int().nonnegative(),
  tasks: z.number().int(),
  seed: z.number().int(),
  summary: summarySchema,
  /** Share of the replies that broke the protocol, with its interval. */
  format_violations: z.object({ mean: number, low: number, high: number, n: z.number().int() }),
  habits: habitsSchema,
  /** Tokens in the context at the answer; entries in the LTM at the end. */
  context_tokens: number,
  ltm_size: number,
  /** 95 % intervals of the two; earlier releases recorded none. */
  intervals: z.object({ context_tokens: interval, ltm_size: interval }).optional(),
  seconds: number,
})
export type EvaluationMetrics = z.infer<typeof evaluationMetricsSchema>
