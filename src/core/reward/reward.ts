// The composite reward (§3.5, eq. 16 to 26): components apart from weights, so that new weights re-score at once.
import { z } from 'zod'
import { namesOf, recordOf } from '../table.ts'
import { termGroups, type GroupName } from './term.ts'
import { terms, termsButTask, termsIn, type TermName, type TermsIn } from './terms.ts'

/** What was measured on one trajectory; independent of weights. */
export const componentsSchema = z.object({
  /** By term; one that does not apply to the task is not there. */
  task: z.number(),
  ...recordOf(termsButTask, () => z.number().optional()),
  /** Eq. 24 as the published code has it: a failed update or delete counts too. */
  maintenance_attempted: z.number(),
  /** Eq. 26, first indicator. */
  rounds_exceeded: z.boolean(),
  /** Eq. 26, second indicator. */
  context_exceeded: z.boolean(),
})
export type RewardComponents = z.infer<typeof componentsSchema>

const share = z.number().nonnegative()
const shares = <N extends TermName>(names: readonly N[]) => recordOf(names, (name) => (terms[name].added ? share.default(0) : share))

/** As weights are recorded: terms of eq. 16 by name, the shares of their parts under alpha and beta. */
export const rewardWeightsSchema = z.object({
  ...shares(termsIn(null)),
  ...recordOf(namesOf(termGroups), () => share),
  /** α of eq. 18: shares of the context term. */
  alpha: z.object(shares(termsIn('context'))),
  /** β of eq. 22: shares of the memory term. */
  beta: z.object(shares(termsIn('memory'))),
  /** maintenance counts failed updates and deletes too, as in the published code. */
  failed_maintenance: z.boolean().optional(),
  /** Subtracted when the indicator holds (eq. 26). */
  penalty: z.object({ rounds: share, context: share }),
  /** The total is clipped to this range; null: it is not. */
  clip: z.tuple([z.number(), z.number()]).nullable(),
})
export type RewardWeights = z.infer<typeof rewardWeightsSchema>

/** What the parts of a term of eq. 16 weigh within it. */
export function sharesOf(weights: RewardWeights, group: GroupName): Readonly<Partial<Record<TermName, number>>> {
  return weights[termGroups[group].shares]
}

/** The shape of a reward with its parts, over what stands at each name: a number, an interval. Terms that do not apply are not there. */
export type RewardOf<T> = Partial<Record<TermsIn<null>, T>> & { [G in GroupName]: Partial<Record<TermsIn<G>, T>> & { total: T } } & {
  task: T
  penalty: T
  total: T
}

/** The reward with its parts, as exported. */
export type Reward = RewardOf<number>

/** A term's own place in such a shape; undefined where it does not apply. */
export function partOf<T>(reward: RewardOf<T>, name: TermName): T | undefined {
  const { group } = terms[name]
  const parts: Partial<Record<TermName, T>> = group === null ? reward : reward[group]
  return parts[name]
}

/** Schemas of such a shape. */
export function rewardSchemaOf<T extends z.ZodType>(of: T) {
  const parts = <N extends TermName>(names: readonly N[]) => recordOf(names, () => of.optional())
  return z.object({
    task: of,
    ...parts(termsIn(null).filter((name) => name !== 'task')),
    context: z.object({ ...parts(termsIn('context')), total: of }),
    memory: z.object({ ...parts(termsIn('memory')), total: of }),
    penalty: of,
    total: of,
  })
}
