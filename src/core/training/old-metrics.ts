// Step metrics as earlier releases wrote them, under the names of today, so that no number is taken for another quantity.
// Knows old names alone; what is neither old nor sound is left for the schema to refuse.
import { z } from 'zod'
import { batchStd } from './advantages.ts'

/**
 * `reward_std` was the mean of the groups' σ_G, where TRL has the deviation over the whole batch; `policy_loss` was the
 * surrogate alone, where TRL's has the KL term in it. The rewards are recorded, so TRL's number is made of them.
 */
const oldStepSchema = z.looseObject({
  group_reward_std: z.undefined().optional(),
  reward_std: z.number(),
  policy_loss: z.number().nullable(),
  groups: z.array(z.looseObject({ rewards: z.array(z.number()) })),
})

/** A record of an earlier release with its quantities under today's names; any other value as it is. */
export function underTodaysNames(stored: unknown): unknown {
  const old = oldStepSchema.safeParse(stored)
  if (!old.success) return stored
  const { reward_std: group_reward_std, policy_loss: surrogate_loss, ...same } = old.data
  const reward_std = batchStd(same.groups.flatMap(({ rewards }) => rewards))
  return { ...same, reward_std, group_reward_std, surrogate_loss }
}
