// What is recorded of a supervised training: every step, and what it comes to on held-out tasks. Plain data.
import { z } from 'zod'
import { evaluationMetricsSchema } from '../../evaluation/evaluation-metrics.ts'

const number = z.number()
const whole = z.number().int().nonnegative()

export const supervisedMetricsSchema = z.object({
  /** From 1. */
  step: z.number().int().positive(),
  /** Weighted mean of −log π over the tokens that are learnt, nats; null: it was not finite, and nothing was changed. */
  loss: number.nullable(),
  grad_norm: number.nullable(),
  learning_rate: number,
  applied: z.boolean(),
  /** packed: of all sequences; loss: those that are learnt; padded: that went through the model. */
  tokens: z.object({ packed: whole, loss: whole, padded: whole }),
  sequences: z.object({ packed: whole, too_long: whole }),
  /** Success of the teacher: what is learnt is no better. */
  teacher_success: number,
  seconds: z.object({ demonstrations: number, update: number, total: number }),
})
export type SupervisedMetrics = z.infer<typeof supervisedMetricsSchema>

export const supervisedEvaluationSchema = z.object({
  /** Finished steps; 0: before training. */
  step: whole,
  /** Mean of −log π over the tokens of held-out demonstrations, nats, and of how many; null: none were asked for. */
  demonstrations: z.object({ loss: number, tokens: whole, episodes: whole }).nullable(),
  /** Of the policy's own episodes on held-out tasks; null: none were asked for. */
  episodes: evaluationMetricsSchema.nullable(),
  seconds: number,
})
export type SupervisedEvaluation = z.infer<typeof supervisedEvaluationSchema>
