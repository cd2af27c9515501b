// The form of golden.json: numbers that an independent implementation recorded for one model, one batch and one adapter.
import { z } from 'zod'
import { fit, misfitWords } from '../core/fit.ts'
import { projections } from '../nn/transformer/config.ts'

const row = z.array(z.number())
const matrix = z.array(row)
const adapterSchema = z.record(z.string(), z.object({ A: matrix, B: matrix }))

const statistics = {
  loss: z.number(),
  policy_loss: z.number(),
  kl: z.number(),
  clip_fraction: z.number(),
  entropy: z.number(),
  mean_ratio: z.number(),
  grad_norm: z.number(),
}
const statisticsSchema = z.object(statistics)
const caseSchema = z.object({ ...statistics, grads: adapterSchema })

const goldenSchema = z.object({
  /** [B, N], right-padded with 0. */
  input_ids: z.array(z.array(z.number().int().nonnegative())).min(1),
  lengths: z.array(z.number().int().positive()),
  /** [B, N], 1 where the policy sampled the token. */
  action_mask: matrix,
  lora: z.object({
    r: z.number().int().positive(),
    alpha: z.number().positive(),
    targets: z.array(z.enum(projections)).min(1),
    init: adapterSchema,
  }),
  /** [N, V] of the first sequence. */
  base_logits_row0: matrix,
  lora_logits_row0: matrix,
  /** [B, N−1]: of the token that follows. */
  base_logps: matrix,
  lora_logps: matrix,
  old_logps: matrix,
  ref_logps: matrix,
  /** [B] */
  advantages: row,
  clip: z.number().positive(),
  beta: z.number().nonnegative(),
  cases: z.object({ token_mean: caseSchema, sequence_mean_token_mean: caseSchema }),
  adamw: z.object({
    hyperparameters: z.object({
      lr: z.number(),
      betas: z.tuple([z.number(), z.number()]),
      eps: z.number(),
      weight_decay: z.number(),
      max_grad_norm: z.number(),
    }),
    trace: z.array(statisticsSchema).min(1),
    final: adapterSchema,
    final_logps: matrix,
  }),
  sft: z.object({
    loss: z.number(),
    grad_norm: z.number(),
    grad_l2: z.record(z.string(), z.number()),
    grads: z.record(z.string(), z.union([row, matrix])),
  }),
})
export type Golden = z.infer<typeof goldenSchema>
export type GoldenStatistics = z.infer<typeof statisticsSchema>
export type Aggregation = keyof Golden['cases']

class GoldenFileError extends Error {
  override readonly name = 'GoldenFileError'
}

/** Checks parsed golden.json. @throws GoldenFileError naming the first field that does not fit */
export function readGolden(json: unknown): Golden {
  const read = fit(goldenSchema, json)
  if (!read.success) throw new GoldenFileError(`golden.json: ${misfitWords(read.misfit, 'the file')}.`)
  const golden = read.data
  const [batch, length] = [golden.input_ids.length, golden.input_ids[0]?.length ?? 0]
  const check = (field: string, rows: readonly (readonly number[])[], wide: number, high = batch) => {
    if (rows.length !== high || rows.some((each) => each.length !== wide)) throw new GoldenFileError(`golden.json: ${field} must be ${high} rows of ${wide} numbers.`)
  }
  check('input_ids', golden.input_ids, length)
  check('action_mask', golden.action_mask, length)
  for (const field of ['base_logps', 'lora_logps', 'old_logps', 'ref_logps'] as const) check(field, golden[field], length - 1)
  check('adamw.final_logps', golden.adamw.final_logps, length - 1)
  check('lengths and advantages', [golden.lengths, golden.advantages], batch, 2)
  return golden
}

/** An adapter's tensors under their names in a graph, flattened row by row. */
export function adapterTensors(adapter: Golden['lora']['init']): Map<string, Float32Array> {
  const tensors = new Map<string, Float32Array>()
  for (const [module, { A, B }] of Object.entries(adapter)) {
    tensors.set(`${module}.lora_A.weight`, Float32Array.from(A.flat()))
    tensors.set(`${module}.lora_B.weight`, Float32Array.from(B.flat()))
  }
  return tensors
}
